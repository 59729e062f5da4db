// A process that files one drill: file-one-drill.ts FOLDER NUMBER.
import { fileLocally } from '../../../local/command/report-folder.ts';
import { makeDrill } from '../../shared/history/history-fixture.ts';

const [folder = '', number = ''] = process.argv.slice(2);
await fileLocally(folder)(makeDrill(Number(number)));

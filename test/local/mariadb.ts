import { listMissingPrograms } from '../../local/servers/mariadb.ts';
import { serverPath } from '../../local/servers/user.ts';

/** Is MariaDB installed, so that `--engine mysql` can be tested? */
export const hasMariadb = listMissingPrograms(serverPath()).length === 0;

import { listMissingPrograms } from '../../local/mariadb-server.ts';
import { serverPath } from '../../local/server-user.ts';

/** Is MariaDB installed, so that `--engine mysql` can be tested? */
export const hasMariadb = listMissingPrograms(serverPath()).length === 0;

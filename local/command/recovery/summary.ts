import type { DatabaseAddress } from '../../../shared/database/port.ts';
import { toSubject, toText } from '../../../shared/messages/message.ts';
import { formatNumber, makeVisible } from '../../../shared/result/format.ts';
import { localOrigin } from '../../aurora/world.ts';
import { describeHappened } from '../accidents.ts';
import { toLine } from '../columns.ts';
import type { Paint } from '../paint.ts';
import type { Answering } from './ask-recovered.ts';
import type { Outcome } from './run.ts';

/** The summary for a terminal: the hand-over as people get it, then what this machine alone knows. */
export const summarizeRecovery = (outcome: Outcome, paint: Paint): string => {
  const { recovery, handOver, happened, answering, rowsWritten, changes } = outcome;
  return [
    ...(handOver === null
      ? []
      : [`${paint.strong(toSubject(handOver))}\n`, makeVisible(toText(handOver, localOrigin)), '']),
    ...changes.map((change) => `  SQL file: ${toLine(change)}`),
    `  accident: ${toLine(describeHappened(happened))}`,
    ...(recovery.changes === null
      ? []
      : [
          '  changed in production since the time recovered to, by it and by others:',
          ...recovery.changes.lines.map((line) => `    ${toLine(line)}`),
        ]),
    ...answering.map((server) => `  ${describeAnswer(server, paint)}`),
    ...(rowsWritten === null ? [] : [`  written to production meanwhile: ${formatNumber(rowsWritten)} rows`]),
  ].join('\n');
};

/** Whether a server of a recovered cluster has the rows of before the accident. */
export const describeAnswer = ({ server, isAsBefore, trouble }: Answering, paint: Paint): string => {
  if (trouble !== null) return `${paint.bad('does not answer')}: ${server}: ${toLine(trouble)}`;
  if (isAsBefore === null) return `${server} answers`;
  return isAsBefore
    ? `${server} answers, ${paint.good('with the rows of before')}`
    : `${server} answers, ${paint.bad('without the rows of before')}`;
};

/** How to connect to what is left running. */
export const describeKept = ({ source, answering, password }: Outcome): string =>
  [
    'Running until Ctrl-C:',
    `  production: ${connectTo(source, password)}`,
    ...answering.map(({ server, address }) => `  ${server}: ${connectTo(address, password)}`),
  ].join('\n');

const connectTo = ({ engine, host, port, user, database }: DatabaseAddress, password: string): string =>
  engine === 'aurora-mysql'
    ? `MYSQL_PWD=${password} mariadb -h ${host} -P ${port} -u ${user} ${database}`
    : `PGPASSWORD=${password} psql -h ${host} -p ${port} -U ${user} ${database}`;

import { DrillError } from '../../shared/errors.ts';
import { formatInstant, formatNumber } from '../../shared/result/format.ts';
import type { Accident, Harm } from '../accidents/accident.ts';
import { accidents } from '../accidents/catalog.ts';
import type { Happened } from '../accidents/happening.ts';

/** What `--accident` says: one of the sample, or a file of SQL. */
export type ChosenAccident = { kind: 'sample'; accident: Accident } | { kind: 'file'; path: string };

/** @param sqlFile what is in the database in place of the sample @throws DrillError InvalidArguments */
export const findAccident = (name: string | undefined, sqlFile: string | null): ChosenAccident => {
  if (name?.toLowerCase().endsWith('.sql')) return { kind: 'file', path: name };
  if (sqlFile !== null) {
    const message = `${name === undefined ? 'the default accident' : `accident ${name}`} is one of the sample, and --sql loads ${sqlFile}`;
    throw new DrillError('InvalidArguments', message, {
      hint: 'write the accident as SQL into a file: --accident mistake.sql',
    });
  }
  const accident = accidents.find((known) => known.name === (name ?? accidents[0]?.name));
  if (accident !== undefined) return { kind: 'sample', accident };
  const names = accidents.map((known) => known.name).join(', ');
  throw new DrillError('InvalidArguments', `there is no accident "${name}"; use one of ${names}`, {
    hint: 'or write one of your own as SQL into a file: --accident mistake.sql',
  });
};

export const listAccidents = (): string =>
  accidents.map(({ name, description }) => `${name.padEnd(15)}${description}`).join('\n');

export const describeHappened = ({ name, before, harm }: Happened): string =>
  `${name}, in the second after ${formatInstant(before)}${harm === null ? '' : `: ${describeHarm(harm)}`}`;

const words: Record<Harm['effect'], string> = {
  changed: 'changed',
  gone: 'deleted',
  dropped: 'dropped with the table',
};

const describeHarm = ({ table, effect, rows, redefined }: Harm): string =>
  `${formatNumber(rows)} rows of ${table} ${words[effect]}${redefined.length === 0 ? '' : `; redefined or gone: ${redefined.join(', ')}`}`;

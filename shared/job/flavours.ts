import type { Cluster } from '../aurora/port.ts';
import { DrillError } from '../errors.ts';

/** Which Aurora clusters can be drilled. The others are refused before anything is made. */

const supported =
  'Aurora PostgreSQL 12 or later and Aurora MySQL 3 or later, provisioned or Serverless v2, in a VPC';

/** What each flavour is called in a message. */
const refused: [flavour: string, isOf: (source: Cluster) => boolean][] = [
  ['another engine', ({ engine }) => engine !== 'aurora-postgresql' && engine !== 'aurora-mysql'],
  ['Aurora Serverless v1', ({ engineMode }) => engineMode === 'serverless'],
  ['Aurora Limitless Database', ({ isLimitless }) => isLimitless],
  ['a cluster without VPC networking', ({ isInVpc }) => !isInVpc],
  // Version 2 is named 5.7.mysql_aurora.2.x, version 3 is named 8.0.mysql_aurora.3.x.
  [
    'Aurora MySQL 2 or older',
    ({ engine, engineVersion }) => engine === 'aurora-mysql' && majorOf(engineVersion) < 8,
  ],
  [
    'a PostgreSQL older than 12',
    ({ engine, engineVersion }) => engine === 'aurora-postgresql' && majorOf(engineVersion) < 12,
  ],
];

/** NaN when RDS does not tell the version. It is below no number, so nothing is refused for it. */
export const majorOf = (engineVersion: string): number => Number.parseInt(engineVersion, 10);

/** @throws DrillError NotSupported */
export const assertSupported = (source: Cluster): void => {
  const { identifier, engine, engineVersion } = source;
  const [flavour] = refused.find(([, isOf]) => isOf(source)) ?? [];
  if (flavour === undefined) return;
  throw new DrillError(
    'NotSupported',
    `source ${identifier} is ${flavour}: ${engine} ${engineVersion}; supported are ${supported}`,
    { hint: 'upgrade or move the cluster, or take its plan out' },
  );
};

/** Commands of AWS CLI 2, as text to paste into a shell. */

/** A word for a shell. What is quoted cannot act, whatever it holds. */
export const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

const join = (words: readonly string[]): string => words.map(quote).join(' ');

export const modifyCluster = (cluster: string, ...options: string[]): string =>
  join([
    'aws',
    'rds',
    'modify-db-cluster',
    '--db-cluster-identifier',
    cluster,
    ...options,
    '--apply-immediately',
  ]);

export const modifyInstance = (instance: string, ...options: string[]): string =>
  join([
    'aws',
    'rds',
    'modify-db-instance',
    '--db-instance-identifier',
    instance,
    ...options,
    '--apply-immediately',
  ]);

export const rds = (...words: string[]): string => join(['aws', 'rds', ...words]);

export const autoscaling = (...words: string[]): string =>
  join(['aws', 'application-autoscaling', ...words, '--service-namespace', 'rds']);

/** The ARN of a cluster, asked for by the shell: no command takes the identifier in its place. */
export const arnOf = (cluster: string): string =>
  `"$(${rds('describe-db-clusters', '--db-cluster-identifier', cluster, '--query', 'DBClusters[0].DBClusterArn', '--output', 'text')})"`;

/** "--enable-x" or "--no-enable-x", as the CLI writes booleans. */
export const onOff = (option: string, isOn: boolean): string => (isOn ? `--${option}` : `--no-${option}`);

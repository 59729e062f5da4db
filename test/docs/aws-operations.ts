import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

/** The names in an operation's input, in lower case and without hyphens. The API insists on the `required` ones. */
type Input = { members: string[]; required: string[] };

const clients = 'node_modules/@aws-sdk';
/** Clients with another name than their AWS CLI service. */
const clientNames: Record<string, string> = { stepfunctions: 'sfn', logs: 'cloudwatch-logs', s3api: 's3' };

/**
 * What no installed client describes: commands of the AWS CLI only, and services that nothing here calls.
 * From the AWS CLI's own command reference.
 */
const listed: Record<string, { options: string[]; required?: string[] }> = {
  'application-autoscaling describe-scalable-targets': {
    options: ['service-namespace', 'resource-ids', 'scalable-dimension'],
    required: ['service-namespace'],
  },
  'application-autoscaling describe-scaling-policies': {
    options: ['service-namespace', 'resource-id', 'scalable-dimension', 'policy-names'],
    required: ['service-namespace'],
  },
  'application-autoscaling register-scalable-target': {
    options: ['service-namespace', 'resource-id', 'scalable-dimension', 'min-capacity', 'max-capacity'],
    required: ['service-namespace', 'resource-id', 'scalable-dimension'],
  },
  'cloudtrail lookup-events': { options: ['lookup-attributes', 'start-time', 'end-time', 'max-results'] },
  'ec2 authorize-security-group-ingress': {
    options: ['group-id', 'protocol', 'port', 'source-group'],
    required: ['group-id'],
  },
  'ec2 create-security-group': {
    options: ['group-name', 'description', 'vpc-id'],
    required: ['group-name', 'description'],
  },
  'ec2 delete-security-group': { options: ['group-id'] },
  'ec2 describe-subnets': { options: ['filters', 'subnet-ids'] },
  'ec2 revoke-security-group-ingress': {
    options: ['group-id', 'protocol', 'port', 'source-group'],
    required: ['group-id'],
  },
  'logs tail': { options: ['since', 'follow', 'filter-pattern', 'format'] },
  'rds wait': { options: ['db-cluster-identifier'] },
  'route53 change-resource-record-sets': {
    options: ['hosted-zone-id', 'change-batch'],
    required: ['hosted-zone-id', 'change-batch'],
  },
  'resourcegroupstaggingapi get-resources': { options: ['tag-filters', 'resource-type-filters'] },
  's3api put-object': { options: ['bucket', 'key', 'body'], required: ['bucket', 'key'] },
  's3 cp': { options: ['recursive'] },
  's3 sync': { options: [] },
  's3 ls': { options: ['recursive'] },
  's3 rb': { options: ['force'] },
  's3 rm': { options: ['recursive'] },
  'scheduler get-schedule': { options: ['name', 'group-name'], required: ['name'] },
  'scheduler list-schedules': { options: ['name-prefix', 'state'] },
  'sqs get-queue-attributes': { options: ['queue-url', 'attribute-names'], required: ['queue-url'] },
  'sqs get-queue-url': { options: ['queue-name'], required: ['queue-name'] },
  'sqs purge-queue': { options: ['queue-url'], required: ['queue-url'] },
  'sqs receive-message': {
    options: ['queue-url', 'max-number-of-messages', 'attribute-names', 'message-attribute-names'],
    required: ['queue-url'],
  },
};

/** Options of every AWS CLI command that the pages use. */
const globalOptions = [
  'query',
  'output',
  'region',
  'profile',
  'no-cli-pager',
  'cli-binary-format',
  'cli-read-timeout',
  'max-items',
];

const flatten = (name: string): string => name.toLowerCase().replaceAll('-', '');

/** @returns what is wrong with a call `aws SERVICE OPERATION --options`, in words, or nothing when it is right */
export const checkAwsCall = async (words: readonly string[]): Promise<string[]> => {
  const [service = '', operation = '', ...rest] = words;
  const input = await readInput(service, operation);
  if (input === null) return [`there is no aws ${service} ${operation}`];
  const given = rest
    .filter((word) => word.startsWith('--'))
    .map((word) => word.slice(2).replace(/=.*/s, ''))
    .filter((option) => !globalOptions.includes(option));
  const isMember = (option: string) =>
    [option, option.replace(/^no-/, '')].some((name) => input.members.includes(flatten(name)));
  const unknown = given.filter((option) => !isMember(option));
  const missing = input.required.filter((name) => !given.some((option) => flatten(option) === name));
  return [
    ...unknown.map((option) => `aws ${service} ${operation} has no --${option}`),
    ...missing.map((name) => `aws ${service} ${operation} lacks what it needs: ${name}`),
  ];
};

const readInput = async (service: string, operation: string): Promise<Input | null> => {
  const known = listed[`${service} ${operation}`];
  if (known !== undefined) {
    return { members: known.options.map(flatten), required: (known.required ?? []).map(flatten) };
  }
  const types = `${clients}/client-${clientNames[service] ?? service}/dist-types`;
  if (!existsSync(types)) return null;
  const file = (await readdir(`${types}/commands`)).find(
    (name) => name.toLowerCase() === `${flatten(operation)}command.d.ts`,
  );
  if (file === undefined) return null;
  const command = await readFile(`${types}/commands/${file}`, 'utf8');
  const [, base = ''] = /interface \w+CommandInput extends (\w+) \{/.exec(command) ?? [];
  // An input with bytes is described as the shape without that member, and the member again.
  const shape = new RegExp(`type ${base} = Omit<(\\w+), `).exec(command)?.[1] ?? base;
  return shape === '' ? { members: [], required: [] } : readShape(`${types}/models`, shape);
};

/** The members of a generated interface: one on each line, optional ones with a question mark. */
const readShape = async (folder: string, shape: string): Promise<Input> => {
  for (const file of await readdir(folder)) {
    const text = await readFile(`${folder}/${file}`, 'utf8');
    const start = text.indexOf(`export interface ${shape} {`);
    if (start < 0) continue;
    const body = text.slice(start, text.indexOf('\n}', start));
    const members = [...body.matchAll(/^ {4}(\w+)(\??): /gm)].map(([, name = '', optional]) => ({
      name: name.toLowerCase(),
      isRequired: optional === '',
    }));
    return {
      members: members.map(({ name }) => name),
      required: members.filter(({ isRequired }) => isRequired).map(({ name }) => name),
    };
  }
  throw new Error(`${folder} has no interface ${shape}`);
};

import { parseArgs } from 'node:util';
import { DrillError } from '../shared/errors.ts';
import { toMachine } from '../shared/messages/message.ts';
import { localOrigin } from './aurora/world.ts';
import { type Alarm, describeBreaches, readAlarms } from './command/alarms.ts';
import { exitCodes, print, runCommand, sharedExitCodes, withKeeper } from './command/command.ts';
import { describeMail } from './command/mail.ts';
import { runMonitors, type Scene } from './command/run-monitors.ts';

const helpText = `Runs three monitors on this machine over three days that pass in seconds, and prints what they would publish.
They watch a real PostgreSQL whose snapshot job and log archiving stop, and a model of a cluster whose
Backtrack window shrinks, and whose binary log, which forbids a rewind, is switched on for some hours.

usage: npm run monitor [-- options]

  --json          one JSON document for each run of the monitors, and nothing else on stdout
                  (with npm run -s, which keeps npm's own lines away)
  --help          this text

exit code: 0 shown, 1 failed, ${sharedExitCodes}`;

const main = async (words: string[]): Promise<number> => {
  const { help, json } = parse(words);
  if (help) {
    await print(process.stdout, helpText);
    return exitCodes.passed;
  }
  const alarms = await readAlarms();
  const describe = json ? toJson : toLines;
  return withKeeper(async (keeper) => {
    await runMonitors(keeper, (scene) => print(process.stdout, describe(scene, alarms)));
    return exitCodes.passed;
  });
};

const parse = (words: string[]) => {
  try {
    const options = { json: { type: 'boolean' }, help: { type: 'boolean' } } as const;
    return parseArgs({ args: words, options, allowPositionals: false }).values;
  } catch (cause) {
    throw new DrillError('InvalidArguments', (cause as Error).message, {
      hint: 'see npm run monitor -- --help',
      cause,
    });
  }
};

const toJson = ({ hour, title, metrics, messages }: Scene, alarms: readonly Alarm[]): string =>
  JSON.stringify({
    hour,
    title,
    metrics,
    breaches: describeBreaches(alarms, metrics),
    messages: messages.map((message) => toMachine(message, localOrigin)),
  });

const toLines = ({ hour, title, metrics, messages }: Scene, alarms: readonly Alarm[]): string =>
  [
    `hour ${String(hour).padStart(2)}  ${title}`,
    ...metrics.map(
      ({ name, cluster, value }) =>
        `  metric   ${name.padEnd(20)}  ${value.toFixed(2).padStart(9)}  ${cluster ?? 'the oldest of all'}`,
    ),
    ...describeBreaches(alarms, metrics).map((breach) => `  alarm    ${breach}`),
    ...messages.flatMap(describeMail),
    '',
  ].join('\n');

await runCommand(main);

import { join } from 'node:path';
import { systemClock } from '../shared/clock.ts';
import { toMachine } from '../shared/messages/message.ts';
import { posturePageKey } from '../shared/posture/document.ts';
import { localOrigin } from './aurora/world.ts';
import { exitCodes, print, runCommand } from './command/command.ts';
import { type Paint, paintFor } from './command/paint.ts';
import { lookAtAccount } from './command/posture/account.ts';
import {
  type PostureArguments,
  type PostureScene,
  readPostureArguments,
} from './command/posture/arguments.ts';
import type { Look } from './command/posture/look.ts';
import { lookAtModel } from './command/posture/model.ts';
import { isWell, summarizeDay, summarizePosture } from './command/posture/summary.ts';
import { describeReport, openReport } from './command/report.ts';
import { makeReportFolder, reportsFolder } from './command/report-folder.ts';

const judge = async (settings: PostureArguments): Promise<number> => {
  const { scene, isStrict, isJson, isOpened } = settings;
  const stream = isJson ? process.stderr : process.stdout;
  const paint = paintFor(stream);
  const folder = settings.reportFolder ?? join(reportsFolder, nameFolder(scene));
  await makeReportFolder(folder);
  await print(stream, `looking at ${nameFleet(scene)}\n`);
  const looks = await look(scene, folder);
  await print(stream, describeLooks(looks, paint));
  await print(stream, `\n${describeReport(folder, paint, posturePageKey)}`);
  if (isJson) for (const one of looks) await print(process.stdout, toJson(one));
  if (isOpened) await openReport(folder, posturePageKey);
  return isStrict && !looks.slice(-1).every(({ document }) => isWell(document))
    ? exitCodes.failed
    : exitCodes.passed;
};

const nameFolder = (scene: PostureScene): string =>
  scene.kind === 'model' ? 'posture' : `posture-${scene.region}`;

/** A large account takes half a minute. */
const nameFleet = (scene: PostureScene): string =>
  scene.kind === 'model'
    ? 'a model fleet on this machine; with --region NAME, at the Aurora clusters of your account'
    : `the Aurora clusters of ${scene.region}`;

const look = (scene: PostureScene, folder: string): Promise<Look[]> =>
  scene.kind === 'model' ? lookAtModel(folder, systemClock()) : lookAtAccount(scene, folder, systemClock());

/** The last look as a whole, as the page has it, then what was told on each day. */
const describeLooks = (looks: readonly Look[], paint: Paint): string =>
  [
    ...looks.slice(-1).map((last) => summarizePosture(last, paint)),
    ...looks.flatMap((one) => summarizeDay(one, paint)),
  ].join('\n\n');

const toJson = ({ document, day }: Look): string =>
  JSON.stringify(
    day === null
      ? document
      : { ...document, messages: day.messages.map((message) => toMachine(message, localOrigin)) },
  );

const main = async (words: string[]): Promise<number> => {
  const command = readPostureArguments(words);
  if (command.kind === 'posture') return judge(command.arguments);
  await print(process.stdout, command.text);
  return exitCodes.passed;
};

await runCommand(main);

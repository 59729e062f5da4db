import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { posture } from '../../../functions/monitors/posture.ts';
import { isDrillError } from '../../../shared/errors.ts';
import { addSeconds, toIso } from '../../../shared/instants.ts';
import type { Message } from '../../../shared/messages/message.ts';
import { parsePlans } from '../../../shared/plan/plans.ts';
import { parsePosture, postureKey, posturePageKey } from '../../../shared/posture/document.ts';
import { createModelCopies, createModelFleet } from '../../aurora/model-fleet.ts';
import { folderReports } from '../report-folder.ts';
import { readPlans } from '../settings.ts';
import { describeFleet, listProofs, storyDays } from './fleet.ts';
import type { Look } from './look.ts';
import { daySeconds, homeRegion } from './well-set.ts';

/**
 * Lets the function that runs in AWS look at the model fleet, on each day of its story.
 * @param folder where the function leaves document and page
 * @param today the day of the last look
 */
export const lookAtModel = async (folder: string, today: Date): Promise<Look[]> => {
  // What an earlier command has left is no yesterday of this story.
  await rm(join(folder, postureKey), { force: true });
  await rm(join(folder, posturePageKey), { force: true });
  const reports = folderReports(folder);
  const plansText = await readPlans(fileURLToPath(new URL('../../posture-plans.yml', import.meta.url)));
  const plans = Object.keys(parsePlans(plansText, 'posture-plans.yml'));
  const looks: Look[] = [];
  for (const [day, title] of storyDays.entries()) {
    const at = addSeconds(toIso(today), (day - storyDays.length + 1) * daySeconds);
    const fleet = describeFleet(day, at);
    const messages: Message[] = [];
    const run = posture(
      {},
      {
        aurora: createModelFleet(fleet),
        copiesIn: () => createModelCopies(fleet),
        proofs: async () => ({ value: listProofs(plans, at) }),
        reports,
        nameOf: (key) => join(folder, key),
        metrics: { publish: async () => {} },
        notify: async (message) => void messages.push(message),
        readPlans: async () => plansText,
        scope: () => ({ kind: 'all' }),
        countedKinds: () => ['automated', 'aws-backup'],
        region: () => homeRegion,
        now: () => new Date(at),
      },
    );
    const failure = await run.then(
      () => null,
      (error: unknown) => {
        if (!isDrillError(error, 'MonitorIncomplete')) throw error;
        return error.summary;
      },
    );
    const written = await reports.read(postureKey);
    looks.push({
      document: parsePosture(written?.text ?? ''),
      day: { title, messages, failure },
    });
  }
  return looks;
};

// Run by posture.ts as a bundle, in its own process. Runs the function Posture, but for what it writes: that goes nowhere.
import { posture } from '../functions/monitors/posture.ts';
import {
  listClusterParameters,
  listClusters,
  listSnapshots,
  patientRds,
  rdsAurora,
} from '../shared/aws/rds.ts';
import { listPublicSnapshots, listRegionInstances } from '../shared/aws/rds-region.ts';
import { systemClock } from '../shared/clock.ts';
import { nameOf } from './fleet-answers.ts';

const { CLUSTERS: count, COPY_REGION: copyRegion } = process.env;

/** One for each cluster, since plans say where copies have to be. YAML takes JSON. */
const plans = JSON.stringify({
  plans: Object.fromEntries(
    Array.from({ length: Number(count) }, (_, index) => [
      `plan-${index}`,
      { source: nameOf(index), database: { name: 'app', user: 'drill' }, posture: { copyRegion } },
    ]),
  ),
});

export const handler = async (): Promise<void> => {
  const { clusters } = await posture(null, {
    aurora: rdsAurora(
      { listClusters, listSnapshots, listClusterParameters, listRegionInstances, listPublicSnapshots },
      patientRds(),
    ),
    copiesIn: (region) => rdsAurora({ listSnapshots }, patientRds(region)),
    proofs: async () => ({ value: [] }),
    reports: { read: async () => null, findVersion: async () => null, replace: async () => true },
    nameOf: (key) => key,
    metrics: { publish: async () => undefined },
    notify: async () => undefined,
    readPlans: async () => plans,
    scope: () => ({ kind: 'all' }),
    countedKinds: () => ['automated'],
    region: () => 'eu-west-1',
    now: systemClock,
  });
  if (clusters !== Number(count)) throw new Error(`${clusters} of ${count} clusters judged`);
};

// Run by posture.ts as a bundle, in its own process. Surveys the fleet of a Region as the monitor does.
import {
  listClusterParameters,
  listClusters,
  listSnapshots,
  patientRds,
  rdsAurora,
} from '../shared/aws/rds.ts';
import { listPublicSnapshots, listRegionInstances } from '../shared/aws/rds-region.ts';
import { surveyFleet } from '../shared/posture/survey.ts';

export const handler = async (): Promise<void> => {
  const aurora = rdsAurora(
    { listClusters, listSnapshots, listClusterParameters, listRegionInstances, listPublicSnapshots },
    patientRds(),
  );
  const { clusters } = await aurora.listClusters();
  const copyRegion = process.env.COPY_REGION;
  const facts = await surveyFleet(aurora, {
    clusters,
    wanted: () => ({ settings: { copyRegion } }),
    copies: (region) => rdsAurora({ listSnapshots }, patientRds(region)),
  });
  const unknown = facts.flatMap((one) => Object.values(one)).filter((fact) => fact && 'unknown' in fact);
  if (facts.length !== clusters.length || unknown.length > 0)
    throw new Error(
      `${facts.length} of ${clusters.length} clusters surveyed, ${unknown.length} facts unknown`,
    );
};

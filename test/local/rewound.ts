import { cluster, startBacktracked } from './backtracked.ts';
import { until } from './world.ts';

/** A process to be killed: says so when its source has stopped to go back. */
const { world, startAurora, step } = await startBacktracked();
const { at } = await step("update orders set item = 'good'");
await startAurora().backtrackCluster({ cluster, to: at });
const answers = (): Promise<boolean> =>
  world.source.connect().then(
    (connection) => connection.end().then(() => true),
    () => false,
  );
await until(answers, (isUp) => !isUp);
console.log('the server has stopped');

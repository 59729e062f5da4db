import type { Aurora } from '../../shared/aurora/port.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import { refusal } from '../aurora/refusal.ts';

/** The parts of AWS that a fault can break. */
export type Ports = { aurora: Aurora; notify: Notify };

/** Throttles each call twice, then answers it. */
export const throttleTwice = ({ aurora, notify }: Ports): Ports => {
  const asked = new Map<string, number>();
  const twice =
    <Argument, Answer>(what: string, ask: (argument: Argument) => Promise<Answer>) =>
    async (argument: Argument): Promise<Answer> => {
      const call = typeof argument === 'string' ? `${what} ${argument}` : what;
      const times = (asked.get(call) ?? 0) + 1;
      asked.set(call, times);
      if (times <= 2) throw refusal(call, 'Throttling', 'Rate exceeded');
      return ask(argument);
    };
  return {
    aurora: {
      ...aurora,
      findCluster: twice('describe cluster', aurora.findCluster),
      listInstances: twice('list the instances of', aurora.listInstances),
      restoreCluster: twice('restore', aurora.restoreCluster),
      addWriter: twice('add the writer', aurora.addWriter),
      deleteInstance: twice('delete instance', aurora.deleteInstance),
      deleteCluster: twice('delete cluster', aurora.deleteCluster),
    },
    notify: twice('publish', notify),
  };
};

/** The source is described once, and is gone from then on. */
export const loseSource = ({ aurora, notify }: Ports): Ports => {
  let source: string | null = null;
  return {
    notify,
    aurora: {
      ...aurora,
      findCluster: async (identifier) => {
        if (identifier === source) return undefined;
        source ??= identifier;
        return aurora.findCluster(identifier);
      },
    },
  };
};

export const exhaustQuota = ({ aurora, notify }: Ports): Ports => ({
  notify,
  aurora: {
    ...aurora,
    restoreCluster: async ({ target }) => {
      throw refusal(
        `restore ${target}`,
        'DBClusterQuotaExceededFault',
        'The quota has been exceeded: 40 clusters in this Region',
      );
    },
  },
});

/** Refuses the first deletions of a cluster, this many. */
const refuseDeletions = ({ aurora, notify }: Ports, times: number): Ports => {
  let left = times;
  return {
    notify,
    aurora: {
      ...aurora,
      deleteCluster: async (identifier) => {
        left -= 1;
        if (left < 0) return aurora.deleteCluster(identifier);
        throw refusal(`delete cluster ${identifier}`, 'InvalidDBClusterStateFault', 'the cluster is busy');
      },
    },
  };
};

export const slowTeardown = (ports: Ports): Ports => refuseDeletions(ports, 5);

export const blockTeardown = (ports: Ports): Ports => refuseDeletions(ports, Number.POSITIVE_INFINITY);

/** Somebody adds an instance to look into the copy. */
export const addInstanceByHand = ({ aurora, notify }: Ports): Ports => ({
  notify,
  aurora: {
    ...aurora,
    addWriter: async (request) => {
      await aurora.addWriter(request);
      await aurora.addWriter({ ...request, identifier: `${request.cluster}-by-hand`, tags: {} });
    },
  },
});

import type { SideEffectKind, SideEffects } from '../database/port.ts';
import { countOf, listSome } from '../words.ts';

/** The parameters of the copy's groups, by name. */
type Parameters = Readonly<Record<string, string>>;

/** How a parameter group keeps a kind quiet. `setting` is what to set, in words; null where no parameter does. */
type Quieting = { isQuiet: (parameters: Parameters) => boolean; setting: string | null };

const isOff = (value: string | undefined): boolean =>
  ['0', 'off', 'false', 'no', 'disabled'].includes(value?.trim().toLowerCase() ?? '');
const isOn = (value: string | undefined): boolean =>
  ['1', 'on', 'true', 'yes'].includes(value?.trim().toLowerCase() ?? '');

/** RDS shows this parameter always, also with its default. Where it is missing, nothing is known. */
const lacksLibrary = (parameters: Parameters, library: string): boolean => {
  const libraries = parameters.shared_preload_libraries;
  return libraries !== undefined && !libraries.split(',').some((one) => one.trim() === library);
};

const quietings: Record<SideEffectKind, Quieting> = {
  subscription: {
    isQuiet: (parameters) => isOff(parameters.max_logical_replication_workers),
    setting: 'max_logical_replication_workers = 0',
  },
  'pglogical subscription': {
    isQuiet: (parameters) => lacksLibrary(parameters, 'pglogical'),
    setting: 'shared_preload_libraries without pglogical',
  },
  // From pg_cron 1.6 on. Older ones run whatever is active.
  'pg_cron job': {
    isQuiet: (parameters) =>
      lacksLibrary(parameters, 'pg_cron') || isOff(parameters['cron.launch_active_jobs']),
    setting: 'shared_preload_libraries without pg_cron',
  },
  'foreign server': { isQuiet: () => false, setting: null },
  event: {
    isQuiet: (parameters) => isOff(parameters.event_scheduler),
    setting: 'event_scheduler = OFF',
  },
  'replication channel': {
    isQuiet: (parameters) => isOn(parameters.skip_replica_start) || isOn(parameters.skip_slave_start),
    setting: 'skip_replica_start = ON',
  },
};

const kinds = Object.keys(quietings) as SideEffectKind[];

/** The kinds that do nothing in a copy with these parameters. */
export const listQuietKinds = (parameters: Parameters): SideEffectKind[] =>
  kinds.filter((kind) => quietings[kind].isQuiet(parameters));

/** What a plan and its parameter groups say about them. */
export type SideEffectRule = { action: 'refuse' | 'accepted'; quiet: readonly SideEffectKind[] };

/** What there is, in words, by kind: what acts in the copy, what its parameters keep quiet, and what could not be seen. */
export type SideEffectSights = { active: string[]; quiet: string[]; unknown: string[] };

/**
 * `hint`: what to set. `reason` is empty where there is nothing to say, and `doubt` where nothing may act in the copy, as
 * far as can be known.
 */
export type SideEffectDecision =
  | { action: 'refuse'; reason: string; hint: string }
  | { action: 'go on'; reason: string; doubt: string; sights: SideEffectSights };

/** Whether a copy may be made of a database that has these. @param source its cluster, for the message */
export const judgeSideEffects = (
  { found, unseen }: SideEffects,
  { action, quiet }: SideEffectRule,
  source: string,
): SideEffectDecision => {
  const isActive = ({ kind }: { kind: SideEffectKind }) => !quiet.includes(kind);
  const active = found.filter(isActive);
  if (active.length > 0 && action === 'refuse') {
    return {
      action: 'refuse',
      reason: `a copy of ${source} would act by itself: ${describeKinds(active).join(', ')}`,
      hint: adviseOn(active.map(({ kind }) => kind)),
    };
  }
  const sights = {
    active: describeKinds(active),
    quiet: describeKinds(found.filter((one) => !isActive(one))),
    unknown: unseen.filter(isActive).map(({ kind, reason }) => `${kind}s: ${reason}`),
  };
  const doubts = [
    ...tell('acts in the copy, as the plan accepts', sights.active.join(', ')),
    ...tell('not known whether these act in the copy', sights.unknown.join('; ')),
  ];
  const quieted = tell('quiet in the copy by its parameters', sights.quiet.join(', '));
  return { action: 'go on', reason: [...quieted, ...doubts].join('; '), doubt: doubts.join('; '), sights };
};

const tell = (what: string, which: string): string[] => (which === '' ? [] : [`${what}: ${which}`]);

const describeKinds = (found: SideEffects['found']): string[] =>
  [...Map.groupBy(found, ({ kind }) => kind)].map(([kind, same]) => {
    const names = same.map(({ name }) => name);
    return `${countOf(same.length, kind)} (${listSome(names, 5)})`;
  });

const adviseOn = (active: SideEffectKind[]): string => {
  const settings = [...new Set(active)].flatMap((kind) => quietings[kind].setting ?? []);
  const accept = 'write sideEffects: accepted in the plan if a copy may do this';
  const hasNoParameter = active.some((kind) => quietings[kind].setting === null);
  if (settings.length === 0) return `no parameter keeps this quiet: ${accept}`;
  const group = `name a parameter group with ${settings.join(', ')} in restore.clusterParameterGroup`;
  return hasNoParameter
    ? `${group}; for the rest there is no parameter: ${accept}`
    : `${group}, or ${accept}`;
};

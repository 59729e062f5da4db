import type { ComponentChild } from 'preact';
import { type DrillResult, wasRestored } from '../drill/document.ts';
import { describeReached } from '../drill/figures.ts';
import { nameOrigin } from '../drill/origin-words.ts';
import { facts, longText, text, time } from './parts.ts';

/** Who, what, when and which names: what an auditor copies. */
export const renderFacts = (result: DrillResult): ComponentChild => {
  const { trigger, restore } = result;
  const reason = trigger.reason === null ? '' : `: ${trigger.reason}`;
  const named = (value: string | null): ComponentChild =>
    value === null ? 'not known' : longText(value, 120);
  const reached = wasRestored(result) ? restore.restoreTo : null;
  return facts([
    ['Plan', named(result.plan)],
    ['Source', named(result.source)],
    ['Target', named(result.target)],
    ['Engine', named(result.engine)],
    ['Restored to', reached === null ? describeReached(result) : time(reached)],
    ['Restored from', longText(nameOrigin(restore))],
    ['Compared with', describeBaseline(result)],
    ['Started by', longText(`${trigger.kind}${reason}`)],
    ['Drill', text(result.drillId)],
    ['Began', time(result.startedAt)],
    ['Ended', time(result.endedAt)],
    ['Schema', text(result.schema)],
  ]);
};

const describeBaseline = ({ restore, checks }: DrillResult): string => {
  if (checks.every(({ verdict }) => verdict === 'skipped')) return 'nothing';
  if (restore.kind === 'fresh-snapshot' && restore.baseline === 'same-instant')
    return 'production before and after the snapshot was taken';
  return restore.baseline === 'same-instant'
    ? 'production at that instant'
    : 'nothing in production, which can no longer be read at that instant';
};

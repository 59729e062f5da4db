import * as z from 'zod';
import type { Unreadable } from '../aurora/port.ts';
import { DrillError } from '../errors.ts';
import { type PostureRule, postureRules } from '../plan/posture.ts';
import { parseDocument } from '../problems.ts';
import { compareTexts } from '../words.ts';
import { type Finding, type PostureVerdict, postureVerdicts } from './finding.ts';

/** Public and versioned: posture.json, what every monitored cluster came to. The same facts give the same text. */
export type PostureDocument = {
  schema: 'aurora-drills/posture/1';
  region: string;
  /** ISO 8601. */
  checkedAt: string;
  /** Worst first, then by name. */
  clusters: ClusterPosture[];
  /** Clusters that could not be listed at all. */
  unreadable: Unreadable[];
  /** What failed when it could last be read, and cannot be read now. Left out as long as there is none. */
  failedBefore?: Place[] | undefined;
};

/** One finding of each rule, in the order of the rules. */
export type ClusterPosture = { cluster: string; engine: string; plans: string[]; findings: Finding[] };

/** Where a finding stands. */
export type Place = { cluster: string; rule: PostureRule };

/** In the report bucket, and in a folder of reports. */
export const postureKey = 'posture.json';
export const posturePageKey = 'posture.html';

type Run = {
  region: string;
  /** ISO 8601. */
  checkedAt: string;
  unreadable: readonly Unreadable[];
  /** The last document. It says what failed before it became unreadable. */
  before?: PostureDocument | null;
};

export const buildPosture = (
  judged: readonly ClusterPosture[],
  { region, checkedAt, unreadable, before = null }: Run,
): PostureDocument => {
  const document: PostureDocument = {
    schema: 'aurora-drills/posture/1',
    region,
    checkedAt,
    clusters: judged.map((one) => ({ ...one, plans: one.plans.toSorted() })).sort(byBadness),
    unreadable: unreadable.toSorted((a, b) => compareTexts(a.cluster, b.cluster)),
  };
  const failedBefore = before === null ? [] : listStillUnknown(before, document);
  return failedBefore.length === 0 ? document : { ...document, failedBefore };
};

export const countFindings = ({ findings }: Pick<ClusterPosture, 'findings'>, verdict: PostureVerdict) =>
  findings.filter((finding) => finding.verdict === verdict).length;

const byBadness = (a: ClusterPosture, b: ClusterPosture): number =>
  countFindings(b, 'fail') - countFindings(a, 'fail') ||
  countFindings(b, 'unreadable') - countFindings(a, 'unreadable') ||
  compareTexts(a.cluster, b.cluster);

/** What fails as far as anybody knows: what failed before it became unreadable too. */
export const listFailing = ({ clusters, failedBefore = [] }: PostureDocument): Place[] => [
  ...clusters.flatMap(({ cluster, findings }) =>
    findings.flatMap(({ rule, verdict }) => (verdict === 'fail' ? [{ cluster, rule }] : [])),
  ),
  ...failedBefore,
];

const listStillUnknown = (before: PostureDocument, now: PostureDocument): Place[] => {
  const verdicts = indexVerdicts(now);
  const unlisted = new Set(now.unreadable.map(({ cluster }) => cluster));
  return listFailing(before)
    .filter((place) => unlisted.has(place.cluster) || verdicts.get(keyOf(place)) === 'unreadable')
    .sort(
      (a, b) =>
        compareTexts(a.cluster, b.cluster) || postureRules.indexOf(a.rule) - postureRules.indexOf(b.rule),
    );
};

export const keyOf = ({ cluster, rule }: Place): string => `${cluster}/${rule}`;

/** Every verdict of a document, by `keyOf`. */
export const indexVerdicts = ({ clusters }: PostureDocument): Map<string, PostureVerdict> =>
  new Map(
    clusters.flatMap(({ cluster, findings }) =>
      findings.map(({ rule, verdict }) => [keyOf({ cluster, rule }), verdict] as const),
    ),
  );

const text = z.string().nullable();

const finding = z.looseObject({
  rule: z.string(),
  verdict: z.enum(postureVerdicts),
  expected: text,
  seen: text,
  why: text,
  mend: z.looseObject({ command: text, note: text }).nullable(),
});

const named = z.looseObject({ cluster: z.string().min(1) });

const posture = z.looseObject({
  schema: z.literal('aurora-drills/posture/1'),
  region: z.string(),
  checkedAt: z.iso.datetime(),
  clusters: z.array(
    named.extend({ engine: z.string(), plans: z.array(z.string()), findings: z.array(finding) }),
  ),
  unreadable: z.array(named.extend({ reason: z.string() })),
  failedBefore: z.array(named.extend({ rule: z.string() })).optional(),
});

/**
 * Reads a posture.json. Rules of another version are left out: nothing can be said of them here.
 * @param name what messages call the text
 * @throws DrillError ReportNotFiled
 */
export const parsePosture = (written: string, name = postureKey): PostureDocument => {
  const parsed = parseDocument(posture, written);
  if ('problem' in parsed)
    throw new DrillError('ReportNotFiled', `${name} is not a posture of clusters: ${parsed.problem}`, {
      hint: `it was not overwritten; delete ${name} or put back an earlier version of it, and the next run writes it again`,
    });
  const { clusters, failedBefore, ...rest } = parsed.value;
  return {
    ...rest,
    clusters: clusters.map((one) => ({ ...one, findings: one.findings.filter(hasKnownRule) })),
    ...(failedBefore !== undefined && { failedBefore: failedBefore.filter(hasKnownRule) }),
  };
};

const hasKnownRule = <Ruled extends { rule: string }>(one: Ruled): one is Ruled & { rule: PostureRule } =>
  postureRules.some((rule) => rule === one.rule);

export const formatPosture = (document: PostureDocument): string => `${JSON.stringify(document)}\n`;

import type { Cluster } from '../aurora/port.ts';
import { rds } from '../recovery/setting-commands.ts';
import { listSome } from '../words.ts';
import { byHand, describeState, inRegionOf, modify, paste } from './mend.ts';
import {
  hold,
  judgeKnown,
  judgeSwitch,
  judgeTold,
  mostNames,
  notApplicable,
  type Rule,
  unreadable,
} from './rule.ts';

/** Whether the cluster and its snapshots are kept from being deleted, read or mistaken. */

/** RDS protects at once, whatever waits for the maintenance window (API, ModifyDBCluster). */
export const judgeProtection: Rule = ({ cluster }) =>
  judgeSwitch(cluster.isProtected, 'whether it is protected', () =>
    paste(
      [
        rds(
          'modify-db-cluster',
          '--db-cluster-identifier',
          cluster.identifier,
          '--deletion-protection',
          ...inRegionOf(cluster),
        ),
      ],
      describeState(cluster),
    ),
  );

/** The kinds of AWS's own: since 2026 a restored cluster may have a key that AWS owns (Aurora User Guide, Overview.Encryption). */
export const judgeEncryption: Rule = ({ cluster }) =>
  judgeTold(cluster.encryption, 'whether it is encrypted', (kind) => {
    const seen = describeEncryption(kind, cluster.settings?.kmsKey ?? null);
    if (cluster.status.startsWith('inaccessible-encryption-credentials'))
      return hold(false, {
        expected: 'encrypted with a key that RDS can use',
        seen: `${seen ?? kind}, which RDS cannot use: it is ${cluster.status}`,
        mend: () =>
          byHand(
            'enable the key in KMS, or let RDS use it again, then start the cluster: after 7 days only a restore helps, which needs the key too',
          ),
      });
    return seen === null
      ? unreadable(`RDS calls its encryption "${kind}", which is unknown to this tool`)
      : hold(kind !== 'none', {
          expected: 'encrypted',
          seen,
          mend: () =>
            byHand(
              'a cluster cannot be encrypted in place: restore a snapshot of it into a new cluster with --kms-key-id, and switch over to that',
            ),
        });
  });

const describeEncryption = (kind: string, key: string | null): string | null => {
  switch (kind) {
    case 'none':
      return 'not encrypted';
    case 'sse-rds':
      return 'encrypted with a key that AWS owns';
    case 'sse-kms':
      return `encrypted with ${key ?? 'a key of KMS that RDS does not name'}`;
    default:
      return null;
  }
};

export const judgeSnapshotEncryption: Rule = ({ snapshots }) =>
  judgeKnown(snapshots, ({ unencrypted }) =>
    hold(unencrypted.length === 0, {
      expected: 'every snapshot encrypted',
      seen: describeNamed(unencrypted, 'not encrypted'),
      mend: () =>
        byHand(
          'a snapshot of Aurora cannot be encrypted, nor copied into one that is: encrypt the cluster, and delete these once you no longer need them',
        ),
    }),
  );

export const judgePrivacy: Rule = ({ cluster, snapshots }) =>
  judgeKnown(snapshots, ({ public: open }) =>
    hold(open.length === 0, {
      expected: 'no public snapshot',
      seen: describeNamed(open, 'public'),
      mend: () => paste(open.toSorted().map((snapshot) => closeSnapshot(cluster, snapshot))),
    }),
  );

const closeSnapshot = (cluster: Cluster, snapshot: string): string =>
  rds(
    'modify-db-cluster-snapshot-attribute',
    '--db-cluster-snapshot-identifier',
    snapshot,
    '--attribute-name',
    'restore',
    '--values-to-remove',
    'all',
    ...inRegionOf(cluster),
  );

/** "2 public: a, b". */
const describeNamed = (names: readonly string[], what: string): string =>
  names.length === 0 ? `none ${what}` : `${names.length} ${what}: ${listSome(names.toSorted(), mostNames)}`;

export const judgeTagCopies: Rule = ({ cluster }) =>
  judgeSwitch(cluster.settings?.copiesTagsToSnapshots, 'whether its snapshots get its tags', () =>
    modify(cluster, ['--copy-tags-to-snapshot']),
  );

export const judgeIamSignIn: Rule = ({ cluster }) =>
  judgeSwitch(cluster.settings?.hasIamSignIn, 'whether users can sign in with IAM', () =>
    modify(cluster, ['--enable-iam-database-authentication']),
  );

export const judgeTags: Rule = ({ cluster: { tags } }, { settings: { requiredTags } }) => {
  if (requiredTags.length === 0) return notApplicable('no plan asks for tags');
  const missing = requiredTags.filter((key) => !Object.hasOwn(tags, key));
  return hold(missing.length === 0, {
    expected: `${requiredTags.length === 1 ? 'the tag' : 'the tags'} ${requiredTags.join(', ')}`,
    seen: missing.length === 0 ? 'all of them' : `without ${missing.join(', ')}`,
    mend: () => byHand('give it these tags with aws rds add-tags-to-resource: only you know their values'),
  });
};

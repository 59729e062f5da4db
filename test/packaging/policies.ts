import * as rds from '@aws-sdk/client-rds';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  asRequestTags,
  executionOf,
  ourTags,
  ownSnapshot,
  recoveredCluster,
  recoveredTags,
  recoveredWriter,
  sources,
  tagsBy,
  target,
  writer,
} from './drill-fixture.ts';
import { type Decision, decide, isAbout, type Statement } from './iam.ts';
import { account, arnOf, readRoles } from './roles.ts';
import { type GetStack, recoveryStates } from './stack.ts';

/** Every RDS action that does more than read, whether this project calls it or not. */
const writes = Object.keys(rds)
  .filter((name) => /^[A-Z]\w+Command$/.test(name) && !/^(Describe|List|Download)/.test(name))
  .map((name) => `rds:${name.replace(/Command$/, '')}`);

/** These name what they read as well as what they make, so requests.ts asks for them. */
const copying = ['RestoreDBClusterToPointInTime', 'RestoreDBClusterFromSnapshot', 'CreateDBClusterSnapshot'];
const harmful = writes.filter((action) => !copying.some((one) => action === `rds:${one}`));

/**
 * A cluster, its instances, and what else has its name. Not an instance that has the prefix by chance, such as
 * drill-instance-1 of a cluster named drill: IAM cannot tell whose it is, so the code lists members.
 */
const belongingTo = (name: string): string[] =>
  [
    ...['cluster:', 'db:', 'cluster-endpoint:', 'shardgrp:'].map((kind) => arnOf('rds', `${kind}${name}`)),
    arnOf('rds', `db:${name}-instance-1`),
    `arn:aws:rds::${account}:global-cluster:${name}`,
  ].filter((arn) => name.startsWith('drill-') || !arn.includes(':drill-'));

const snapshots = [
  'cluster-snapshot:rds:',
  'cluster-snapshot:awsbackup:',
  'cluster-snapshot:',
  'snapshot:',
].flatMap((kind) => ['my-drill-1', 'prod-aurora-main'].map((name) => arnOf('rds', `${kind}${name}`)));
const own = arnOf('rds', `cluster-snapshot:${ownSnapshot}`);
const backups = ['cluster-auto-backup:ab-1', 'auto-backup:ab-1'].map((backup) => arnOf('rds', backup));

const nearMisses = ['prod-aurora-main', 'DRILL-x', 'xdrill-1', 'drill', 'drill1', 'drills-1', 'my-drill-1'];
const names = [...new Set([...nearMisses, ...sources])];

/** Tags copied from a drill's cluster, with the right execution, must not help. */
const anyTags = [{}, ourTags, tagsBy('aurora-drills-test')];

type Tags = Record<string, string>;
const ownExecution = executionOf('aurora-drills-prod');
const byExecution = (execution: string): Tags => ({ ...ourTags, 'aurora-drills:execution': execution });

/** Tags that are not of a drill of this stack: some are missing, or belong to another. */
const missingTags: [what: string, tags: Tags][] = [
  ['no tags', {}],
  ['no tag of an execution', { 'aurora-drills:drill': '0a1b2c3d' }],
  ['no tag of a drill', { 'aurora-drills:execution': ownExecution }],
  ['an empty tag of a drill', { ...ourTags, 'aurora-drills:drill': '' }],
];
const foreignTags: [what: string, tags: Tags][] = [
  ['an empty tag of an execution', byExecution('')],
  ['an execution of the test stage', tagsBy('aurora-drills-test')],
  ['an execution of a machine whose name goes on', tagsBy('aurora-drills-prod-2')],
  ['an execution of a machine whose name is shorter', tagsBy('aurora-drills')],
  ['an execution in another account', byExecution(ownExecution.replace(account, '999999999999'))],
  ['an execution in another Region', byExecution(ownExecution.replace('eu-west-1', 'eu-west-2'))],
  ['a state machine for an execution', byExecution(ownExecution.replace('execution:', 'stateMachine:'))],
];

type Named = { id: string; statements: readonly Statement[] };
type Attempts = { actions: readonly string[]; arns: readonly string[]; tags: Tags[] };

const contexts = [{}, asRequestTags({ ...ourTags, ...recoveredTags })];

/** Every attempt with one of these decisions, as text: who, what, on what. */
const findAttempts = (roles: readonly Named[], { actions, arns, tags }: Attempts, ...found: Decision[]) => {
  const attempts = new Set<string>();
  for (const action of actions) {
    // Most statements of a role are about other actions, and most roles have the same ones about this action.
    const known = new Map<string, string[]>();
    for (const { id, statements } of roles) {
      const about = statements.filter((one) => isAbout(one, action));
      const key = JSON.stringify(about);
      const isFound = (arn: string, context: Tags) =>
        tags.some((tag) => found.includes(decide(about, { action, on: [{ arn, tags: tag }], context })));
      const where = known.get(key) ?? arns.filter((arn) => contexts.some((one) => isFound(arn, one)));
      known.set(key, where);
      for (const arn of where) attempts.add(`${id} ${action} on ${arn}`);
    }
  }
  return [...attempts];
};

export const testPolicies = (getStack: GetStack) =>
  describe('what no role may do', () => {
    const roles = () => readRoles(getStack());
    /** The deny is for this: a function's role that got everything by mistake. */
    const mistaken = (): Named[] =>
      roles()
        .filter(({ trust }) => JSON.stringify(trust).includes('lambda.amazonaws.com'))
        .map(({ id, statements }) => ({ id, statements: [...statements, everything] }));
    const everything: Statement = {
      effect: 'Allow',
      actions: { isExcept: false, patterns: ['rds:*'] },
      resources: { isExcept: false, patterns: ['*'] },
      conditions: [],
    };
    const denied = harmful.filter((action) =>
      /:(Add|Backtrack|Delete|Failover|Modify|Promote|Reboot|Remove|Reset|Revoke|Start|Stop|Switchover)/.test(
        action,
      ),
    );

    test('the actions that are tried are those of RDS, and somebody is asked', () => {
      expect(writes.length).toBeGreaterThan(100);
      expect(denied.length).toBeGreaterThan(60);
      expect(roles().length).toBeGreaterThan(15);
      expect(mistaken()).toHaveLength(roles().length - 7);
    });

    test.each(names)(
      '%s is not of a drill: no role may change it or its instances, whatever tags it has',
      (name) => {
        const attempts = { actions: harmful, arns: belongingTo(name), tags: anyTags };
        expect(findAttempts(roles(), attempts, 'allowed')).toEqual([]);
      },
    );

    test('any name that does not begin with drill-: the same', () => {
      const sign = /^[A-Za-z0-9-]{0,20}$/;
      const name = fc
        .tuple(
          fc.constantFrom('', 'drill', 'Drill-', 'dril-', 'drills-', 'a-drill-', '-drill-'),
          fc.stringMatching(sign),
        )
        .map((parts) => parts.join(''))
        .filter((one) => one !== '' && !one.startsWith('drill-'));
      const all = roles();
      fc.assert(
        fc.property(name, (one) => {
          const attempts = { actions: harmful, arns: belongingTo(one), tags: [ourTags] };
          expect(findAttempts(all, attempts, 'allowed')).toEqual([]);
        }),
        { numRuns: 8 },
      );
    });

    test('nothing by name, as actions that know no resource: no role may write', () => {
      expect(findAttempts(roles(), { actions: writes, arns: ['*'], tags: [{}] }, 'allowed')).toEqual([]);
    });

    test('a snapshot or a backup: no role may change it; DeleteDBCluster names the final one that it does not make', () => {
      const actions = harmful.filter((action) => action !== 'rds:DeleteDBCluster');
      expect(
        findAttempts(roles(), { actions, arns: [...snapshots, ...backups], tags: anyTags }, 'allowed'),
      ).toEqual([]);
    });

    test.each([...missingTags, ...foreignTags])(
      'a snapshot whose name begins with drill-, with %s: no role may delete or share it',
      (_, tags) => {
        // Tags are set as it is made, and a final snapshot is none of a drill's.
        const others = ['rds:DeleteDBCluster', 'rds:AddTagsToResource'];
        const actions = harmful.filter((action) => !others.includes(action));
        expect(findAttempts(roles(), { actions, arns: [own], tags: [tags] }, 'allowed')).toEqual([]);
      },
    );

    test('the own snapshot of a drill: tagged as it is taken, deleted by whoever tears down, and nothing else', () => {
      const actions = harmful.filter((action) => action !== 'rds:DeleteDBCluster');
      const found = findAttempts(roles(), { actions, arns: [own], tags: [ourTags] }, 'allowed');
      expect(found.sort()).toEqual([
        `CheckTeardownRole rds:DeleteDBClusterSnapshot on ${own}`,
        `SweepLeftoversRole rds:DeleteDBClusterSnapshot on ${own}`,
        `TakeSnapshotRole rds:AddTagsToResource on ${own}`,
        `TearDownRole rds:DeleteDBClusterSnapshot on ${own}`,
      ]);
    });

    test('a tag: no role may take it away, not even from a cluster of a drill', () => {
      const arns = [...belongingTo(target), ...belongingTo(sources[0] ?? ''), ...snapshots, '*'];
      const attempts = { actions: ['rds:RemoveTagsFromResource'], arns, tags: anyTags };
      expect(findAttempts(roles(), attempts, 'allowed')).toEqual([]);
      expect(findAttempts(mistaken(), attempts, 'allowed', 'not allowed')).toEqual([]);
    });

    test.each([...missingTags, ...foreignTags])(
      'a cluster whose name begins with drill-, with %s: no role may change or delete it',
      (_, tags) => {
        const creating = ['rds:AddTagsToResource', 'rds:CreateDBInstance'];
        const actions = harmful.filter((action) => !creating.includes(action));
        const attempts = { actions, arns: [arnOf('rds', `cluster:${target}`)], tags: [tags] };
        expect(findAttempts(roles(), attempts, 'allowed')).toEqual([]);
      },
    );

    test.each(foreignTags)(
      'an instance whose name begins with drill-, with %s: no role may delete it',
      (_, tags) => {
        const actions = ['rds:DeleteDBInstance'];
        const attempts = { actions, arns: [arnOf('rds', `db:${writer}`)], tags: [tags] };
        expect(findAttempts(roles(), attempts, 'allowed')).toEqual([]);
      },
    );

    test('the own cluster and instance of a drill: each role may do what is listed here, and nothing else', () => {
      const arns = [target, writer].flatMap(belongingTo);
      const found = findAttempts(roles(), { actions: harmful, arns, tags: [ourTags] }, 'allowed');
      const cluster = (name: string) => arnOf('rds', `cluster:${name}`);
      const instance = (name: string) => arnOf('rds', `db:${name}`);
      const verbs = {
        TearDownRole: ['Delete', 'Modify', 'Start'],
        CheckTeardownRole: ['Delete', 'Modify', 'Start'],
        SweepLeftoversRole: ['Delete', 'Start'],
      };
      // Names alone do not tell a cluster and an instance from other drills' ones.
      const clusters = [target, writer].map(cluster);
      const instances = [target, writer].flatMap((name) => [name, `${name}-instance-1`]).map(instance);
      const expected = [
        ...clusters.map((arn) => `RestoreClusterRole rds:AddTagsToResource on ${arn}`),
        ...[...clusters, ...instances].map((arn) => `AddWriterRole rds:CreateDBInstance on ${arn}`),
        ...instances.map((arn) => `AddWriterRole rds:AddTagsToResource on ${arn}`),
        ...Object.entries(verbs).flatMap(([role, allowed]) => [
          ...clusters.flatMap((arn) => allowed.map((verb) => `${role} rds:${verb}DBCluster on ${arn}`)),
          ...instances.map((arn) => `${role} rds:DeleteDBInstance on ${arn}`),
        ]),
      ];
      expect(found.sort()).toEqual(expected.sort());
    });

    test('the own cluster of a rehearsal: SetPassword may modify it too, and no cluster of a drill', () => {
      const arns = [arnOf('rds', `cluster:${target}`)];
      const actions = ['rds:ModifyDBCluster'];
      const mayModify = (tags: Tags) =>
        findAttempts(roles(), { actions, arns, tags: [tags] }, 'allowed').map((one) => one.split(' ')[0]);
      expect(mayModify(tagsBy('aurora-drills-prod-rehearse')).sort()).toEqual([
        'CheckTeardownRole',
        'SetPasswordRole',
        'TearDownRole',
      ]);
      expect(mayModify(ourTags).sort()).toEqual(['CheckTeardownRole', 'TearDownRole']);
    });

    describe('a recovered cluster', () => {
      const arns = [recoveredCluster, recoveredWriter].flatMap((name) =>
        ['cluster:', 'db:'].map((kind) => arnOf('rds', `${kind}${name}`)),
      );
      const tags = [recoveredTags, { ...ourTags, ...recoveredTags }];

      test('no role may change or delete it: the steps that recover may make it, with its tags, and no more', () => {
        const found = findAttempts(roles(), { actions: harmful, arns, tags }, 'allowed');
        expect([...new Set(found.map((attempt) => attempt.replace(/ on .*/, '')))].sort()).toEqual([
          'AddReadersRole rds:AddTagsToResource',
          'AddReadersRole rds:CreateDBInstance',
          'AddWriterRole rds:AddTagsToResource',
          'AddWriterRole rds:CreateDBInstance',
          'RestoreClusterRole rds:AddTagsToResource',
        ]);
      });

      test('a role that is allowed all of RDS by mistake: what harms it is still denied', () => {
        const actions = denied.filter((action) => !/:Add/.test(action));
        const attempts = { actions, arns, tags };
        expect(findAttempts(mistaken(), attempts, 'allowed', 'not allowed')).toEqual([]);
      });

      test('every role of the machine, allowed all of RDS by mistake: it still deletes and modifies nothing of anybody', () => {
        const ofRecovery = mistaken().filter(({ id }) => recoveryStates.includes(id.replace(/Role$/, '')));
        expect(ofRecovery).toHaveLength(recoveryStates.length);
        const all = [...arns, ...[target, writer, ...sources].flatMap(belongingTo), ...snapshots, ...backups];
        const actions = denied.filter((action) => !/:Add/.test(action));
        const attempts = { actions, arns: [...all, '*'], tags: [ourTags, recoveredTags] };
        expect(findAttempts(ofRecovery, attempts, 'allowed', 'not allowed')).toEqual([]);
      });
    });

    test.each(names)(
      'a role that is allowed all of RDS by mistake: what harms %s is still denied',
      (name) => {
        const attempts = { actions: denied, arns: belongingTo(name), tags: anyTags };
        expect(findAttempts(mistaken(), attempts, 'allowed', 'not allowed')).toEqual([]);
      },
    );

    test.each<[string, RegExp, string[]]>([
      ['snapshot is deleted or shared', /Delete\w*Snapshot$|Modify\w*SnapshotAttribute$/, snapshots],
      ['automated backup is deleted', /Delete\w*AutomatedBackup$/, backups],
    ])('a role that is allowed all of RDS by mistake: no %s', (_, pattern, arns) => {
      const actions = writes.filter((action) => pattern.test(action));
      expect(actions.length).toBeGreaterThan(1);
      expect(findAttempts(mistaken(), { actions, arns, tags: anyTags }, 'allowed', 'not allowed')).toEqual(
        [],
      );
    });
  });

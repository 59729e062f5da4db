import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { drillMachine } from '../../local/machine/drill.ts';
import { readDefinition } from '../../local/machine/execution.ts';
import { extractMachine } from '../../local/machine/extract.ts';
import { markMachine } from '../../local/machine/mark.ts';
import { recoverMachine } from '../../local/machine/recover.ts';
import { rehearseMachine } from '../../local/machine/rehearse.ts';
import { rewindMachine } from '../../local/machine/rewind.ts';
import { parsePlans } from '../../shared/plan/plans.ts';
import {
  extractStates,
  functions,
  type GetStack,
  markStates,
  monitors,
  ofType,
  recoveryStates,
  rehearsalStates,
  rewindStates,
  taskStates,
} from './stack.ts';

export const testTemplate = (getStack: GetStack) =>
  describe('template', () => {
    test('has a function for every task state and monitor: arm64, Node 24, traced, own role, log kept', () => {
      expect(
        ofType(getStack(), 'AWS::Lambda::Function')
          .map(([id]) => id)
          .sort(),
      ).toEqual(functions.map((name) => `${name}LambdaFunction`).sort());
      for (const name of functions) {
        expect(getStack().template.Resources[`${name}LambdaFunction`]?.Properties).toMatchObject({
          Runtime: 'nodejs24.x',
          Architectures: ['arm64'],
          TracingConfig: { Mode: 'Active' },
          Role: { 'Fn::GetAtt': [`${name}Role`, 'Arn'] },
          FunctionName: `aurora-drills-prod-${name}`,
        });
        expect(getStack().template.Resources[`${name}LogGroup`]?.Properties).toMatchObject({
          RetentionInDays: 90,
        });
      }
    });

    test('has no secret in any environment: the settings that functions read, and no others', () => {
      const known = [
        'COUNTED_SNAPSHOTS',
        'MONITORED_CLUSTERS',
        'NODE_OPTIONS',
        'NOTIFICATION_TOPIC_ARN',
        'POWERTOOLS_LOG_LEVEL',
        'RECOVER_STATE_MACHINE_ARN',
        'REHEARSAL_SECRET',
        'REPORT_BUCKET',
        'REWIND_STATE_MACHINE_ARN',
        'RUNBOOK_URL',
        'STATE_MACHINE_ARN',
      ];
      const seen = ofType(getStack(), 'AWS::Lambda::Function').flatMap(([, { Properties }]) =>
        Object.keys((Properties.Environment as { Variables: object }).Variables),
      );
      expect([...new Set(seen)].sort()).toEqual(known);
    });

    test('CloudFormation puts the secret of rehearsals into the two functions that derive passwords, and writes it nowhere', () => {
      const having = ofType(getStack(), 'AWS::Lambda::Function').flatMap(([id, { Properties }]) => {
        const { Variables } = Properties.Environment as { Variables: Record<string, unknown> };
        return 'REHEARSAL_SECRET' in Variables ? [[id, Variables.REHEARSAL_SECRET]] : [];
      });
      const reference = { 'Fn::Sub': '{{resolve:secretsmanager:${RehearsalSecret}:SecretString}}' };
      expect(having.sort()).toEqual([
        ['RehearseChangeLambdaFunction', reference],
        ['SetPasswordLambdaFunction', reference],
      ]);
      expect(ofType(getStack(), 'AWS::SecretsManager::Secret')).toMatchObject([
        ['RehearsalSecret', { Properties: { GenerateSecretString: { PasswordLength: 64 } } }],
      ]);
      expect(JSON.stringify(ofType(getStack(), 'AWS::SecretsManager::Secret'))).not.toContain(
        '"SecretString"',
      );
    });

    test('keeps a storm of events from using up what drills need', () => {
      const reserved = ofType(getStack(), 'AWS::Lambda::Function').flatMap(([id, { Properties }]) =>
        Properties.ReservedConcurrentExecutions === undefined
          ? []
          : [[id, Properties.ReservedConcurrentExecutions]],
      );
      expect(Object.fromEntries(reserved)).toEqual({
        BacktrackWindowLambdaFunction: 2,
        SweepLeftoversLambdaFunction: 2,
      });
    });

    test.each(monitors)('%s: a call that fails for good goes to the queue of failed deliveries', (name) => {
      const configs = ofType(getStack(), 'AWS::Lambda::EventInvokeConfig').map(
        ([, { Properties }]) => Properties,
      );
      const own = configs.filter(
        ({ FunctionName }) => (FunctionName as { Ref: string }).Ref === `${name}LambdaFunction`,
      );
      const Destination = { 'Fn::GetAtt': ['FailedDeliveries', 'Arn'] };
      expect(own).toMatchObject([{ DestinationConfig: { OnFailure: { Destination } } }]);
    });

    test('every schedule and rule keeps what it could not deliver', () => {
      const Arn = { 'Fn::GetAtt': ['FailedDeliveries', 'Arn'] };
      for (const [, { Properties }] of ofType(getStack(), 'AWS::Scheduler::Schedule')) {
        expect(Properties.Target).toMatchObject({ DeadLetterConfig: { Arn } });
      }
      const [[, rule] = []] = ofType(getStack(), 'AWS::Events::Rule');
      expect(rule?.Properties).toMatchObject({
        EventPattern: {
          source: ['aws.states'],
          detail: {
            stateMachineArn: [
              { Ref: 'DrillStateMachine' },
              { Ref: 'RecoverStateMachine' },
              { Ref: 'RehearseStateMachine' },
              { Ref: 'ExtractStateMachine' },
              { Ref: 'RewindStateMachine' },
            ],
            status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
          },
        },
        Targets: [
          { Arn: { 'Fn::GetAtt': ['SweepLeftoversLambdaFunction', 'Arn'] }, DeadLetterConfig: { Arn } },
        ],
      });
    });

    test('puts the functions that talk SQL into the VPC, and no others', () => {
      const inside = ofType(getStack(), 'AWS::Lambda::Function').filter(
        ([, { Properties }]) => 'VpcConfig' in Properties,
      );
      expect(inside.map(([id]) => id).sort()).toEqual([
        'AskProductionLambdaFunction',
        'AskServerAgainLambdaFunction',
        'AskServerLambdaFunction',
        'AskSidesLambdaFunction',
        'CaptureBaselineLambdaFunction',
        'CheckSideEffectsLambdaFunction',
        'CompleteBaselineLambdaFunction',
        'CopyTablesLambdaFunction',
        'DescribeTablesLambdaFunction',
        'ReadClockLambdaFunction',
        'RehearseChangeLambdaFunction',
        'VerifyExtractLambdaFunction',
        'VerifyRecoveryLambdaFunction',
        'VerifyRestoreLambdaFunction',
        'VerifyRewindLambdaFunction',
      ]);
    });

    test('gives the function that runs changes a security group of its own: production need not let it in', () => {
      const groupsOf = (name: string) =>
        getStack().template.Resources[`${name}LambdaFunction`]?.Properties.VpcConfig;
      const own = { SecurityGroupIds: ['sg-00000000000000002'] };
      expect(groupsOf('RehearseChange')).toMatchObject(own);
      expect(groupsOf('AskProduction')).toEqual(groupsOf('VerifyRestore'));
      expect(groupsOf('AskProduction')).not.toMatchObject(own);
    });

    const machines: [id: string, definition: URL, states: string[]][] = [
      ['DrillStateMachine', drillMachine.definition, taskStates],
      ['RecoverStateMachine', recoverMachine.definition, recoveryStates],
      ['RehearseStateMachine', rehearseMachine.definition, rehearsalStates],
      ['ExtractStateMachine', extractMachine.definition, extractStates],
      ['RewindStateMachine', rewindMachine.definition, rewindStates],
      ['MarkStateMachine', markMachine.definition, markStates],
    ];

    test.each(machines)(
      'gives %s an ARN for every name in its definition, a role, logs and traces',
      (id, _, steps) => {
        const machine = getStack().template.Resources[id]?.Properties as unknown as Record<string, unknown>;
        const names = [...JSON.stringify(machine.Definition).matchAll(/\$\{(\w+)\}/g)].map(
          ([, name]) => name,
        );
        expect(names.sort()).toEqual([...steps].sort());
        expect(machine.DefinitionSubstitutions).toEqual(
          Object.fromEntries(steps.map((name) => [name, { 'Fn::GetAtt': [`${name}LambdaFunction`, 'Arn'] }])),
        );
        expect(machine).toMatchObject({
          RoleArn: { 'Fn::GetAtt': [`${id}Role`, 'Arn'] },
          LoggingConfiguration: { Level: 'ALL' },
          TracingConfiguration: { Enabled: true },
        });
      },
    );

    test.each(machines)('no task of %s ends before its function does', async (_, definition, steps) => {
      const { States } = await readDefinition(definition);
      for (const name of steps) {
        const timeout = Number(getStack().template.Resources[`${name}LambdaFunction`]?.Properties.Timeout);
        const { TimeoutSeconds = 0 } = States[name] as { TimeoutSeconds?: number };
        expect(TimeoutSeconds, name).toBeGreaterThan(timeout);
      }
    });

    test('has one schedule for each plan that has one', async () => {
      const plans = Object.values(parsePlans(await readFile('plans.yml', 'utf8'), 'plans.yml'));
      const expected = plans.flatMap(({ schedule }) => schedule ?? []);
      const seen = ofType(getStack(), 'AWS::Scheduler::Schedule')
        .filter(([, { Properties }]) => JSON.stringify(Properties.Target).includes('startExecution'))
        .map(([, { Properties }]) => Properties.ScheduleExpression);
      expect(seen).toEqual(expected);
    });

    test('is refused by CloudFormation until somebody says where the runbook is', () => {
      const { Default = '', AllowedPattern = '' } = getStack().template.Parameters.RunbookUrl ?? {};
      const pattern = new RegExp(`^${AllowedPattern}$`);
      expect(pattern.test(Default)).toBe(false);
      expect(pattern.test('https://wiki.example.com/aurora-drills')).toBe(true);
    });

    test('every role has the permissions boundary of the deployment, when it has one', () => {
      const { Resources, Parameters, Conditions } = getStack().template;
      const ref = { Ref: 'PermissionsBoundary' };
      const roles = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role');
      expect(roles.length).toBeGreaterThan(15);
      for (const [id, { Properties }] of roles) {
        expect([id, Properties.PermissionsBoundary]).toEqual([
          id,
          { 'Fn::If': ['HasPermissionsBoundary', ref, { Ref: 'AWS::NoValue' }] },
        ]);
      }
      expect(Conditions.HasPermissionsBoundary).toEqual({ 'Fn::Not': [{ 'Fn::Equals': [ref, ''] }] });
      expect(Parameters.PermissionsBoundary?.Default).toBe('');
    });

    test.each([
      ['', true],
      ['arn:aws:iam::111122223333:policy/boundary', true],
      ['arn:aws-us-gov:iam::111122223333:policy/teams/boundary', true],
      ['arn:aws-cn:iam::aws:policy/PowerUserAccess', true],
      ['boundary', false],
      ['arn:aws:iam::111122223333:role/boundary', false],
    ])('a permissions boundary of "%s": CloudFormation takes it: %s', (arn, isTaken) => {
      const { AllowedPattern = '' } = getStack().template.Parameters.PermissionsBoundary ?? {};
      expect(new RegExp(`^${AllowedPattern}$`).test(arn)).toBe(isTaken);
    });

    test('names no partition: every ARN takes that of the deployment', () => {
      const { Resources, Outputs } = getStack().template;
      const text = JSON.stringify({ Resources, Outputs });
      expect(text.match(/arn:\$\{AWS::Partition\}:/g)?.length).toBeGreaterThan(50);
      expect(text).not.toMatch(/arn:aws/);
    });

    test('refers only to resources that it has', () => {
      const known = new Set([
        ...Object.keys(getStack().template.Resources),
        ...Object.keys(getStack().template.Parameters),
        'AWS::Region',
        'AWS::AccountId',
        'AWS::Partition',
        'AWS::StackName',
        'AWS::NoValue',
      ]);
      const text = JSON.stringify(getStack().template.Resources);
      const used = [
        ...[...text.matchAll(/"Ref":"([^"]+)"/g)].map(([, id]) => id),
        ...[...text.matchAll(/"Fn::GetAtt":\["([^"]+)"/g)].map(([, id]) => id),
      ];
      expect(used.filter((id) => !known.has(id ?? ''))).toEqual([]);
    });
  });

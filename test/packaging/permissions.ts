import { readFile } from 'node:fs/promises';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as rds from '@aws-sdk/client-rds';
import * as s3 from '@aws-sdk/client-s3';
import * as sfn from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import { describe, expect, test } from 'vitest';
import { drillWorkflow } from '../../shared/drill/workflow.ts';
import { extractWorkflow } from '../../shared/extracting/workflow.ts';
import { recoveryWorkflow } from '../../shared/recovering/workflow.ts';
import { rehearsalWorkflow } from '../../shared/rehearsing/workflow.ts';
import { rewindWorkflow } from '../../shared/rewinding/workflow.ts';
import { sandboxUsers, sources, users } from './drill-fixture.ts';
import type { Statement } from './iam.ts';
import { readPermissions, type Table } from './permissions-page.ts';
import { readRoles, region } from './roles.ts';
import { functions, type GetStack } from './stack.ts';

const page = 'docs/permissions.md';
const sections = readPermissions(await readFile(page, 'utf8'));

/** Every function's role has these, but for one. The section of a function does not repeat them. */
const commonPolicies = ['WriteLogs', 'OnlyDrills'];
/** It denies more, and production apart. */
const rewinds = 'RewindCluster';
/** Of a mark, this one talks SQL. */
const mark = { sqlPhases: ['ReadClock'] };
/** It is allowed only where a plan says rewind: allowed, and this stack has none. */
const optedIn = 'BacktrackDBCluster';

const headings: Record<string, string> = {
  ...Object.fromEntries(functions.map((name) => [`${name}Role`, name])),
  DrillStateMachineRole: 'State machine',
  RecoverStateMachineRole: 'State machine of recoveries',
  RehearseStateMachineRole: 'State machine of rehearsals',
  ExtractStateMachineRole: 'State machine of extracts',
  RewindStateMachineRole: 'State machine of rewinds',
  MarkStateMachineRole: 'State machine of marks',
  ScheduleRole: 'Schedules',
};

/** IAM's name of a service differs from the SDK's. */
const clients: Record<string, { prefix: string; exported: object }> = {
  CloudWatchClient: { prefix: 'cloudwatch', exported: cloudwatch },
  RDSClient: { prefix: 'rds', exported: rds },
  S3Client: { prefix: 's3', exported: s3 },
  SFNClient: { prefix: 'states', exported: sfn },
  SNSClient: { prefix: 'sns', exported: sns },
};
/** The SDK brings them to find credentials on machines other than Lambda. */
const credentialClients = ['SSOClient', 'SSOOIDCClient', 'STSClient', 'SigninClient'];

/** Comes with the S3 client, which calls it only for directory buckets. Ours is none. */
const directoryBuckets = 'CreateSession';

/** An operation has the name of the action that allows it, except these: this function reads an object by its version. */
const toAction = (operation: string, name: string): string => {
  if (operation === 's3:GetObject' && name === 'PrepareRehearsal') return 's3:GetObjectVersion';
  return operation === 's3:HeadObject' ? 's3:GetObject' : operation;
};

/** The page does not depend on plans.yml. */
const placeholders: Record<string, string> = {
  ...Object.fromEntries(sources.map((source) => [`cluster:${source}`, 'cluster:SOURCE'])),
  ...Object.fromEntries(users.map((user) => [`dbuser:*/${user}`, 'dbuser:*/USER'])),
  ...Object.fromEntries(sandboxUsers.map((user) => [user, 'dbuser:RESOURCE-ID/USER'])),
};

/** As on the page: the part of an ARN after the account. */
const shorten = (text: string): string => {
  const short = text.startsWith('arn:') ? text.split(':').slice(5).join(':') : text;
  return placeholders[short] ?? short.replaceAll(region, 'REGION');
};

const code = (text: string): string => `\`${text}\``;

const describeCondition = ({ operator, key, values }: Statement['conditions'][number]): string => {
  if (operator === 'Null' && values.join() === 'false') return `${code(key)} is there`;
  const word = { StringEquals: 'is', StringLike: 'like', ArnLike: 'like', StringNotLike: 'not like' }[
    operator
  ];
  if (word === undefined) throw new Error(`${page} has no words for ${operator} of ${key}`);
  return `${code(key)} ${word} ${values.map((value) => code(shorten(value))).join(' or ')}`;
};

const describeOn = ({ resources, conditions }: Statement): string[] => {
  const condition = conditions.length > 0 ? ` if ${conditions.map(describeCondition).join(' and ')}` : '';
  return resources.patterns.map((pattern) => `${code(shorten(pattern))}${condition}`).sort();
};

/** The rows (action, on) of the allowing statements, sorted by action. */
const describeAllowed = (statements: readonly Statement[]): string[][] => {
  const on = new Map<string, Set<string>>();
  for (const statement of statements.filter(({ effect }) => effect === 'Allow')) {
    if (statement.actions.isExcept || statement.resources.isExcept) {
      throw new Error(`${page} has no form for what allows all but something`);
    }
    for (const action of statement.actions.patterns) {
      on.set(action, new Set([...(on.get(action) ?? []), ...describeOn(statement)]));
    }
  }
  return [...on].map(([action, places]) => [code(action), [...places].sort().join(', ')]).sort();
};

/** The rows (denied, on), one for each statement. */
const describeDenied = (statements: readonly Statement[]): string[][] =>
  statements
    .filter(({ effect }) => effect === 'Deny')
    .map((statement) => {
      if (statement.actions.isExcept)
        throw new Error(`${page} has no form for what denies all but something`);
      const places = describeOn(statement).join(', ');
      return [
        statement.actions.patterns.map(code).sort().join(', '),
        statement.resources.isExcept ? `all but ${places}` : places,
      ];
    });

/** A command in esbuild's output: class X extends F(..., "DeleteDBCluster", ...){}, where F = make(..., "RDSClient", ...). */
const readOperations = (bundle: string): Record<string, string[]> => {
  const factories = [...bundle.matchAll(/([\w$]+)=[\w$]+\([\w$]+,"\w+","(\w+Client)",[\w$]+\)/g)];
  const byFactory = new Map(factories.map(([, factory = '', client = '']) => [factory, client]));
  const operations: Record<string, string[]> = Object.fromEntries(
    factories.map(([, , client = '']) => [client, []]),
  );
  for (const [, factory = '', operation = ''] of bundle.matchAll(
    / extends ([\w$]+)\([\w$]+,[\w$]+,"(\w+)",[\w$]+\)\{/g,
  )) {
    const client = byFactory.get(factory);
    if (client !== undefined) operations[client]?.push(operation);
  }
  return operations;
};

const columnsOf = ({ rows }: Table, ...columns: string[]): string[][] =>
  rows.map((row) => columns.map((column) => row[column] ?? ''));

export const testPermissions = (getStack: GetStack) =>
  describe(page, () => {
    const sectionOf = (heading: string): Table[] => sections.get(heading) ?? [];
    const tableOf = (heading: string, first = 'action'): Table =>
      sectionOf(heading).find(({ columns }) => columns[0] === first) ?? { columns: [], rows: [] };
    const roles = () => readRoles(getStack());
    const roleOf = (heading: string) => roles().find(({ id }) => headings[id] === heading);
    const bundleOf = (name: string): string => {
      const files = Object.entries(getStack().zips.get(name) ?? {});
      const [, bytes] = files.find(([path]) => path.endsWith('.mjs')) ?? [];
      return new TextDecoder().decode(bytes);
    };

    test('a section for every role, in the order of the drill, and one for what every function has', () => {
      expect([...sections.keys()]).toEqual(['Every function', ...roles().map(({ id }) => headings[id])]);
    });

    /** The page says the same of these statements, and why. */
    const expectDescribed = (heading: string, statements: readonly Statement[]): void => {
      const [allowed, denied] = [tableOf(heading), tableOf(heading, 'denied')];
      expect([heading, columnsOf(allowed, 'action', 'on')]).toEqual([heading, describeAllowed(statements)]);
      expect([heading, columnsOf(denied, 'denied', 'on')]).toEqual([heading, describeDenied(statements)]);
      for (const row of [...allowed.rows, ...denied.rows]) expect(row.why).toMatch(/\w{3}/);
    };

    test.each(Object.values(headings))(
      '%s: the actions of its role, sorted, each with its resources and a reason',
      (heading) => {
        const own = roleOf(heading)?.policies.filter(({ name }) => !commonPolicies.includes(name)) ?? [];
        expect(own).not.toEqual([]);
        expectDescribed(
          heading,
          own.flatMap(({ statements }) => statements),
        );
      },
    );

    test('every function: the same logs, traces and deny in every role, as the page says', () => {
      for (const name of functions.filter((one) => one !== rewinds)) {
        const common = roleOf(name)?.policies.filter((policy) => commonPolicies.includes(policy.name)) ?? [];
        expect([name, common.map((policy) => policy.name)]).toEqual([name, commonPolicies]);
        expectDescribed(
          'Every function',
          common.flatMap(({ statements }) => statements),
        );
      }
    });

    test.each(functions)('%s: what the page says that it calls is what its bundle can call', (name) => {
      const operations = readOperations(bundleOf(name));
      // One signs in with a password, the other only answers: no client of AWS at all, not even one that finds credentials.
      if (['RehearseChange', 'ConcludeMark'].includes(name))
        return expect(bundleOf(name)).not.toContain('Client",');
      // Each bundle brings these, so this fails when the pattern no longer finds anything.
      expect(operations).toMatchObject({ STSClient: ['AssumeRole', 'AssumeRoleWithWebIdentity'] });
      const seen = Object.keys(operations).filter((client) => !credentialClients.includes(client));
      const services = bundleOf(name).match(/serviceId\?\?"(CloudWatch|RDS|S3|SFN|SNS)"/g) ?? [];
      expect(seen).toHaveLength(services.length);
      const called = seen.flatMap((client) => {
        const { prefix, exported } = clients[client] ?? {
          prefix: `${client} is not known here`,
          exported: {},
        };
        expect([client, operations[client]]).not.toEqual([client, []]);
        for (const operation of operations[client] ?? [])
          expect(exported).toHaveProperty(`${operation}Command`);
        return (operations[client] ?? [])
          .filter((operation) => operation !== directoryBuckets && operation !== optedIn)
          .map((operation) => [`\`${toAction(`${prefix}:${operation}`, name)}\``, 'yes']);
      });
      const rows = columnsOf(tableOf(name), 'action', 'called');
      const distinct = [...new Map(called.map((row) => [row[0], row])).values()];
      expect(rows.filter(([, isCalled]) => isCalled !== 'implied')).toEqual(distinct.sort());
      const workflows = [
        drillWorkflow,
        recoveryWorkflow,
        rehearsalWorkflow,
        extractWorkflow,
        rewindWorkflow,
        mark,
      ];
      const speaksSql = workflows.some(({ sqlPhases }) => sqlPhases.includes(name));
      expect([name, called.length === 0]).toEqual([name, speaksSql]);
      return undefined;
    });
  });

import type { PackagedStack, Resource } from '../../bench/packaged-stack.ts';
import { readStatements, type Statement } from './iam.ts';
import { ofType } from './stack.ts';

/** Where the stack is deployed, for these tests. */
export const region = 'eu-west-1';
export const account = '111122223333';

export const arnOf = (service: string, resource: string): string =>
  `arn:aws:${service}:${region}:${account}:${resource}`;

const pseudoParameters: Record<string, string> = {
  'AWS::Partition': 'aws',
  'AWS::Region': region,
  'AWS::AccountId': account,
  'AWS::StackName': 'aurora-drills-prod',
};

/** Fn::GetAtt Arn, for the types that policies refer to. */
const arns: Record<string, (properties: Record<string, unknown>, id: string) => string> = {
  'AWS::Events::Rule': ({ Name }) => arnOf('events', `rule/${Name}`),
  'AWS::IAM::Role': (_, id) => `arn:aws:iam::${account}:role/${id}`,
  'AWS::KMS::Key': (_, id) => arnOf('kms', `key/${id}`),
  'AWS::Lambda::Function': ({ FunctionName }) => arnOf('lambda', `function:${FunctionName}`),
  // CloudFormation chooses its name.
  'AWS::S3::Bucket': (_, id) => `arn:aws:s3:::${id.toLowerCase()}`,
  'AWS::SNS::Topic': ({ TopicName }) => arnOf('sns', `${TopicName}`),
  'AWS::SQS::Queue': ({ QueueName }) => arnOf('sqs', `${QueueName}`),
  'AWS::StepFunctions::StateMachine': ({ StateMachineName }) =>
    arnOf('states', `stateMachine:${StateMachineName}`),
};

/** The types whose Ref is their ARN. A function's is its name, a queue's is its URL. */
const referredToByArn = ['AWS::SNS::Topic', 'AWS::StepFunctions::StateMachine'];

/** Makes a string of a template value, as CloudFormation does. @throws Error for an unknown function */
export const resolverOf = (resources: Record<string, Resource>): ((value: unknown) => string) => {
  const findArn = (id: string, isRef: boolean): string => {
    const { Type = 'nothing', Properties = {} } = resources[id] ?? {};
    const make = isRef && !referredToByArn.includes(Type) ? undefined : arns[Type];
    if (make === undefined) throw new Error(`no ARN is known of ${id}, which is ${Type}`);
    return make(Properties, id);
  };
  const resolve = (value: unknown): string => {
    if (typeof value === 'string' || typeof value === 'boolean') return String(value);
    const [[intrinsic, argument] = [], ...others] = Object.entries(value ?? {});
    if (others.length === 0 && intrinsic === 'Ref')
      return pseudoParameters[argument] ?? findArn(argument, true);
    if (others.length === 0 && intrinsic === 'Fn::GetAtt' && argument[1] === 'Arn') {
      return findArn(argument[0], false);
    }
    if (others.length === 0 && intrinsic === 'Fn::Sub' && typeof argument === 'string') {
      return argument.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
        const [id = '', attribute] = name.split('.');
        return resolve(attribute === undefined ? { Ref: id } : { 'Fn::GetAtt': [id, attribute] });
      });
    }
    throw new Error(`cannot be resolved here: ${JSON.stringify(value)}`);
  };
  return resolve;
};

export type Role = {
  id: string;
  arn: string;
  trust: Statement[];
  policies: { name: string; statements: Statement[] }[];
  /** Those of all policies. */
  statements: Statement[];
};

/** Every role of the template. @throws Error when a role is allowed something that is not written in the role itself */
export const readRoles = (stack: PackagedStack): Role[] => {
  const { Resources } = stack.template;
  const elsewhere = Object.entries(Resources).filter(([, { Type }]) => /^AWS::IAM::(?!Role$)/.test(Type));
  if (elsewhere.length > 0) throw new Error(`policies outside of roles: ${elsewhere.map(([id]) => id)}`);
  const resolve = resolverOf(Resources);
  return ofType(stack, 'AWS::IAM::Role').map(([id, { Properties }]) => {
    const { AssumeRolePolicyDocument, Policies, ...others } = Properties;
    const strange = Object.keys(others).filter(
      (key) => !['RoleName', 'Description', 'PermissionsBoundary'].includes(key),
    );
    if (strange.length > 0) throw new Error(`${id}: not known here: ${strange.join(', ')}`);
    const policies = (Policies as { PolicyName: string; PolicyDocument: unknown }[]).map((policy) => ({
      name: policy.PolicyName,
      statements: readStatements(policy.PolicyDocument, resolve),
    }));
    return {
      id,
      arn: resolve({ 'Fn::GetAtt': [id, 'Arn'] }),
      trust: readStatements(AssumeRolePolicyDocument, resolve),
      policies,
      statements: policies.flatMap(({ statements }) => statements),
    };
  });
};

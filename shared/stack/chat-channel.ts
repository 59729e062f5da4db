import { DrillError } from '../errors.ts';

/** Slack's own forms: T for a workspace, C for a channel, G for an old private channel. */
const workspacePattern = /^T[0-9A-Z]{1,254}$/;
const channelPattern = /^[CG][0-9A-Z]{1,254}$/;

type Resources = Record<string, { Type: string; Properties: Record<string, unknown> }>;

/**
 * CloudFormation for the Slack channel that is told of drills and alarms. Nothing when no channel is set.
 * @param workspaceId slackWorkspaceId of deployment.yml, "T0123ABCD", empty or missing for none
 * @param channelId slackChannelId of deployment.yml, "C0123ABCD", empty or missing for none
 * @throws DrillError InvalidSetting
 */
export const chatChannelResources = (workspaceId: unknown, channelId: unknown): Resources => {
  if (isUnset(workspaceId) && isUnset(channelId)) return {};
  requireId('slackWorkspaceId', workspaceId, workspacePattern, 'the id of a Slack workspace, "T0123ABCD"');
  requireId('slackChannelId', channelId, channelPattern, 'the id of a Slack channel, "C0123ABCD"');
  return {
    ChatChannel: {
      Type: 'AWS::Chatbot::SlackChannelConfiguration',
      Properties: {
        // Configurations belong to the account, not to a Region.
        ConfigurationName: { 'Fn::Sub': '${AWS::StackName}-${AWS::Region}' },
        SlackWorkspaceId: workspaceId,
        SlackChannelId: channelId,
        SnsTopicArns: [{ Ref: 'NotificationTopic' }, { Ref: 'PagerTopic' }],
        IamRoleArn: { 'Fn::GetAtt': ['ChatChannelRole', 'Arn'] },
        // By default AWS takes AdministratorAccess: members of the channel could do whatever the role may.
        GuardrailPolicies: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/CloudWatchReadOnlyAccess' }],
        LoggingLevel: 'ERROR',
        UserRoleRequired: false,
      },
    },
    ChatChannelRole: { Type: 'AWS::IAM::Role', Properties: roleProperties },
  };
};

const roleProperties = {
  // As every role in config/roles.yml.
  PermissionsBoundary: {
    'Fn::If': ['HasPermissionsBoundary', { Ref: 'PermissionsBoundary' }, { Ref: 'AWS::NoValue' }],
  },
  AssumeRolePolicyDocument: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'chatbot.amazonaws.com' },
        Action: 'sts:AssumeRole',
        // IfExists: the Administrator Guide shows this trust without a condition. It does not say if the key is sent.
        Condition: { StringEqualsIfExists: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ],
  },
  Policies: [
    {
      // As in the service's own template for notifications: a metric's picture below its alarm.
      PolicyName: 'ShowAlarms',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['cloudwatch:Describe*', 'cloudwatch:Get*', 'cloudwatch:List*'],
            Resource: '*',
          },
        ],
      },
    },
  ],
};

const isUnset = (setting: unknown): boolean => setting === undefined || setting === null || setting === '';

const requireId = (key: string, setting: unknown, pattern: RegExp, expected: string): void => {
  if (typeof setting === 'string' && pattern.test(setting)) return;
  const seen = isUnset(setting) ? 'seen none, though the other of the two is set' : `seen "${setting}"`;
  throw new DrillError('InvalidSetting', `${key}: expected ${expected}, ${seen}`);
};

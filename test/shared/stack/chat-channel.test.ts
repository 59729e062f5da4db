import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { chatChannelResources } from '../../../shared/stack/chat-channel.ts';

const workspace = 'T0123ABCD';
const channel = 'C0456EFGH';

test.each([
  ['empty', '', ''],
  ['missing', undefined, undefined],
  ['null', null, null],
])('both ids %s: no resource at all', (_, workspaceId, channelId) => {
  expect(chatChannelResources(workspaceId, channelId)).toEqual({});
});

test.each([channel, 'G0456EFGH'])('workspace and channel %s: both topics told there, read-only', (id) => {
  expect(chatChannelResources(workspace, id).ChatChannel).toEqual({
    Type: 'AWS::Chatbot::SlackChannelConfiguration',
    Properties: {
      ConfigurationName: { 'Fn::Sub': '${AWS::StackName}-${AWS::Region}' },
      SlackWorkspaceId: workspace,
      SlackChannelId: id,
      SnsTopicArns: [{ Ref: 'NotificationTopic' }, { Ref: 'PagerTopic' }],
      IamRoleArn: { 'Fn::GetAtt': ['ChatChannelRole', 'Arn'] },
      GuardrailPolicies: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/CloudWatchReadOnlyAccess' }],
      LoggingLevel: 'ERROR',
      UserRoleRequired: false,
    },
  });
});

test('its role: for the chat service of this account, and to read CloudWatch alone', () => {
  const { ChatChannelRole, ...others } = chatChannelResources(workspace, channel);
  expect(Object.keys(others)).toEqual(['ChatChannel']);
  expect(ChatChannelRole).toMatchObject({
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Principal: { Service: 'chatbot.amazonaws.com' },
            Condition: { StringEqualsIfExists: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ],
      },
      Policies: [
        {
          PolicyDocument: {
            Statement: [{ Action: ['cloudwatch:Describe*', 'cloudwatch:Get*', 'cloudwatch:List*'] }],
          },
        },
      ],
    },
  });
  expect(ChatChannelRole?.Properties).not.toHaveProperty('ManagedPolicyArns');
});

test.each([
  ['slackChannelId', workspace, '', 'seen none, though the other of the two is set'],
  ['slackChannelId', workspace, undefined, 'seen none'],
  ['slackWorkspaceId', '', channel, 'seen none, though the other of the two is set'],
  ['slackWorkspaceId', 'acme', channel, 'seen "acme"'],
  ['slackWorkspaceId', 'C0123ABCD', channel, 'seen "C0123ABCD"'],
  ['slackWorkspaceId', 't0123abcd', channel, 'seen "t0123abcd"'],
  ['slackWorkspaceId', `${workspace}\n`, channel, 'seen "T0123ABCD\n"'],
  ['slackWorkspaceId', 'T', channel, 'seen "T"'],
  ['slackChannelId', workspace, '#drills', 'seen "#drills"'],
  ['slackChannelId', workspace, 'D0456EFGH', 'seen "D0456EFGH"'],
  ['slackChannelId', workspace, ` ${channel}`, `seen " ${channel}"`],
  ['slackChannelId', workspace, 123, 'seen "123"'],
])('%s wrong with %j and %j: InvalidSetting that names it', (key, workspaceId, channelId, seen) => {
  expect(() => chatChannelResources(workspaceId, channelId)).toThrow(
    expect.objectContaining({
      name: 'InvalidSetting',
      summary: expect.stringMatching(new RegExp(`^${key}: expected the id of a Slack`)),
    }),
  );
  expect(() => chatChannelResources(workspaceId, channelId)).toThrow(
    expect.objectContaining({ summary: expect.stringContaining(seen) }),
  );
});

test('config/chat-channel.js: the resources for the settings of deployment.yml', async () => {
  const { slackWorkspaceId, slackChannelId } = parse(await readFile('config/deployment.yml', 'utf8'));
  const { chatChannel } = await import('../../../config/chat-channel.js' as string);
  expect(chatChannel).toEqual({ Resources: chatChannelResources(slackWorkspaceId, slackChannelId) });
});

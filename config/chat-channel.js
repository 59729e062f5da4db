// The chat channel of deployment.yml, as CloudFormation. Serverless loads this file when it packages, so a wrong setting
// stops a deployment.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { chatChannelResources } from '../shared/stack/chat-channel.ts';

const text = readFileSync(new URL('deployment.yml', import.meta.url), 'utf8');
const { slackWorkspaceId, slackChannelId } = parse(text);

export const chatChannel = { Resources: chatChannelResources(slackWorkspaceId, slackChannelId) };

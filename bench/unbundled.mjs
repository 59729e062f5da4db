// A monitor without bundling: the whole SDK clients, as published.
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as rds from '@aws-sdk/client-rds';
import * as sns from '@aws-sdk/client-sns';

const clients = [new cloudwatch.CloudWatch({}), new rds.RDS({}), new sns.SNS({})];

export const handler = async () => clients.length;

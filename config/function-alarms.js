// Two alarms for each function of serverless.yml: on its errors, and on its throttles.
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

// Ignores CloudFormation's own tags, such as !Ref.
const { functions } = parse(readFileSync(new URL('../serverless.yml', import.meta.url), 'utf8'), {
  logLevel: 'silent',
  merge: true,
});
const machines = new URL('../statemachines/', import.meta.url);
const states = Object.assign(
  {},
  ...readdirSync(machines).map(
    (file) => parse(readFileSync(new URL(file, machines), 'utf8'), { merge: true }).States,
  ),
);

const kebab = (name) => name.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase();

const alarm = (name, suffix, metric, threshold, description) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmName: `\${self:service}-\${self:provider.stage}-${kebab(name)}-${suffix}`,
    AlarmDescription: { 'Fn::Sub': `${description} \${RunbookUrl}#function-${suffix}` },
    Namespace: 'AWS/Lambda',
    MetricName: metric,
    Dimensions: [{ Name: 'FunctionName', Value: { Ref: `${name}LambdaFunction` } }],
    Statistic: 'Sum',
    Period: 3600,
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: threshold,
    TreatMissingData: 'notBreaching',
    AlarmActions: [{ Ref: 'PagerTopic' }],
    OKActions: [{ Ref: 'PagerTopic' }],
  },
});

// The state machine retries a step six times, and its drill reports the failure. More errors than that in an hour are
// another problem. Nobody retries the other functions in time.
const maxErrors = (name) => (name in states ? 7 : 0);
// A throttled call is repeated, by the state machine or by Lambda, and sometimes two calls meet.
const maxThrottles = (name) => (name in states ? 10 : 50);

export const functionAlarms = {
  Resources: Object.fromEntries(
    Object.keys(functions).flatMap((name) => [
      [
        `${name}ErrorsAlarm`,
        alarm(
          name,
          'errors',
          'Errors',
          maxErrors(name),
          `${name} failed${name in states ? ' more often than its retries explain' : ''}.`,
        ),
      ],
      [
        `${name}ThrottlesAlarm`,
        alarm(name, 'throttles', 'Throttles', maxThrottles(name), `Lambda turns calls of ${name} away.`),
      ],
    ]),
  ),
};

// Two alarms for each function of serverless.yml: on its errors, and on its throttles.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

// CloudFormation's own tags, such as !Ref, are of no interest here.
const { functions } = parse(readFileSync(new URL('../serverless.yml', import.meta.url), 'utf8'), {
  logLevel: 'silent',
  merge: true,
});
const states = JSON.parse(
  readFileSync(new URL('../statemachines/drill.asl.json', import.meta.url), 'utf8'),
).States;

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

// A step is retried by the state machine, six times after the first, and its drill tells of a failure; more errors than
// that in an hour are a trouble of their own. Nobody retries the others in time.
const mostErrors = (name) => (name in states ? 7 : 0);
// Lambda itself calls again what it turned away, for hours; now and then two calls meet.
const mostThrottles = 10;

export const functionAlarms = {
  Resources: Object.fromEntries(
    Object.keys(functions).flatMap((name) => [
      [`${name}ErrorsAlarm`, alarm(name, 'errors', 'Errors', mostErrors(name), `${name} goes on failing.`)],
      [
        `${name}ThrottlesAlarm`,
        alarm(name, 'throttles', 'Throttles', mostThrottles, `Lambda turns calls of ${name} away.`),
      ],
    ]),
  ),
};

import { expect, test } from 'vitest';
import * as z from 'zod';
import { metricUnits } from '../../../shared/monitors/metrics.ts';
import { dashboardResources } from '../../../shared/stack/dashboard.ts';
import { makePlans } from '../plan/plan-fixture.ts';

/** The used part of what CloudWatch takes (CloudWatch API, "Dashboard body structure and syntax"). */
const place = {
  x: z.int().min(0).max(23),
  y: z.int().min(0),
  width: z.int().min(1).max(24),
  height: z.int().min(1).max(1000),
};
const line = z.strictObject({ label: z.string(), value: z.number() });
const series = z.union([
  z.array(z.string()).min(2),
  z.tuple([z.strictObject({ expression: z.string(), id: z.string().regex(/^[a-z]\w*$/) })]),
]);
const body = z.strictObject({
  start: z.string().regex(/^-P\d+[DWM]$/),
  periodOverride: z.enum(['inherit', 'auto']),
  widgets: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({
          type: z.literal('metric'),
          ...place,
          properties: z.strictObject({
            title: z.string(),
            view: z.literal('timeSeries'),
            region: z.string(),
            metrics: z.array(series).min(1).max(500),
            period: z.int().multipleOf(60),
            stat: z.enum(['Minimum', 'Maximum']).optional(),
            yAxis: z.strictObject({ left: z.strictObject({ min: z.number(), max: z.number().optional() }) }),
            annotations: z.strictObject({ horizontal: z.array(line) }).optional(),
          }),
        }),
        z.strictObject({
          type: z.literal('alarm'),
          ...place,
          properties: z.strictObject({ title: z.string(), alarms: z.array(z.string()).min(1).max(100) }),
        }),
      ]),
    )
    .max(500),
});

const alarms = {
  'Last drill failed': ['DrillFailedAlarmA', 'DrillFailedAlarmB'],
  Backups: ['SnapshotAgeAlarm'],
};

const readBody = (plans: Record<string, object>) => {
  const { DrillDashboard } = dashboardResources(makePlans(plans), alarms) as Record<
    string,
    { Type: string; Properties: { DashboardBody: { 'Fn::Sub': string } } }
  >;
  expect(DrillDashboard?.Type).toBe('AWS::CloudWatch::Dashboard');
  return DrillDashboard?.Properties.DashboardBody['Fn::Sub'] ?? '';
};

const manyPlans = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`plan-${index}`, {}]));

test.each([
  ['one plan', { shop: { objectives: { rtoMinutes: 60, rpoMinutes: 10 } } }],
  ['50 plans', manyPlans],
])('%s: a body that CloudWatch takes, without widgets that overlap', (_, plans) => {
  const { widgets } = body.parse(JSON.parse(readBody(plans)));
  const cells = widgets.flatMap(({ x, y, width }) =>
    Array.from({ length: width }, (_cell, index) => `${x + index} ${y}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  for (const { x, width } of widgets) expect(x + width).toBeLessThanOrEqual(24);
});

test('verdicts, RTO and RPO of each plan, and everything that the monitors and the sweeper publish: shown', () => {
  const text = readBody({ shop: {}, users: {} });
  const hidden = ['UnparsableRdsEvents'];
  for (const name of Object.keys(metricUnits).filter((metric) => !hidden.includes(metric))) {
    expect(text).toContain(name);
  }
  for (const plan of ['shop', 'users']) expect(text).toContain(`RTO of ${plan}`);
});

test('an objective: a line at its seconds; without one there is none', () => {
  const { widgets } = body.parse(JSON.parse(readBody({ shop: { objectives: { rtoMinutes: 60 } } })));
  const linesOf = (title: string) =>
    widgets.flatMap(({ type, properties }) =>
      type === 'metric' && properties.title.startsWith(title) ? [properties.annotations?.horizontal] : [],
    );
  expect(linesOf('RTO of shop')).toEqual([[{ label: 'objective', value: 3600 }]]);
  expect(linesOf('RPO of shop')).toEqual([undefined]);
});

test('alarms: by their ARNs, which CloudFormation fills in', () => {
  const { widgets } = body.parse(JSON.parse(readBody({ shop: {} })));
  expect(widgets[0]).toMatchObject({
    type: 'alarm',
    properties: { alarms: ['${DrillFailedAlarmA.Arn}', '${DrillFailedAlarmB.Arn}'] },
  });
});

test('alarms of which there are none: no widget, which CloudWatch would refuse', () => {
  const plans = makePlans({ shop: {} });
  const { DrillDashboard } = dashboardResources(plans, { ...alarms, None: [] }) as Record<
    string,
    { Properties: object }
  >;
  expect(JSON.stringify(DrillDashboard)).not.toContain('None');
});

import { describe, expect, test } from 'vitest';
import { type GetStack, ofType } from './stack.ts';

export const testReports = (getStack: GetStack) =>
  describe('reports, dashboard and chat in the template', () => {
    const resources = () => getStack().template.Resources;

    test('reports are filed in the one bucket, which outlives the stack and is told as its output', () => {
      expect(ofType(getStack(), 'AWS::S3::Bucket').map(([id]) => id)).toContain('ReportBucket');
      expect(resources().ReportBucket).toMatchObject({ DeletionPolicy: 'Retain' });
      for (const name of [
        'NotifyResult',
        'ConcludeDrill',
        'BacktrackReady',
        'DrillAge',
        'Posture',
        'SweepLeftovers',
      ]) {
        expect(resources()[`${name}LambdaFunction`]?.Properties.Environment).toMatchObject({
          Variables: { REPORT_BUCKET: { Ref: 'ReportBucket' } },
        });
      }
      expect(getStack().template.Outputs).toMatchObject({
        ReportBucketName: { Value: { Ref: 'ReportBucket' } },
      });
    });

    test('the dashboard shows alarms that there are, those of every plan among them', () => {
      const [[, dashboard] = []] = ofType(getStack(), 'AWS::CloudWatch::Dashboard');
      const { DashboardBody } = dashboard?.Properties ?? {};
      const { 'Fn::Sub': body } = DashboardBody as { 'Fn::Sub': string };
      const shown = [...body.matchAll(/\$\{(\w+)\.Arn\}/g)].map(([, id = '']) => id);
      for (const id of shown) expect([id, resources()[id]?.Type]).toEqual([id, 'AWS::CloudWatch::Alarm']);
      const ofPlans = Object.keys(resources()).filter((id) =>
        /^(DrillFailed|RtoOverObjective|NoPassedDrill)Alarm/.test(id),
      );
      expect(ofPlans).toHaveLength(3);
      expect(shown).toEqual(expect.arrayContaining(ofPlans));
    });

    test('no chat channel is configured: none is made', () => {
      expect(ofType(getStack(), 'AWS::Chatbot::SlackChannelConfiguration')).toEqual([]);
    });
  });

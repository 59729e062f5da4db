import { z } from 'zod';

const environment = z.object({
  NOTIFICATION_TOPIC_ARN: z.string().startsWith('arn:').optional(),
  /** Set by Lambda: the Region of the function, and the folder its zip is unpacked in. */
  AWS_REGION: z.string().default('us-east-1'),
  LAMBDA_TASK_ROOT: z.string().default('.'),
});

export type Environment = z.infer<typeof environment>;

/** The settings a function is deployed with. The only place that reads process.env. */
export const readEnvironment = (): Environment => environment.parse(process.env);

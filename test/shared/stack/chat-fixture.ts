import * as z from 'zod';

const texts = z.array(z.string().min(1));

/**
 * What Amazon Q Developer in chat applications takes as a custom notification, and nothing else. Source: its
 * Administrator Guide, "Custom notifications", event schema (docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html).
 * Lengths are what chat channels show.
 */
export const customNotification = z.strictObject({
  version: z.literal('1.0'),
  source: z.literal('custom'),
  id: z.string().min(1).optional(),
  content: z.strictObject({
    textType: z.literal('client-markdown').optional(),
    title: z.string().min(1).max(250).optional(),
    description: z.string().min(1).max(8000),
    nextSteps: texts.optional(),
    keywords: texts.optional(),
  }),
  metadata: z
    .strictObject({
      threadId: z.string().min(1).optional(),
      summary: z.string().min(1).optional(),
      eventType: z.string().min(1).optional(),
      relatedResources: texts.optional(),
      additionalContext: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
});

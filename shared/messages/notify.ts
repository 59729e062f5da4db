import type { Message } from './message.ts';

/** The port for messages: an SNS topic in AWS, the report folder on this machine. */
export type Notify = (message: Message) => Promise<void>;

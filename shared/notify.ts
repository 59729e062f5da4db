/** A message to people: a subject line of under 100 ASCII characters, and the text below it. */
export type Message = { subject: string; text: string };

/** The port to whoever is told: an SNS topic in AWS, the report folder on this machine. */
export type Notify = (message: Message) => Promise<void>;

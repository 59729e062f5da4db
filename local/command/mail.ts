import { type Message, toSubject, toText } from '../../shared/messages/message.ts';
import { localOrigin } from '../aurora/world.ts';

/** A message as mail, for a terminal: its subject, and below it the text, each line behind an indent. */
export const describeMail = (message: Message): string[] => [
  `  message  ${toSubject(message)}`,
  ...toText(message, localOrigin)
    .split('\n')
    .map((line) => `           ${line}`.trimEnd()),
];

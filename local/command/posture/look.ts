import type { Message } from '../../../shared/messages/message.ts';
import type { PostureDocument } from '../../../shared/posture/document.ts';

/**
 * One look at a fleet. `day`: of the story of the model fleet, what had happened, what people were told, and why the run of the
 * function failed, if it did.
 */
export type Look = {
  document: PostureDocument;
  day: { title: string; messages: Message[]; failure: string | null } | null;
};

import { cleanPosture, firstPosture, secondPosture } from '../../../local/documents/posture-example.ts';
import type { Message } from '../../../shared/messages/message.ts';
import { describePosture } from '../../../shared/messages/posture.ts';
import { listChanges } from '../../../shared/posture/changes.ts';
import type { PostureDocument } from '../../../shared/posture/document.ts';

/** What the run of `now` tells after that of `before`. */
export const tellPosture = (before: PostureDocument | null, now: PostureDocument): Message =>
  describePosture(listChanges(before, now), {
    document: now,
    isFirst: before === null,
    reportPlace: 's3://reports/posture.html',
  });

export const postureMessages: Record<string, Message> = {
  'posture-failing-at-first': tellPosture(null, firstPosture),
  'posture-failing': tellPosture(firstPosture, secondPosture),
  'posture-clean': tellPosture(secondPosture, cleanPosture),
};

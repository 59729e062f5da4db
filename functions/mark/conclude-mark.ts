// Called by the state machine last: when the safety snapshot is available, or after what stopped the mark.
// Changes nothing: its answer, the exact inputs that lead back to the mark, is the output of the execution.
// Running it twice answers the same.
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import type { Clock } from '../../shared/instants.ts';
import type { Step } from '../../shared/job/step.ts';
import type { MarkState } from '../../shared/rewinding/mark-state.ts';
import { documentMark, type MarkDocument } from '../../shared/rewinding/marking.ts';

export const concludeMark: Step<{ now: Clock }, MarkDocument, MarkState> = async (state) =>
  documentMark(state);

export const handler = lambdaHandler(concludeMark, { now: systemClock });

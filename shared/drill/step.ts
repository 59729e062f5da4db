import { type StateWith as AnyStateWith, stepsWith } from '../job/step.ts';
import type { Phase, Pieces } from './state.ts';

/** The state data of a drill, with the pieces of these phases. */
export type StateWith<Needed extends Phase> = AnyStateWith<Pieces, Needed>;

/** A step of the drill alone. */
export const defineStep = stepsWith<Pieces>();

import { withoutTurning } from '../../words/turning-marks.ts';
import { element } from './element.ts';

const FIRST_STRONG_ISOLATE = '\u2068';
const POP_DIRECTIONAL_ISOLATE = '\u2069';

/**
 * A text that others wrote, for the middle of a sentence of ours: whatever its direction is, it turns nothing
 * outside of itself. Marks that could close the isolate are taken out.
 */
export function isolated(text: string): string {
  return `${FIRST_STRONG_ISOLATE}${withoutTurning(text)}${POP_DIRECTIONAL_ISOLATE}`;
}

/** A text that others wrote, on its own: in its own direction, and broken wherever it is too long. */
export function foreign(text: string): HTMLElement {
  return element('bdi', { class: 'foreign', dir: 'auto' }, withoutTurning(text));
}

import { withoutTurning } from '../../words/turning-marks.ts';
import { element } from './element.ts';

const FIRST_STRONG_ISOLATE = '\u2068';
const POP_DIRECTIONAL_ISOLATE = '\u2069';

/**
 * Text that is not ours, for the middle of one of our sentences: its direction does not affect the rest. Marks that
 * could close the isolate are removed.
 */
export function isolated(text: string): string {
  return `${FIRST_STRONG_ISOLATE}${withoutTurning(text)}${POP_DIRECTIONAL_ISOLATE}`;
}

/** Text that is not ours, on its own: in its own direction, and broken anywhere if it is too long. */
export function foreign(text: string): HTMLElement {
  return element('bdi', { class: 'foreign', dir: 'auto' }, withoutTurning(text));
}

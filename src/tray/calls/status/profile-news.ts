import type { StatusBody } from '../../../outlets/answer/status-body.ts';
import type { OwnWindows } from '../../windows/own-windows.ts';

/**
 * Tells the open pages of every change of a profile: once for all that happens in one turn of the event loop,
 * and not at all while nobody looks.
 */
export class ProfileNews {
  readonly #windows: Pick<OwnWindows, 'areClosed' | 'tellAll'>;
  readonly #statuses: () => readonly StatusBody[];
  #due: NodeJS.Immediate | undefined;

  constructor(windows: Pick<OwnWindows, 'areClosed' | 'tellAll'>, statuses: () => readonly StatusBody[]) {
    this.#windows = windows;
    this.#statuses = statuses;
  }

  /** Something has changed, or may have. */
  announce(): void {
    this.#due ??= setImmediate(() => {
      this.#due = undefined;
      if (!this.#windows.areClosed) this.#windows.tellAll('profiles.changed', this.#statuses());
    });
  }
}

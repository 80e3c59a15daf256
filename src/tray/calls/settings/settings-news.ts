import type { Log } from '../../../system/log/log.ts';
import type { SettingsView } from '../../../pages/bridge/contract.ts';
import type { OwnWindows } from '../../windows/own-windows.ts';

/**
 * Tells the open pages what is set, whenever that has changed: once for all that happens in one turn of the event
 * loop, and not at all while nobody looks.
 */
export class SettingsNews {
  readonly #windows: Pick<OwnWindows, 'areClosed' | 'tellAll'>;
  readonly #read: () => Promise<SettingsView>;
  readonly #log: Pick<Log, 'error'>;
  #due: NodeJS.Immediate | undefined;
  /** One after the other: an earlier view must not arrive after a later one. */
  #telling: Promise<void> = Promise.resolve();
  /** What was told last, so that a change of a token's life, which is no setting, is no news. */
  #told = '';

  constructor(parts: {
    readonly windows: Pick<OwnWindows, 'areClosed' | 'tellAll'>;
    readonly read: () => Promise<SettingsView>;
    readonly log: Pick<Log, 'error'>;
  }) {
    this.#windows = parts.windows;
    this.#read = parts.read;
    this.#log = parts.log;
  }

  /** Something has changed, or may have. */
  announce(): void {
    this.#due ??= setImmediate(() => {
      this.#due = undefined;
      this.#telling = this.#telling.then(() => this.#tell());
    });
  }

  async #tell(): Promise<void> {
    if (this.#windows.areClosed) {
      // Whoever opens a page reads what is set by then, which may not be what was told before.
      this.#told = '';
      return;
    }
    try {
      const view = await this.#read();
      const text = JSON.stringify(view);
      if (text === this.#told) return;
      this.#told = text;
      this.#windows.tellAll('settings.changed', view);
    } catch (error) {
      this.#log.error('the pages could not be told of changed settings', { error });
    }
  }
}

import type { MessageName, Messages } from '../../../pages/bridge/contract.ts';
import type { Log } from '../../../system/log/log.ts';
import { Queue } from '../../../system/queue.ts';
import type { OwnWindows } from '../../windows/own-windows.ts';

interface PageNewsParts<Name extends MessageName> {
  readonly windows: Pick<OwnWindows, 'areClosed' | 'tellAll'>;
  readonly message: Name;
  readonly read: () => Messages[Name] | Promise<Messages[Name]>;
  readonly log: Pick<Log, 'error'>;
}

/**
 * Sends the open pages a message when what it describes has changed: once for all changes in one turn of the event
 * loop, and nothing while no window is open.
 */
export class PageNews<Name extends MessageName> {
  readonly #parts: PageNewsParts<Name>;
  #due: NodeJS.Immediate | undefined;
  /** One after the other: an earlier message must not arrive after a later one. */
  readonly #queue = new Queue();
  /** The last message sent: an equal one is not sent again. */
  #told = '';

  constructor(parts: PageNewsParts<Name>) {
    this.#parts = parts;
  }

  /** Something has changed, or may have. */
  announce(): void {
    this.#due ??= setImmediate(() => {
      this.#due = undefined;
      void this.#queue.run(() => this.#tell());
    });
  }

  async #tell(): Promise<void> {
    const { windows, message, read, log } = this.#parts;
    if (windows.areClosed) {
      // A page that opens reads the current state, which may differ from the last message.
      this.#told = '';
      return;
    }
    try {
      const said = await read();
      const text = JSON.stringify(said);
      if (text === this.#told) return;
      this.#told = text;
      windows.tellAll(message, said);
    } catch (error) {
      log.error('the pages could not be told of a change', { message, error });
    }
  }
}

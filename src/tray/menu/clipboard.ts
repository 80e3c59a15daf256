import { clipboard } from 'electron';
import { createHash } from 'node:crypto';

/** The part of Electron's clipboard that is used; it is asynchronous since Electron 44. */
export type ClipboardPort = Pick<typeof clipboard, 'readText' | 'writeText' | 'clear'>;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

interface TokenClipboardParts {
  readonly port: ClipboardPort;
  /** Read at each copy; 0 never clears. */
  readonly clearAfterSeconds: () => number;
  /** The clipboard could not be cleared when the time was up; sign-out and exit try again. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Copies tokens and clears them after a time, at sign-out and at exit, but only if the clipboard still holds what was
 * copied (https://github.com/keeweb/keeweb/issues/509). It remembers a digest, not the token. A clipboard history of
 * the desktop keeps its own copy; the README says so.
 */
export class TokenClipboard {
  readonly #parts: TokenClipboardParts;
  #copied: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: TokenClipboardParts) {
    this.#parts = parts;
  }

  async copy(text: string): Promise<void> {
    const { port, clearAfterSeconds, onTrouble } = this.#parts;
    await port.writeText(text);
    this.#copied = digest(text);
    clearTimeout(this.#timer);
    const seconds = clearAfterSeconds();
    if (seconds > 0) this.#timer = setTimeout(() => void this.clear().catch(onTrouble), seconds * 1000);
  }

  /** Clears the clipboard if it still holds what was copied. */
  async clear(): Promise<void> {
    clearTimeout(this.#timer);
    const copied = this.#copied;
    if (copied === undefined) return;
    const isOurs = digest(await this.#parts.port.readText()) === copied;
    if (this.#copied !== copied) return;
    this.#copied = undefined;
    if (isOurs) this.#parts.port.clear();
  }
}

/** The desktop's clipboard. */
export const systemClipboard: ClipboardPort = clipboard;

import { announce } from '../control/announce.ts';
import { recordMethods } from '../control/call-log.ts';

type Content = { types: string[]; text: string };

/** The clipboard of this process alone: tests run side by side and must not meet on a real one. */
export class StandInClipboard implements Pick<
  Electron.Clipboard,
  'clear' | 'has' | 'readText' | 'writeText'
> {
  #content: Content = { types: [], text: '' };

  clear(): void {
    this.#set({ types: [], text: '' });
  }

  has(mimetype: string): Promise<boolean> {
    return later(() => this.#content.types.includes(mimetype));
  }

  readText(): Promise<string> {
    return later(() => this.#content.text);
  }

  writeText(text: string): Promise<void> {
    return later(() => this.#set({ types: ['text/plain'], text }));
  }

  _text(): string {
    return this.#content.text;
  }

  _copied(text: string): void {
    this.#set({ types: ['text/plain'], text });
  }

  #set(content: Content): void {
    this.#content = content;
    announce('clipboard');
  }
}
recordMethods('clipboard', StandInClipboard);

/** The system clipboard. */
export const clipboard = Object.assign(new StandInClipboard(), { selection: new StandInClipboard() });

/** Since Electron 44 nothing has happened yet when the call returns. */
async function later<T>(work: () => T): Promise<T> {
  await new Promise((resolve) => setImmediate(resolve));
  return work();
}

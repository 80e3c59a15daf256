import type { DialogAnswer, DialogState } from '../control/control-protocol.ts';
import type { TrayHands, WindowFingers } from '../../../tray/fixtures/world.ts';
import type { Hands } from './hands.ts';

/** A step may take this long on a slow machine of a build service. */
const LIMIT_MS = 60_000;
const LOOK_MS = 50;

/** One call of the hands in the tray's process. */
export type AskHands = <Name extends keyof Hands>(
  name: Name,
  ...args: Parameters<Hands[Name]>
) => Promise<Awaited<ReturnType<Hands[Name]>>>;

/** The process that the hands are in. */
export interface DrivenProcess {
  readonly ask: AskHands;
  /** Fingers in the window of that id. */
  window(id: number): Promise<WindowFingers>;
  /** The exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

/** A tray that is driven through {@link Hands}, with what the scenarios need of it. */
export class DrivenTray implements TrayHands {
  readonly #process: DrivenProcess;

  constructor(driven: DrivenProcess) {
    this.#process = driven;
  }

  waitForTray: TrayHands['waitForTray'] = (predicate) =>
    until('the tray', async () => {
      const menu = await this.#process.ask('menu');
      return menu !== null && predicate({ menu: [...menu] }) ? true : undefined;
    });

  clickMenu(wanted: string): Promise<void> {
    return this.#process.ask('choose', wanted);
  }

  waitForDialog(predicate: (dialog: DialogState) => boolean): Promise<DialogState> {
    return until('a dialog', async () => (await this.#process.ask('dialogs')).find(predicate));
  }

  answerNextDialog(answer: DialogAnswer): Promise<void> {
    return this.#process.ask('answer', answer);
  }

  waitForClipboard(predicate: (text: string) => boolean): Promise<string> {
    return until('the clipboard', async () => {
      const text = await this.#process.ask('clipboardText');
      return predicate(text) ? text : undefined;
    });
  }

  windows(): Promise<readonly number[]> {
    return this.#process.ask('windows');
  }

  async waitForWindow(): Promise<WindowFingers> {
    const id = await until('a window', async () => (await this.windows())[0]);
    return this.#process.window(id);
  }

  async waitForNoWindow(): Promise<void> {
    await until('the windows to close', async () => ((await this.windows()).length === 0 ? true : undefined));
  }

  /** As the menu's Quit. Resolves with the exit code. */
  async quit(): Promise<number | null> {
    await this.#process.ask('choose', 'quit');
    return this.#process.ended;
  }
}

/** Asks again and again; throws after a minute, naming what it waited for. */
export async function until<Seen>(what: string, look: () => Promise<Seen | undefined>): Promise<Seen> {
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > end) throw new Error(`waited ${LIMIT_MS} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

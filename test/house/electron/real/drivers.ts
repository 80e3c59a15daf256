/** The two that a driven tray runs on: a real Electron under Playwright, and the stand-in under Node. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { _electron, type Page } from 'playwright-core';
import type { WindowFingers } from '../../../tray/fixtures/world.ts';
import { until, type AskHands, type DrivenProcess } from './driven-tray.ts';
import type { Hands } from './hands.ts';

/** A page answers at once, or is gone. */
const ANSWER_LIMIT_MS = 3_000;

const register = fileURLToPath(new URL('../loader/register.mjs', import.meta.url));

export interface DriveOptions {
  /** The bundle of hands.ts. */
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  /** Chromium's switches. */
  readonly switches: readonly string[];
}

/** A person at the real Electron: its windows are Playwright's pages, so keys and mouse are Chromium's own. */
export async function driveElectron(binary: string, options: DriveOptions): Promise<DrivenProcess> {
  const electron = await _electron.launch({
    executablePath: binary,
    args: [...options.switches, options.program],
    env: { ...options.env },
    // The product wants it; Playwright would switch it off on Linux.
    chromiumSandbox: true,
  });
  const child = electron.process();
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const ask = ((name: keyof Hands, ...args: unknown[]) =>
    electron.evaluate(
      (_electronModule, [called, given]) => {
        const { tokentrayHands } = globalThis as unknown as { tokentrayHands: Hands };
        return (tokentrayHands[called] as (...all: unknown[]) => unknown)(...given);
      },
      [name, args] as const,
    )) as AskHands;
  return {
    ask,
    ended,
    window: async () => fingersOf(electron.windows()[0] ?? (await electron.firstWindow())),
  };
}

function fingersOf(page: Page): WindowFingers {
  return {
    waitForSelector: async (selector) => {
      await page.waitForSelector(selector);
    },
    fill: (selector, text) => page.fill(selector, text),
    click: (selector) => page.click(selector),
    evaluate: (script) => page.evaluate(script),
  };
}

/** The same hands on the stand-in, by messages; in its pages they are scripts. */
export function driveStandIn({ program, env, switches }: DriveOptions): DrivenProcess {
  const child = fork(program, {
    env: { ...env, STANDIN_CHROMIUM_ARGS: JSON.stringify(switches) },
    execArgv: ['--import', register, '--enable-source-maps'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const waiting = new Map<number, (told: readonly [unknown, string | null]) => void>();
  child.on('message', (message: object) => {
    if (!('told' in message)) return;
    const [id, result, error] = message.told as [number, unknown, string | null];
    waiting.get(id)?.([result, error]);
  });
  // A question from before the program listens would be lost.
  const ready = new Promise((resolve) => waiting.set(0, resolve));
  let asked = 0;
  const ask = (async (...question: unknown[]) => {
    const id = ++asked;
    const told = new Promise<readonly [unknown, string | null]>((resolve) => waiting.set(id, resolve));
    await Promise.race([ready, ended]);
    if (child.connected) child.send({ ask: [id, ...question] });
    const [result, error] = await Promise.race([
      told,
      ended.then(() => [null, 'the tray has ended'] as const),
    ]);
    if (error !== null) throw new Error(error);
    return result;
  }) as AskHands;
  return { ask, ended, window: (id) => Promise.resolve(scriptedFingers(ask, id)) };
}

function scriptedFingers(ask: AskHands, id: number): WindowFingers {
  // Between two pages there is none to run a script in, and one that left with its page is never answered.
  const evaluate = (script: string): Promise<unknown> =>
    Promise.race([ask('inPage', id, script).catch(() => undefined), sleep(ANSWER_LIMIT_MS)]);
  /** Does something to what the selector names, once that is there. */
  const act = async (selector: string, action: string): Promise<void> => {
    const script = `(() => { const found = document.querySelector(${JSON.stringify(selector)}); if (!found) return false; ${action}; return true; })()`;
    await until(selector, async () => ((await evaluate(script)) === true ? true : undefined));
  };
  return {
    evaluate,
    waitForSelector: (selector) => act(selector, ''),
    fill: (selector, text) => act(selector, `found.value = ${JSON.stringify(text)}`),
    click: (selector) => act(selector, 'found.click()'),
  };
}

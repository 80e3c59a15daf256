import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runsOn, type TrayProcess } from '../../house/electron/harness.ts';
import { Tokentray, type Running } from '../../terminal/fixtures/command.ts';
import { linesOf, makeWorld, type World } from '../fixtures/world.ts';

let world: World;
let home: string;
let tokentray: Tokentray;

beforeAll(async () => {
  world = await makeWorld();
  const tray = await world.launch();
  home = tray.home;
  await world.importEnv(tray, 'Only before it expires');
  await world.signIn(tray, 'accept');
  await signedIn(tray);
  await tray.quit();
  // The terminal host serves its pages on this port.
  await world.trap.close();
  tokentray = new Tokentray(world.terminalEnv(home));
}, 120_000);
afterAll(async () => {
  tokentray.killAll();
  await world.close();
});

const signedIn = (tray: TrayProcess): Promise<unknown> =>
  tray.waitForTray(({ menu }) => linesOf(menu)[0]?.startsWith('Signed in') === true);

async function serve(...args: readonly string[]): Promise<Running> {
  const serving = tokentray.start('serve', ...args);
  await serving.until(({ err }) => err.includes('access key'));
  return serving;
}

async function buttonOf(tray: TrayProcess, label: string): Promise<{ detail: string; response: number }> {
  const { options } = await tray.waitForDialog(({ answer }) => answer === undefined);
  expect(String(options.message)).toMatch(/^Tokentray is already running: .*\d+/u);
  return { detail: String(options.detail), response: (options.buttons as string[]).indexOf(label) };
}

describe(`a tray that finds a terminal host (on the ${runsOn()})`, () => {
  test('asks, and does not stop it on “Cancel”', async () => {
    const serving = await serve();
    const tray = await world.launch({ home });
    const { response, detail } = await buttonOf(tray, 'Cancel');
    expect(detail).not.toContain('memory');
    await tray.answerNextDialog({ response });
    expect(await tray.exited).toMatchObject({ code: 1 });
    expect(await tokentray.run('status')).toMatchObject({ code: 0 });
    await serving.end('SIGTERM');
  });

  test('replaces it on request: the host quits cleanly, and the session continues', async () => {
    const serving = await serve();
    const { out: before } = await tokentray.run('token');
    const tray = await world.launch({ home });
    const { response } = await buttonOf(tray, 'Quit the other and continue');
    await tray.answerNextDialog({ response });
    await signedIn(tray);
    expect(await serving.end()).toMatchObject({ code: 0 });
    expect(await tokentray.run('token')).toMatchObject({ code: 0, out: before });
    await tray.quit();
  });

  test('warns that a session in memory will be lost', async () => {
    const serving = await serve('--from-env', world.envFile);
    const tray = await world.launch({ home });
    const { response, detail } = await buttonOf(tray, 'Cancel');
    expect(detail).toContain('in memory only');
    await tray.answerNextDialog({ response });
    expect(await tray.exited).toMatchObject({ code: 1 });
    await serving.end('SIGTERM');
  });

  test('respects what happened while it asked: changed settings, and a second launch', async () => {
    const serving = await serve();
    const tray = await world.launch({ home });
    const { response } = await buttonOf(tray, 'Quit the other and continue');
    const work = ['--profile', 'work', '--name', 'At work'];
    expect(await tokentray.run('import', world.envFile, ...work)).toMatchObject({ code: 0 });
    expect(await tray.secondInstance(['--sign-in'])).toMatchObject({ code: 0 });
    await tray.answerNextDialog({ response });
    await tray.waitForTray(({ menu }) => menu.some(({ label }) => label === 'At work'));
    await (await tray.waitForWindow()).closeByUser();
    expect(await serving.end()).toMatchObject({ code: 0 });
    await tray.quit();
  });

  test('leaves nothing behind if asked to quit in the meantime', async () => {
    // The key of `serve` stays until logout; an owner's record has its own number.
    const left = (): readonly string[] =>
      readdirSync(path.join(home, 'run/tokentray'))
        .filter((name) => name !== 'access-key')
        .map((name) => name.replace(/\d+$/u, ''));
    const serving = await serve();
    const tray = await world.launch({ home });
    const { response } = await buttonOf(tray, 'Quit the other and continue');
    expect(left()).toContain('agent.sock');
    expect(await tray.secondInstance(['--quit'])).toMatchObject({ code: 0 });
    await tray.answerNextDialog({ response });
    expect(await tray.exited).toMatchObject({ code: 0 });
    expect(await serving.end()).toMatchObject({ code: 0 });
    expect(left()).toEqual(['owner.']);
  });
});

/**
 * A main-process program: the tray as it was built, and beside it a person who imports settings, signs in, copies
 * the token and quits, all through Electron's own API. It needs no harness, so it runs on the stand-in and on a
 * real Electron alike; real-electron.test.ts starts it. Lines on standard output: `SMOKE {"step":…}`.
 */
import { app, BrowserWindow, clipboard, dialog, Tray, type Menu } from 'electron';

/** What a slow machine of a build service may take for one step. */
const LIMIT_MS = 60_000;
const LOOK_MS = 50;

const { SMOKE_ENV_FILE = '', SMOKE_USER = '', SMOKE_PASSWORD = '', SMOKE_MAIN = '' } = process.env;

let menu: Menu | undefined;
let trays = 0;
// eslint-disable-next-line @typescript-eslint/unbound-method -- called below with its tray
const setContextMenu: (this: Tray, menu: Menu | null) => void = Tray.prototype.setContextMenu;
Tray.prototype.setContextMenu = function (this: Tray, given: Menu | null) {
  if (menu === undefined) trays += 1;
  menu = given ?? undefined;
  setContextMenu.call(this, given);
};
dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [SMOKE_ENV_FILE] });
dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false });

function tell(step: string): void {
  process.stdout.write(`SMOKE ${JSON.stringify({ step })}\n`);
}

async function until<Seen>(
  what: string,
  look: () => Seen | undefined | Promise<Seen | undefined>,
): Promise<Seen> {
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > end) throw new Error(`waited ${LIMIT_MS} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

const labelled = (start: string): Promise<unknown> =>
  until(`the line "${start}"`, () => menu?.items.find(({ label }) => label.startsWith(start)));

async function choose(id: string): Promise<void> {
  const item = await until(`the menu's ${id}`, () => menu?.getMenuItemById(id) ?? undefined);
  const press = item.click as () => void;
  press.call(item);
}

async function inPage(window: Pick<BrowserWindow, 'webContents'>, script: string): Promise<void> {
  await until(script, async () => {
    // Between two pages there is none to run it in.
    const done: unknown = await window.webContents.executeJavaScript(script).catch(() => undefined);
    return done === true ? true : undefined;
  });
}

/** Presses what the selector names, once it is there. */
const press = (selector: string): string =>
  `(() => { const found = document.querySelector('${selector}'); found?.click(); return found !== null; })()`;
const fill = (selector: string, text: string): string =>
  `(() => { const found = document.querySelector('${selector}'); if (found) found.value = ${JSON.stringify(text)}; return found !== null; })()`;

async function live(): Promise<void> {
  await labelled('Not set up yet');
  if (trays !== 1 || BrowserWindow.getAllWindows().length !== 0) throw new Error('one icon, and no window');
  tell('an icon and no window');
  await choose('import');
  await labelled('Signed out');
  tell('settings imported');
  await choose('sign-in');
  const window = await until('the window', () => BrowserWindow.getAllWindows()[0]);
  await inPage(window, fill('#username', SMOKE_USER));
  await inPage(window, fill('#password', SMOKE_PASSWORD));
  await inPage(window, press('#sign-in'));
  await inPage(window, press('#consent #accept'));
  await labelled(`Signed in as ${SMOKE_USER}`);
  await until('the window to close', () => (BrowserWindow.getAllWindows().length === 0 ? true : undefined));
  tell('signed in');
  await choose('copy');
  const token = await until('the token', async () => {
    const text = await clipboard.readText();
    return text.split('.').length === 3 ? text : undefined;
  });
  if (token.length < 100) throw new Error('too short for a token');
  tell('token copied');
  await choose('sign-out');
  await labelled('Signed out');
  tell('signed out');
  await choose('quit');
}

await import(SMOKE_MAIN);
live().catch((error: unknown) => {
  process.stdout.write(`SMOKE ${JSON.stringify({ error: String(error) })}\n`);
  app.exit(1);
});

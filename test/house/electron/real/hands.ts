/**
 * A main-process program: the tray as it was built, and beside it the hands of a person, which a test moves from
 * outside. It uses Electron's API only, so it runs on a real Electron, where Playwright calls {@link Hands}
 * in this process, and on the stand-in, where the same calls come as messages (drivers.ts).
 */
import { app, BrowserWindow, clipboard, dialog, Tray, type MenuItem } from 'electron';
import type { DialogAnswer, DialogState, MenuItemState } from '../control/control-protocol.ts';
import { followIconMenu } from './icon-menu.ts';

/** What can be asked of them; arguments and results cross as JSON. */
export interface Hands {
  /** The menu that the icon has; null before it has one. */
  menu(): readonly MenuItemState[] | null;
  /** By label or id. Refuses what a person could not choose. */
  choose(wanted: string): void;
  dialogs(): readonly DialogState[];
  /** Answers the oldest open dialog. */
  answer(answer: DialogAnswer): void;
  clipboardText(): Promise<string>;
  /** The windows' ids. */
  windows(): readonly number[];
  /** Runs a script in a window's page. */
  inPage(id: number, script: string): Promise<unknown>;
  quit(): void;
}

interface OpenDialog {
  readonly state: DialogState;
  readonly resolve: (answer: DialogAnswer) => void;
}

const currentMenu = followIconMenu(Tray);
const dialogs: OpenDialog[] = [];

/** Options are the last argument: a window may come before them. */
function opened(kind: DialogState['kind'], args: readonly unknown[]): Promise<DialogAnswer> {
  const options = args.at(-1) as Record<string, unknown>;
  return new Promise((resolve) => {
    dialogs.push({ state: { kind, options, answer: undefined }, resolve });
  });
}
dialog.showOpenDialog = async (...args: unknown[]) => {
  const { canceled = true, filePaths = [] } = await opened('open', args);
  return { canceled, filePaths };
};
dialog.showMessageBox = async (...args: unknown[]) => {
  const { response = 0, checkboxChecked = false } = await opened('message', args);
  return { response, checkboxChecked };
};
dialog.showErrorBox = (title, content) => void opened('error', [{ title, content }]);

function seen(item: MenuItem): MenuItemState {
  const { id, label, sublabel, toolTip, type, role, enabled, visible, checked, accelerator } = item;
  const submenu = item.submenu?.items.map(seen);
  const more = { role: role as string | undefined, accelerator: accelerator?.toString(), submenu };
  return { id, label, sublabel, toolTip, type, enabled, visible, checked, ...more };
}

const hands: Hands = {
  menu: () => currentMenu()?.items.map(seen) ?? null,
  choose: (wanted) => {
    const item = currentMenu()?.items.find(({ id, label }) => id === wanted || label === wanted);
    if (item?.enabled !== true || !item.visible) throw new Error(`the menu offers no ${wanted}`);
    (item.click as () => void)();
  },
  dialogs: () => dialogs.map(({ state }) => state),
  answer: (answer) => {
    const open = dialogs.find(({ state }) => state.answer === undefined);
    if (open === undefined) throw new Error('no dialog is open');
    open.state.answer = answer;
    open.resolve(answer);
  },
  clipboardText: async () => clipboard.readText(),
  windows: () => BrowserWindow.getAllWindows().map(({ id }) => id),
  inPage: async (id, script) =>
    (await BrowserWindow.fromId(id)?.webContents.executeJavaScript(script)) as unknown,
  quit: () => app.quit(),
};
Object.assign(globalThis, { tokentrayHands: hands });

/** On the stand-in: a question is `{ ask: [id, name, …arguments] }`, its answer `{ told: [id, result, error] }`. */
process.on('message', (message: unknown) => {
  if (typeof message !== 'object' || message === null || !('ask' in message)) return;
  const [id, name, ...args] = message.ask as [number, keyof Hands, ...unknown[]];
  void Promise.resolve()
    .then(() => (hands[name] as (...given: unknown[]) => unknown)(...args))
    .then(
      (result) => [id, result ?? null, null],
      (error: unknown) => [id, null, String(error)],
    )
    .then((told) => process.connected && process.send?.({ told }));
});
process.send?.({ told: [0, 'ready', null] });

await import(process.env.REAL_MAIN ?? '');

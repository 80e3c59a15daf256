import { app } from 'electron';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { absent, writeWhole } from '../../system/files/whole-file.ts';
import { autostartOf, isSwitchedOn, type Autostart } from './autostart.ts';

/** Whether the application is started at login; `not-offered` where that cannot be had. */
export type StartAtLoginState = 'on' | 'off' | 'not-offered';

/** Where it is kept whether the application is started at login: the system's own place, which the user can change too. */
interface LoginEntry {
  isOn(): Promise<boolean>;
  /** Makes it, or makes it anew. */
  make(): Promise<void>;
  /** Corrects what an entry that is on says, where it can be out of date. */
  repair(): Promise<void>;
  remove(): Promise<void>;
}

/** Starting at login, switched on and off from the menu. */
export class StartAtLogin {
  readonly #entry: LoginEntry | undefined;
  readonly #watchers = new Set<() => void>();
  #state: StartAtLoginState = 'not-offered';

  constructor(autostart: Autostart = autostartHere()) {
    this.#entry = entryOf(autostart);
  }

  /** As it was when it was last looked at. */
  get state(): StartAtLoginState {
    return this.#state;
  }

  /** Calls `watcher` whenever it was found to be otherwise than before. */
  watch(watcher: () => void): void {
    this.#watchers.add(watcher);
  }

  /** Looks at the system's entry, and repairs one that is on. Rejects with the file system's error. */
  async open(): Promise<void> {
    await this.#look();
    if (this.#state === 'on') await this.#entry?.repair();
  }

  /** Switches it to what is wanted, if it is not that already. Rejects as {@link toggle}. */
  async set(wanted: 'on' | 'off'): Promise<void> {
    await this.#look();
    if (this.#state !== 'not-offered' && this.#state !== wanted) await this.toggle();
  }

  /** Switches it on or off. Rejects with the file system's error; the state is then what the system says. */
  async toggle(): Promise<void> {
    try {
      await (this.#state === 'on' ? this.#entry?.remove() : this.#entry?.make());
    } finally {
      await this.#look();
    }
  }

  async #look(): Promise<void> {
    if (this.#entry === undefined) return;
    const before = this.#state;
    this.#state = (await this.#entry.isOn()) ? 'on' : 'off';
    if (this.#state !== before) for (const watcher of this.#watchers) watcher();
  }
}

function autostartHere(): Autostart {
  return autostartOf({
    platform: process.platform,
    env: process.env,
    homedir: homedir(),
    execPath: process.execPath,
    build: app.isPackaged ? 'packaged' : 'development',
  });
}

function entryOf(autostart: Autostart): LoginEntry | undefined {
  switch (autostart.kind) {
    case 'not-offered':
      return undefined;
    case 'login-item':
      return loginItem([...autostart.args]);
    case 'desktop-file':
      return desktopFile(autostart.file, autostart.text);
  }
}

/** Windows compares the arguments too, or finds no entry. */
function loginItem(args: string[]): LoginEntry {
  const set = (openAtLogin: boolean): Promise<void> => {
    app.setLoginItemSettings({ openAtLogin, args });
    return Promise.resolve();
  };
  return {
    isOn: () => Promise.resolve(app.getLoginItemSettings({ args }).openAtLogin),
    make: () => set(true),
    // An installed application stays where it is.
    repair: () => Promise.resolve(),
    remove: () => set(false),
  };
}

function desktopFile(file: string, text: string): LoginEntry {
  const read = (): Promise<string | undefined> => readFile(file, 'utf8').catch(absent);
  const make = async (): Promise<void> => {
    if ((await read()) === text) return;
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeWhole(file, text);
  };
  return {
    isOn: async () => isSwitchedOn(await read()),
    make,
    // An AppImage that was moved or renamed has left its old path.
    repair: make,
    remove: () => rm(file, { force: true }),
  };
}

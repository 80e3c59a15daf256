import { app } from 'electron';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { absent } from '../../system/files/error-code.ts';
import { writeWhole } from '../../system/files/whole-file.ts';
import { autostartOf, isSwitchedOn, type Autostart } from './autostart.ts';

/** Whether the application starts at login; `not-offered` if this installation cannot. */
export type StartAtLoginState = 'on' | 'off' | 'not-offered';

/** The system's own entry for starting at login, which the user can also change there. */
interface LoginEntry {
  isOn(): Promise<boolean>;
  set(state: 'on' | 'off'): Promise<void>;
  /** Updates an entry that is on but may be out of date. */
  repair?(): Promise<void>;
}

/** Starting at login, switched on and off from the menu and the Settings page. */
export class StartAtLogin {
  readonly #entry: LoginEntry | undefined;
  readonly #watchers = new Set<() => void>();
  #state: StartAtLoginState = 'not-offered';

  constructor(autostart: Autostart = autostartHere()) {
    this.#entry = entryOf(autostart);
  }

  /** As last read. */
  get state(): StartAtLoginState {
    return this.#state;
  }

  /** Calls `watcher` whenever the state was found changed. */
  watch(watcher: () => void): void {
    this.#watchers.add(watcher);
  }

  /** Reads the system's entry, and repairs one that is on. Rejects with the file system's error. */
  async open(): Promise<void> {
    await this.#read();
    if (this.#state === 'on') await this.#entry?.repair?.();
  }

  /** Switches it on or off unless it already is. Rejects as {@link toggle}. */
  async set(wanted: 'on' | 'off'): Promise<void> {
    await this.#read();
    if (this.#state !== 'not-offered' && this.#state !== wanted) await this.toggle();
  }

  /** Switches it on or off. Rejects with the file system's error; the state is then what the system reports. */
  async toggle(): Promise<void> {
    try {
      await this.#entry?.set(this.#state === 'on' ? 'off' : 'on');
    } finally {
      await this.#read();
    }
  }

  async #read(): Promise<void> {
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

/** @param args Windows compares them too, and finds no entry if they differ */
function loginItem(args: string[]): LoginEntry {
  return {
    isOn: () => Promise.resolve(app.getLoginItemSettings({ args }).openAtLogin),
    set: (state) => {
      app.setLoginItemSettings({ openAtLogin: state === 'on', args });
      return Promise.resolve();
    },
    // Without `repair`, because an installed application does not move.
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
    set: (state) => (state === 'on' ? make() : rm(file, { force: true })),
    // An AppImage that was moved or renamed has a new path.
    repair: make,
  };
}

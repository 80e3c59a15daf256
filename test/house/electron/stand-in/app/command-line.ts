import { recordMethods } from '../control/call-log.ts';

/** Electron's `app.commandLine`: what it holds before the first window opens goes to Chromium. */
export class StandInCommandLine implements Electron.CommandLine {
  readonly #switches = new Map<string, string>();
  readonly #arguments: string[] = [];

  constructor() {
    // Switches given to the process itself reach Chromium too, as they do in Electron.
    for (const argument of process.argv.slice(2)) {
      const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
      if (name !== undefined) this.#switches.set(name, value ?? '');
    }
  }

  appendArgument(value: string): void {
    this.#arguments.push(value);
  }

  appendSwitch(name: string, value = ''): void {
    this.#switches.set(name.replace(/^--/, ''), value);
  }

  getSwitchValue(name: string): string {
    return this.#switches.get(name) ?? '';
  }

  hasSwitch(name: string): boolean {
    return this.#switches.has(name);
  }

  removeSwitch(name: string): void {
    this.#switches.delete(name);
  }

  _forChromium(): string[] {
    const switches = [...this.#switches].map(([name, value]) =>
      value === '' ? `--${name}` : `--${name}=${value}`,
    );
    return [...switches, ...this.#arguments];
  }
}
recordMethods('app.commandLine', StandInCommandLine);

export const commandLine = new StandInCommandLine();

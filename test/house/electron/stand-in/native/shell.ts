import { recordMethods } from '../control/call-log.ts';

/** Electron's `shell`: everything is recorded and nothing opens. Tests read `calls()`. */
export class StandInShell implements Pick<
  Electron.Shell,
  'beep' | 'openExternal' | 'openPath' | 'showItemInFolder' | 'trashItem'
> {
  beep(): void {
    // Recorded only.
  }

  openExternal(url: string): Promise<void> {
    return URL.canParse(url) ? Promise.resolve() : Promise.reject(new Error('Invalid URL'));
  }

  openPath(): Promise<string> {
    return Promise.resolve('');
  }

  showItemInFolder(): void {
    // Recorded only.
  }

  trashItem(): Promise<void> {
    return Promise.resolve();
  }
}
recordMethods('shell', StandInShell);

export const shell = new StandInShell();

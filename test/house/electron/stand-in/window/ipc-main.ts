import { EventEmitter } from 'node:events';
import { recordMethods } from '../control/call-log.ts';
import { fire } from '../control/event.ts';

type InvokeHandler = (event: Electron.IpcMainInvokeEvent, ...args: unknown[]) => unknown;

/** Electron's `ipcMain`, and the same for one page as `webContents.ipc`. */
export class StandInIpcMain
  extends EventEmitter
  implements Pick<Electron.IpcMain, 'handle' | 'handleOnce' | 'removeHandler'>
{
  readonly #handlers = new Map<string, InvokeHandler>();

  handle(channel: string, handler: InvokeHandler): void {
    if (this.#handlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    }
    this.#handlers.set(channel, handler);
  }

  handleOnce(channel: string, handler: InvokeHandler): void {
    this.handle(channel, (event, ...args) => {
      this.#handlers.delete(channel);
      return handler(event, ...args);
    });
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  _handler(channel: string): InvokeHandler | undefined {
    return this.#handlers.get(channel);
  }

  _receive(channel: string, event: object, args: unknown[]): void {
    fire(this, channel, event, ...args);
  }
}
recordMethods('ipcMain', StandInIpcMain);

export const ipcMain = new StandInIpcMain();

// The main process's end of IPC: finds the handler of a page's message, as Electron looks for it.
import { ipcMain, type StandInIpcMain } from './ipc-main.ts';
import { makeEvent } from '../control/event.ts';
import type { FromPage, ToPage } from './preload.ts';

/** The page a message came from. */
export interface IpcSender {
  ipc: StandInIpcMain;
  mainFrame: object;
  isDestroyed(): boolean;
  _tell(command: (page: { deliver(message: ToPage): Promise<void> }) => Promise<unknown>): Promise<void>;
}

/** Hands a page's message to its handler, and the result back. */
export async function answerPage(message: FromPage, sender: IpcSender): Promise<void> {
  const event = makeEvent({
    sender,
    senderFrame: sender.mainFrame,
    processId: 1,
    frameId: 1,
    ports: [],
    type: 'frame',
  });
  if (message.kind === 'send') {
    sender.ipc._receive(message.channel, event, message.args);
    ipcMain._receive(message.channel, event, message.args);
    return;
  }
  const reply = await invoke(message, event as unknown as Electron.IpcMainInvokeEvent, sender);
  if (!sender.isDestroyed()) await sender._tell((page) => page.deliver(reply));
}

async function invoke(
  { id, channel, args }: Extract<FromPage, { kind: 'invoke' }>,
  event: Electron.IpcMainInvokeEvent,
  sender: IpcSender,
): Promise<ToPage> {
  const handler = sender.ipc._handler(channel) ?? ipcMain._handler(channel);
  try {
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    return { kind: 'result', id, value: await handler(event, ...args) };
  } catch (error) {
    // Electron writes this to the main process's stderr as well.
    process.stderr.write(`Error occurred in handler for '${channel}': ${String(error)}\n`);
    return { kind: 'error', id, message: `Error invoking remote method '${channel}': ${String(error)}` };
  }
}

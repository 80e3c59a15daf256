/**
 * Runs in the sandbox before each of our pages, and gives it {@link PageApi}: the calls of the contract and nothing
 * else. Neither Electron's IPC nor its events are exposed to the page
 * (https://www.electronjs.org/docs/latest/tutorial/security#20-do-not-expose-electron-apis-to-untrusted-web-content).
 */
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import { API_NAME, type PageApi } from './api.ts';
import type { CallName, MessageName, Messages } from './contract.ts';
import { CALL_NAMES, channelOf, MESSAGE_NAMES, type Brought } from './wire.ts';

async function call(name: CallName, asked: unknown): Promise<unknown> {
  const given = asked === undefined ? [] : [asked];
  const brought = (await ipcRenderer.invoke(channelOf(name), ...given)) as Brought<CallName>;
  if (brought.kind === 'answered') return brought.answer;
  const { message, next } = brought.problem;
  throw new Error(`${message} ${next}`);
}

/** Rejects other names: a page must not listen to Electron's own channels. */
function on<Name extends MessageName>(message: Name, listener: (said: Messages[Name]) => void): () => void {
  if (!MESSAGE_NAMES.includes(message)) throw new Error(`no such message: ${message}`);
  const channel = channelOf(message);
  const heard = (_event: IpcRendererEvent, said: Messages[Name]): void => listener(said);
  ipcRenderer.on(channel, heard);
  return () => void ipcRenderer.off(channel, heard);
}

const calls = Object.fromEntries(
  CALL_NAMES.map((name) => [name, (asked: unknown) => call(name, asked)]),
) as Omit<PageApi, 'on'>;
const api: PageApi = Object.freeze({ ...calls, on });
contextBridge.exposeInMainWorld(API_NAME, api);

// The page's end of Electron's IPC, and the preload script that uses it. Values cross as JSON, and the
// preload shares the page's world: enough for a contextBridge API, not a model of context isolation.
import { readFileSync } from 'node:fs';

/** The binding through which the page calls out. */
export const BINDING = '__standInIpc';
/** The function through which messages come in. */
export const DELIVER = '__standInDeliver';

/** A message of the page. */
export type FromPage =
  | { kind: 'invoke'; id: number; channel: string; args: unknown[] }
  | { kind: 'send'; channel: string; args: unknown[] };

/** A message to the page. */
export type ToPage =
  | { kind: 'result'; id: number; value: unknown }
  | { kind: 'error'; id: number; message: string }
  | { kind: 'message'; channel: string; args: unknown[] };

/** The script to run in every new document of a window with a preload script. */
export function preloadScript(file: string): string {
  return `(() => {
  if (globalThis.top !== globalThis) return;
  const binding = globalThis.${BINDING};
  const post = (message) => binding(JSON.stringify(message));
  const waiting = new Map(), listeners = new Map();
  let lastId = 0;
  Object.defineProperty(globalThis, '${DELIVER}', { value: (message) => {
    if (message.kind === 'message') {
      for (const listener of [...(listeners.get(message.channel) ?? [])]) listener({ sender: ipcRenderer }, ...message.args);
      return;
    }
    const { resolve, reject } = waiting.get(message.id) ?? {};
    waiting.delete(message.id);
    if (message.kind === 'result') resolve?.(message.value); else reject?.(new Error(message.message));
  } });
  const add = (channel, listener) => {
    if (!listeners.has(channel)) listeners.set(channel, new Set());
    listeners.get(channel).add(listener);
    return ipcRenderer;
  };
  const remove = (channel, listener) => { listeners.get(channel)?.delete(listener); return ipcRenderer; };
  const ipcRenderer = {
    invoke: (channel, ...args) => new Promise((resolve, reject) => {
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      post({ kind: 'invoke', id, channel, args });
    }),
    send: (channel, ...args) => post({ kind: 'send', channel, args }),
    on: add, addListener: add, off: remove, removeListener: remove,
    once: (channel, listener) => {
      const wrapped = (...args) => { remove(channel, wrapped); listener(...args); };
      return add(channel, wrapped);
    },
    removeAllListeners: (channel) => { listeners.delete(channel); return ipcRenderer; },
  };
  const contextBridge = { exposeInMainWorld: (name, api) => {
    Object.defineProperty(globalThis, name, { value: Object.freeze(api), enumerable: true });
  } };
  const module = { exports: {} };
  const require = (name) => {
    if (name === 'electron' || name === 'electron/renderer') return { contextBridge, ipcRenderer };
    throw new Error('module not found: ' + name);
  };
  const process = { platform: ${JSON.stringify(process.platform)}, type: 'renderer', sandboxed: true, contextIsolated: true,
    versions: {}, env: {}, argv: [] };
  ((require, module, exports, process) => {
${readFileSync(file, 'utf8')}
  })(require, module, module.exports, process);
})();`;
}

import type { StatusBody } from '../../src/outlets/status-body.ts';
import type { PageApi, ReadingApi } from '../../src/windows/api.ts';
import type { Acted, HistoryEntry, HistoryView, TokenView, Versions } from '../../src/windows/contract.ts';

/** What of the contract the Status page uses; other pages have stand-ins of their own. */
type ShownApi = ReadingApi &
  Pick<PageApi, 'profile.act' | 'logs.open' | 'diagnostics.copy' | 'menu.show' | 'versions.read'>;

/** What a call does in place of answering; `held`: it answers when it is released. */
export type Silence =
  | { readonly kind: 'never' }
  | { readonly kind: 'held' }
  | { readonly kind: 'fails'; readonly message: string };

/** What the main process would answer: plain values, because they are sent into the page. */
export interface PageState {
  readonly profiles: readonly StatusBody[] | Silence;
  readonly token: TokenView | Silence;
  readonly history: HistoryView | Silence;
  /** As many entries more, a refresh each, made in the page. */
  readonly moreEntries?: number;
  readonly acted?: Acted | Silence;
}

/** What a test finds in the page as `window.fake`. */
export interface Fake {
  /** Each call's name, with what was asked for. */
  readonly calls: string[];
  /** Says it to every listener, as the main process does. */
  push(profiles: readonly StatusBody[]): void;
  /** Answers every held call. */
  release(answer: Acted): void;
  /** The next answers. */
  set(state: Partial<PageState>): void;
  /** Whatever the page was kept from by its policy. */
  readonly violations: string[];
}

declare global {
  interface Window {
    readonly fake: Fake;
  }
}

/** Runs in the page before anything of its own, in place of the preload script; so it uses nothing from outside. */
export function installFake(initial: PageState): void {
  let state = initial;
  const listeners = new Set<(profiles: readonly StatusBody[]) => void>();
  const held = new Set<(answer: unknown) => void>();
  const calls: string[] = [];
  const violations: string[] = [];
  const answer = <Value>(name: string, value: Value | Silence): Promise<Value> => {
    calls.push(name);
    const { kind, message } = value as { readonly kind?: string; readonly message?: string };
    if (kind === 'fails') return Promise.reject(new Error(message));
    if (kind === 'never') return new Promise(() => undefined);
    if (kind === 'held') return new Promise((resolve) => held.add(resolve as (answer: unknown) => void));
    return Promise.resolve(value as Value);
  };
  const historyView = (): HistoryView | Silence => {
    const { history, moreEntries = 0 } = state;
    if (moreEntries === 0 || !('entries' in history)) return history;
    const step = (history.to - history.from) / moreEntries;
    const more = Array.from({ length: moreEntries }, (_, index): HistoryEntry => {
      const at = history.from + index * step;
      const kinds = ['expiry', 'schedule', 'user'] as const;
      return index % 9 === 0
        ? { at, kind: 'failed', cause: 'retry', problem: 'offline' }
        : { at, kind: 'refreshed', cause: kinds[index % 3]!, expiresOn: at + 3600_000 };
    });
    return { ...history, entries: [...more, ...history.entries] };
  };
  const versions: Versions = { tokentray: '1.2.3', electron: '45.4.1', chromium: '156.0.1', node: '24.9.0' };
  const done: Acted = { kind: 'done' };
  const api: ShownApi = {
    'profiles.read': () => answer('profiles.read', state.profiles),
    'profile.act': ({ profile, action }) => answer(`${action} ${profile}`, state.acted ?? done),
    'token.read': ({ profile }) => answer(`token.read ${profile}`, state.token),
    'history.read': ({ profile }) => answer(`history.read ${profile}`, historyView()),
    'logs.open': () => answer('logs.open', state.acted ?? done),
    'diagnostics.copy': () => answer('diagnostics.copy', state.acted ?? done),
    'menu.show': () => answer('menu.show', state.acted ?? done),
    'versions.read': () => answer('versions.read', versions),
    on: (_message: 'profiles.changed', listener: (profiles: readonly StatusBody[]) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const fake: Fake = {
    calls,
    violations,
    push: (profiles) => {
      for (const listener of listeners) listener(profiles);
    },
    release: (released) => {
      for (const resolve of held) resolve(released);
      held.clear();
    },
    set: (next) => {
      state = { ...state, ...next };
    },
  };
  Object.assign(window, { tokentray: api, fake });
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, sourceFile, lineNumber }) =>
    violations.push(`${violatedDirective} at ${sourceFile}:${lineNumber}`),
  );
}

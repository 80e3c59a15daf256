import type { PageApi } from '../../src/windows/api.ts';
import type {
  Acted,
  CallName,
  CredentialChosen,
  DraftChecked,
  DraftRead,
  DraftSaved,
  ProfileSettings,
  SchedulePreview,
  SettingsView,
  TestLine,
} from '../../src/windows/contract.ts';
import type { Silence } from './fake-api.ts';

/** What the main process would answer to the Settings page: plain values, because they are sent into the page. */
export interface SettingsState {
  readonly view: SettingsView | Silence;
  /** As many profiles more, made in the page. */
  readonly moreProfiles?: number;
  readonly checked?: DraftChecked | Silence;
  readonly saved?: DraftSaved | Silence;
  /** Each is said as a message first; `silence` holds back the answer with all of them. */
  readonly tested?: readonly TestLine[];
  readonly testedAnswer?: Silence;
  readonly read?: DraftRead | Silence;
  readonly chosen?: CredentialChosen | Silence;
  readonly preview?: SchedulePreview | Silence;
  readonly acted?: Acted | Silence;
}

/** What a test finds in the page as `window.fakeSettings`. */
export interface FakeSettings {
  /** Each call, with what it was asked. */
  readonly calls: { readonly name: CallName; readonly asked: unknown }[];
  /** Says it to every listener, as the main process does. */
  push(view: SettingsView): void;
  /** Answers every call that was never answered. */
  answerLate(answer: unknown): void;
  /** The next answers. */
  set(state: Partial<SettingsState>): void;
  /** Whatever the page was kept from by its policy. */
  readonly violations: string[];
}

declare global {
  interface Window {
    readonly fakeSettings: FakeSettings;
  }
}

/** Runs in the page before anything of its own, in place of the preload script; so it uses nothing from outside. */
export function installFakeSettings(initial: SettingsState): void {
  let state = initial;
  const listeners = new Map<string, Set<(said: never) => void>>();
  const calls: FakeSettings['calls'] = [];
  const violations: string[] = [];
  const waiting: ((late: unknown) => void)[] = [];
  const done: Acted = { kind: 'done' };
  const answer = <Value>(
    name: CallName,
    asked: unknown,
    value: Value | Silence | undefined,
  ): Promise<Value> => {
    calls.push({ name, asked });
    const { kind, message } = (value ?? {}) as { readonly kind?: string; readonly message?: string };
    if (value === undefined) return Promise.reject(new Error(`no answer is given to ${name}`));
    if (kind === 'fails') return Promise.reject(new Error(message));
    if (kind === 'never')
      return new Promise((resolve) => void waiting.push(resolve as (late: unknown) => void));
    return Promise.resolve(value as Value);
  };
  const acted = (name: CallName, asked?: unknown): Promise<Acted> => answer(name, asked, state.acted ?? done);
  const say = (message: string, said: unknown): void => {
    for (const listener of listeners.get(message) ?? []) listener(said as never);
  };
  const view = (): SettingsView | Silence => {
    const { view: shown, moreProfiles = 0 } = state;
    if (moreProfiles === 0 || !('profiles' in shown)) return shown;
    const more = Array.from({ length: moreProfiles }, (_, index): ProfileSettings => {
      const [first] = shown.profiles;
      if (first === undefined) throw new Error('no profile to copy');
      const name = `Profile number ${index}`;
      return { ...first, id: `more-${index}`, isDefault: false, draft: { ...first.draft, name } };
    });
    return { ...shown, profiles: [...shown.profiles, ...more] };
  };
  const unwanted = (name: CallName) => (): Promise<never> => answer<never>(name, undefined, undefined);
  const api: PageApi = {
    'profiles.read': unwanted('profiles.read'),
    'profile.act': unwanted('profile.act'),
    'token.read': unwanted('token.read'),
    'history.read': unwanted('history.read'),
    'logs.open': unwanted('logs.open'),
    'diagnostics.copy': unwanted('diagnostics.copy'),
    'menu.show': unwanted('menu.show'),
    'versions.read': unwanted('versions.read'),
    'page.open': (asked) => acted('page.open', asked),
    'settings.read': () => answer('settings.read', undefined, view()),
    'settings.change': (asked) => acted('settings.change', asked),
    'settings.export': () => acted('settings.export'),
    'settings.import': () => acted('settings.import'),
    'draft.check': (asked) => answer('draft.check', asked, state.checked ?? { issues: [], warnings: [] }),
    'draft.save': (asked) => answer('draft.save', asked, state.saved),
    'draft.test': (asked) => {
      for (const line of state.tested ?? []) say('draft.tested', { run: asked.run, line });
      return answer('draft.test', asked, state.testedAnswer ?? state.tested);
    },
    'draft.read': (asked) => answer('draft.read', asked, state.read),
    'draft.read-file': () => answer('draft.read-file', undefined, state.read),
    'credential.choose': (asked) => answer('credential.choose', asked, state.chosen),
    'schedule.preview': (asked) =>
      answer('schedule.preview', asked, state.preview ?? { kind: 'comes', at: [] }),
    'text.copy': (asked) => acted('text.copy', asked),
    'profile.set-default': (asked) => acted('profile.set-default', asked),
    'profile.remove': (asked) => acted('profile.remove', asked),
    'token-file.add': (asked) => acted('token-file.add', asked),
    'token-file.remove': (asked) => acted('token-file.remove', asked),
    on: (message, listener) => {
      const known = listeners.get(message) ?? new Set();
      listeners.set(message, known.add(listener));
      return () => known.delete(listener);
    },
  };
  const fakeSettings: FakeSettings = {
    calls,
    violations,
    answerLate: (late) => {
      for (const resolve of waiting.splice(0)) resolve(late);
    },
    push: (said) => say('settings.changed', said),
    set: (next) => {
      state = { ...state, ...next };
    },
  };
  Object.assign(window, { tokentray: api, fakeSettings });
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, sourceFile, lineNumber }) =>
    violations.push(`${violatedDirective} at ${sourceFile}:${lineNumber}`),
  );
}

import type { IpcMainInvokeEvent } from 'electron';
import { describe, expect, test, vi } from 'vitest';
import type { SpeakingFrame } from '../../../../src/tray/calls/ipc/call-sender.ts';
import type { OwnPage } from '../../../../src/tray/windows/pages.ts';
import type { Handlers, SettingsHandlers } from '../../../../src/tray/calls/ipc/handlers.ts';
import { CALL_NAMES, channelOf, MESSAGE_NAMES, type Brought } from '../../../../src/pages/bridge/wire.ts';
import type {
  Acted,
  CallName,
  Calls,
  DraftAsked,
  MessageName,
  ProfileDraft,
} from '../../../../src/pages/bridge/contract.ts';
import { memoryLog } from '../../../agent/fixtures/fixture.ts';
import { fakeAgent, fakeProfiles } from '../../../outlets/fixtures/fake-agent.ts';

// The real module would download Electron's binary; status-window.test.ts tests with the stand-in.
vi.mock('electron', () => ({}));

const { CALL_SCHEMAS, checkCall, mayCall } = await import('../../../../src/tray/calls/ipc/call-schemas.ts');
const { isOwnPage } = await import('../../../../src/tray/calls/ipc/call-sender.ts');
const { aboutWindow, settingsWindow, statusWindow } = await import('../../../../src/tray/windows/pages.ts');
const { windowCalls } = await import('../../../../src/tray/calls/status/window-calls.ts');
const { openWindowChannel } = await import('../../../../src/tray/calls/ipc/window-channel.ts');

const page: OwnPage = { file: 'status.html', title: 'Status', widthPx: 1, heightPx: 1 };
const mainFrame: SpeakingFrame = { parent: null, origin: 'app://bundle', url: 'app://bundle/status.html' };

const draft: ProfileDraft = {
  name: 'Work',
  protocol: 'entra',
  authority: 'contoso.onmicrosoft.com',
  clientId: '11111111-2222-3333-4444-555555555555',
  redirectUri: 'http://localhost:5000/getAToken',
  scopes: 'User.Read',
  extraScopes: '',
  schedule: { kind: 'at', at: '07:00', timeZone: 'Asia/Seoul' },
  signIn: 'window',
};
const asked: DraftAsked = { draft, credential: { kind: 'secret', secret: 'typed' } };

/** A valid argument for each call; the compiler rejects a missing one. */
const RIGHT: { readonly [Name in CallName]: readonly Calls[Name]['asked'][] } = {
  'profiles.read': [],
  'profile.act': [{ profile: 'default', action: 'copy' }],
  'token.read': [{ profile: 'default' }],
  'history.read': [{ profile: 'default' }],
  'logs.open': [],
  'diagnostics.copy': [],
  'menu.show': [],
  'versions.read': [],
  'page.open': [{ page: 'settings' }],
  'settings.read': [],
  'settings.change': [{ clipboardClearSeconds: 30, startAtLogin: 'on' }],
  'settings.export': [],
  'settings.import': [],
  'draft.check': [asked],
  'draft.save': [{ ...asked, profile: 'default', credential: { kind: 'stored' } }],
  'draft.test': [{ ...asked, run: 1, credential: { kind: 'held', handle: 'x' } }],
  'draft.read': [{ text: 'CLIENT_ID=x' }],
  'draft.read-file': [],
  'credential.choose': [{ kind: 'certificate' }],
  'schedule.preview': [{ kind: 'every-hours', everyHours: 6, timeZone: 'UTC' }],
  'text.copy': [{ text: 'http://localhost:5000/getAToken' }],
  'profile.set-default': [{ profile: 'default' }],
  'profile.remove': [{ profile: 'default' }],
  'token-file.add': [{ profile: 'default', format: 'bare' }],
  'token-file.remove': [{ path: '/home/ada/token' }],
};

describe('the contract', () => {
  test('is complete in the wire’s names and the schemas', () => {
    expect([...CALL_NAMES].sort()).toEqual(Object.keys(RIGHT).sort());
    expect(Object.keys(CALL_SCHEMAS).sort()).toEqual(Object.keys(RIGHT).sort());
    expect(MESSAGE_NAMES).toEqual([
      'profiles.changed',
      'settings.changed',
      'draft.tested',
    ] satisfies MessageName[]);
    expect(channelOf('token.read')).toBe('tokentray:token.read');
  });

  test('does not compile with a call that only one side knows', () => {
    // Each line must be a compiler error, or its comment becomes one (`npm run check`).
    // @ts-expect-error a call without a handler
    const handlers: Handlers = { 'logs.open': () => Promise.resolve<Acted>({ kind: 'done' }) };
    // @ts-expect-error a call without a schema
    const schemas: typeof CALL_SCHEMAS = { 'token.read': CALL_SCHEMAS['token.read'] };
    const shape: typeof CALL_SCHEMAS = {
      ...CALL_SCHEMAS,
      // @ts-expect-error a schema of another shape than the contract's
      'token.read': CALL_SCHEMAS['profiles.read'],
    };
    // @ts-expect-error a call that the wire does not know
    const names = { 'logs.open': 'call' } as const satisfies Record<CallName, 'call'>;
    expect([handlers, schemas, shape, names]).toHaveLength(4);
  });
});

describe('an argument', () => {
  test.each(CALL_NAMES)('that is valid is accepted by %s', (name) => {
    expect(checkCall(name, RIGHT[name])).toEqual({ kind: 'ok', asked: RIGHT[name][0] });
  });

  const withProfile = ['token.read', 'history.read', 'profile.set-default', 'profile.remove'] as const;
  const withNothing = [
    'profiles.read',
    'logs.open',
    'diagnostics.copy',
    'menu.show',
    'versions.read',
    'settings.read',
    'settings.export',
    'settings.import',
  ] as const;
  const ofObjects: readonly (readonly [CallName, unknown, string, string])[] = [
    ...withProfile.flatMap((name) => [
      [name, undefined, 'argument', 'undefined'] as const,
      [name, 'default', 'argument', 'default'] as const,
      [name, {}, 'profile', 'undefined'] as const,
      [name, { profile: 7 }, 'profile', '7'] as const,
      [name, { profile: ['default'] }, 'profile', 'a list'] as const,
      [name, { profile: 'default', scopes: 'x' }, 'scopes', 'scopes'] as const,
    ]),
    ['profile.act', { profile: 'default' }, 'action', 'undefined'],
    ['profile.act', { profile: 'default', action: 'quit' }, 'action', 'quit'],
    ['profile.act', { profile: 'default', action: 'toString' }, 'action', 'toString'],
    ['profile.act', { profile: null, action: 'copy' }, 'profile', 'null'],
    ...withNothing.flatMap((name) => [
      [name, '/etc/passwd', 'argument', '/etc/passwd'] as const,
      [name, null, 'argument', 'null'] as const,
      [name, { path: '/' }, 'argument', 'an object'] as const,
    ]),
  ];
  test.each(ofObjects)(
    'of %s that is %j is refused with the name of its field: %s',
    (name, given, field, found) => {
      const checked = checkCall(name, [given]);
      expect(checked).toMatchObject({
        kind: 'wrong',
        problem: { kind: 'usage', code: 'window.asked-wrongly', params: { call: name, field } },
      });
      expect(checked.kind === 'wrong' && String(checked.problem.params.found)).toBe(found);
    },
  );

  // What the wire reports is logged, so it must not contain what was typed.
  const SECRET = 'abc8Q~typedIntoTheWrongPlace';
  const withSecret: readonly (readonly [CallName, unknown, string])[] = [
    ['draft.check', SECRET, 'argument'],
    ['draft.check', { ...asked, [SECRET]: 1 }, 'argument'],
    ['draft.check', { ...asked, credential: SECRET }, 'credential'],
    ['draft.save', { ...asked, credential: { kind: SECRET } }, 'credential.kind'],
    ['draft.save', { ...asked, credential: { kind: 'secret', secret: [SECRET] } }, 'credential.secret'],
    [
      'draft.save',
      { ...asked, credential: { kind: 'secret', secret: SECRET.repeat(10_000) } },
      'credential.secret',
    ],
    [
      'draft.test',
      { ...asked, run: 1, credential: { kind: 'secret', secret: 'x', [SECRET]: 1 } },
      'credential',
    ],
    ['draft.test', { ...asked, run: SECRET }, 'run'],
    ['draft.check', { ...asked, draft: { ...draft, name: SECRET.repeat(5000) } }, 'draft.name'],
    ['draft.read', { text: [SECRET] }, 'text'],
    ['text.copy', { text: SECRET.repeat(5000) }, 'text'],
    ['text.copy', { text: `${SECRET}\nrm -rf ~` }, 'text'],
    ['text.copy', { text: `\u001B]0;${SECRET}` }, 'text'],
  ];
  test.each(withSecret)('of %s that may hold a secret is refused without it (%#)', (name, given, field) => {
    const checked = checkCall(name, [given]);
    expect(checked).toMatchObject({ kind: 'wrong', problem: { params: { call: name, field } } });
    expect(JSON.stringify(checked)).not.toMatch(/Q~|typedInto/u);
  });

  test.each(CALL_NAMES)('in addition to another is refused by %s', (name) => {
    const given = [...RIGHT[name], undefined, 'more'];
    expect(checkCall(name, given)).toMatchObject({
      kind: 'wrong',
      problem: { params: { field: 'arguments' } },
    });
  });
});

describe('the sender of a call', () => {
  test('is accepted if it is our page in its window, with any fragment', () => {
    expect(isOwnPage(mainFrame, page)).toBe(true);
    expect(isOwnPage({ ...mainFrame, url: 'app://bundle/status.html#week' }, page)).toBe(true);
  });

  const sub = { ...mainFrame, parent: {} } as SpeakingFrame;
  test.each<[string, SpeakingFrame | null, OwnPage | undefined]>([
    ['a frame that is gone', null, page],
    ['a window that is not ours, whatever its frame claims', mainFrame, undefined],
    ['a frame in our page', sub, page],
    ['another page of ours in this window', { ...mainFrame, url: 'app://bundle/about.html' }, page],
    ['a longer address', { ...mainFrame, url: 'app://bundle/status.html.evil' }, page],
    ['an address with a query', { ...mainFrame, url: 'app://bundle/status.html?x' }, page],
    ['another host', { ...mainFrame, url: 'app://other/status.html', origin: 'app://other' }, page],
    ['a web page', { ...mainFrame, url: 'https://bundle/status.html', origin: 'https://bundle' }, page],
    ['an opaque origin', { ...mainFrame, origin: 'null' }, page],
    ['a longer origin', { ...mainFrame, origin: 'app://bundle.example' }, page],
  ])('is refused if it is %s', (_what, frame, shown) => expect(isOwnPage(frame, shown)).toBe(false));
});

/** The main process's side, with two windows of which the first is ours. */
function openChannel(
  handlers: Partial<Handlers> = {},
  shown: OwnPage = page,
): {
  readonly ask: (name: CallName, event: unknown, ...given: unknown[]) => Promise<Brought<CallName>>;
  readonly logged: unknown[];
  readonly carriedOut: unknown[];
} {
  type Listener = (event: IpcMainInvokeEvent, ...given: unknown[]) => Promise<Brought<CallName>>;
  const listeners = new Map<string, Listener>();
  const logged: unknown[] = [];
  const carriedOut: unknown[] = [];
  const agent = fakeAgent();
  const all = windowCalls({
    profiles: fakeProfiles(agent),
    statuses: () => [],
    act: (action, { profile }) => {
      carriedOut.push([action, profile.id]);
      return Promise.resolve({ kind: 'done', said: 'Copied' });
    },
    tokens: { view: () => Promise.resolve({ kind: 'none' }) },
    history: { view: () => ({ from: 1, to: 2, entries: [], gaps: [] }) },
    openLogs: () => Promise.resolve({ kind: 'done' }),
    copyDiagnostics: () => Promise.reject(new Error('a secret in a message')),
    showMenu: () => {
      carriedOut.push(['menu']);
      return Promise.resolve();
    },
    versions: { tokentray: '1', electron: '2', chromium: '3', node: '4' },
    openPage: (opened) => {
      carriedOut.push(['open', opened]);
      return opened === 'status' ? Promise.resolve() : Promise.reject(new Error('no page'));
    },
    // Tested in settings-calls.test.ts.
    settings: {} as SettingsHandlers,
    log: memoryLog(logged),
  });
  openWindowChannel({
    ipc: { handle: (channel, listener) => void listeners.set(channel, listener as Listener) },
    windows: { pageOf: (contents) => ((contents as unknown) === 'ours' ? shown : undefined) },
    handlers: { ...all, ...handlers },
    log: memoryLog(logged),
  });
  const ask = (name: CallName, event: unknown, ...given: unknown[]): Promise<Brought<CallName>> =>
    listeners.get(`tokentray:${name}`)!(event as IpcMainInvokeEvent, ...given);
  return { ask, logged, carriedOut };
}

const ours = { sender: 'ours', senderFrame: mainFrame };
const foreign = {
  sender: 'sign-in',
  senderFrame: { ...mainFrame, origin: 'https://login.example', url: 'https://login.example/?code=SECRET' },
};

describe('a call', () => {
  test('is answered', async () => {
    const { ask, carriedOut } = openChannel();
    expect(await ask('profile.act', ours, { profile: 'default', action: 'copy' })).toEqual({
      kind: 'answered',
      answer: { kind: 'done', said: 'Copied' },
    });
    expect(carriedOut).toEqual([['copy', 'default']]);
    expect(await ask('history.read', ours, { profile: 'default' })).toMatchObject({ answer: { from: 1 } });
    expect(await ask('token.read', ours, { profile: 'default' })).toMatchObject({ answer: { kind: 'none' } });
    expect(await ask('versions.read', ours)).toMatchObject({ answer: { tokentray: '1' } });
    expect(await ask('profiles.read', ours)).toEqual({ kind: 'answered', answer: [] });
  });

  test('opens the other page’s window, or reports that it cannot', async () => {
    const { ask, carriedOut } = openChannel();
    expect(await ask('page.open', ours, { page: 'status' })).toMatchObject({ answer: { kind: 'done' } });
    expect(await ask('page.open', ours, { page: 'settings' })).toMatchObject({ answer: { kind: 'failed' } });
    expect(await ask('page.open', ours, { page: 'about' })).toMatchObject({ kind: 'failed' });
    expect(carriedOut).toEqual([
      ['open', 'status'],
      ['open', 'settings'],
    ]);
  });

  test('from another page or a frame in our page does nothing, and is logged once, without an address', async () => {
    const { ask, logged, carriedOut } = openChannel();
    const inFrame = { sender: 'ours', senderFrame: { ...mainFrame, parent: {} } };
    for (const event of [foreign, inFrame, { sender: 'ours', senderFrame: null }])
      for (const name of CALL_NAMES)
        expect(await ask(name, event, ...RIGHT[name])).toMatchObject({
          kind: 'failed',
          problem: { code: 'window.foreign' },
        });
    expect(carriedOut).toEqual([]);
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(logged)).toContain('https://login.example');
    expect(JSON.stringify(logged)).not.toContain('SECRET');
  });

  test('from a page that does not make it does nothing', async () => {
    const { ask, carriedOut } = openChannel({}, aboutWindow);
    const event = { sender: 'ours', senderFrame: { ...mainFrame, url: 'app://bundle/about.html' } };
    for (const name of CALL_NAMES)
      expect(await ask(name, event, ...RIGHT[name])).toMatchObject({ problem: { code: 'window.foreign' } });
    expect(carriedOut).toEqual([]);
  });

  test('belongs to certain pages: Status copies no text and Settings reads no token', () => {
    const callsOf = (one: OwnPage): CallName[] => CALL_NAMES.filter((name) => mayCall(one, name));
    expect(callsOf(aboutWindow)).toEqual([]);
    expect(
      callsOf(statusWindow).filter((name) => /^(?:settings|draft|credential|text)\./u.test(name)),
    ).toEqual([]);
    expect(callsOf(settingsWindow)).not.toEqual(expect.arrayContaining(['token.read']));
    expect(new Set([...callsOf(statusWindow), ...callsOf(settingsWindow)])).toEqual(new Set(CALL_NAMES));
  });

  test('with an invalid argument does nothing and names it', async () => {
    const { ask, carriedOut } = openChannel();
    const brought = await ask('profile.act', ours, { profile: 'default', action: 'quit' });
    expect(brought).toMatchObject({ kind: 'failed', problem: { code: 'window.asked-wrongly' } });
    expect(brought.kind === 'failed' && brought.problem.message).toMatch(
      /profile\.act.*action.*found: quit/u,
    );
    expect(carriedOut).toEqual([]);
  });

  test.each(['token.read', 'history.read'] as const)('%s about a removed profile fails', async (name) => {
    const { ask } = openChannel();
    const brought = await ask(name, ours, { profile: 'gone' });
    expect(brought).toMatchObject({
      kind: 'failed',
      problem: { code: 'profile.unknown', message: 'There is no profile “gone”.' },
    });
  });

  test('that acts on a removed profile reports that in its answer', async () => {
    const { ask } = openChannel();
    expect(await ask('profile.act', ours, { profile: 'gone', action: 'copy' })).toMatchObject({
      kind: 'answered',
      answer: { kind: 'failed', problem: { code: 'profile.unknown' } },
    });
  });

  test('that throws brings a sentence, without the error’s message or stack', async () => {
    const { ask, logged } = openChannel({
      'versions.read': () => Promise.reject(new Error('a secret in a message')),
    });
    for (const name of ['versions.read', 'diagnostics.copy'] as const) {
      const brought = JSON.stringify(await ask(name, ours));
      expect(brought).toContain('unexpected');
      expect(brought).not.toMatch(/a secret|at .*\.ts|stack/u);
    }
    expect(logged).toHaveLength(2);
  });
});

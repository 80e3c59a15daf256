import { beforeEach, describe, expect, test, vi } from 'vitest';

const shown = vi.hoisted((): { message: string; detail: string }[] => []);
vi.mock('electron', () => ({
  app: { quit: () => undefined },
  BrowserWindow: { getAllWindows: () => [] },
  clipboard: {},
  dialog: {
    showMessageBox: (options: { message: string; detail: string }) => {
      shown.push(options);
      return Promise.resolve({ response: 0 });
    },
  },
}));

const { Application } = await import('../../../src/tray/menu/application.ts');
type Parts = ConstructorParameters<typeof Application>[0];

import type { Account } from '../../../src/agent/status/account.ts';
import type { Agent } from '../../../src/agent/agent.ts';
import { problem, type Problem } from '../../../src/words/problem.ts';
import type { TrayView } from '../../../src/tray/menu/projection.ts';
import { SignInWays } from '../../../src/tray/sign-in/ways.ts';
import { VaultError } from '../../../src/vault/store/vault.ts';
import { ada, bob } from '../../agent/fixtures/fake-authority.ts';
import { makeAgent, memoryLog, redirectOf, signedIn } from '../../agent/fixtures/fixture.ts';

let logged: unknown[];
let opened: number;
let aims: string[];
let copied: string[];
let toggled: number;

/** The parts of the profiles that the application uses; the first is the default. */
function profilesOf(...agents: Agent[]): Parts['profiles'] {
  return {
    list: agents,
    get: (id) => (id === undefined ? agents[0] : agents.find(({ profile }) => profile.id === id)),
    watch: (watcher) => {
      const ends = agents.map((agent) => agent.onStatus((status) => watcher(agent, status)));
      return () => ends.forEach((end) => end());
    },
  };
}

function partsOf(
  agents: readonly Agent[],
  more: {
    clear?: () => Promise<void>;
    importProfile?: () => Promise<void>;
    toggle?: () => Promise<void>;
    showWindow?: (page: string) => Promise<void>;
    refusal?: Problem;
  } = {},
): Parts {
  const signIn = {
    refusal: () => more.refusal,
    run: (_agent: Agent, aim: string) => {
      opened += 1;
      aims.push(aim);
      const closed = { kind: 'interaction', code: 'sign-in.window-closed', params: {} };
      return Promise.resolve({ kind: 'closed', problem: closed });
    },
  };
  // Only what the application calls; the real parts are tested on the stand-in.
  return {
    clipboard: {
      copy: (text: string) => Promise.resolve(void copied.push(text)),
      clear: () => Promise.resolve(),
    },
    signInSession: { clear: more.clear ?? (() => Promise.resolve()) },
    signIn,
    signInWays: new SignInWays({ settings: undefined, log: memoryLog(logged) }),
    now: Date.now,
    profiles: profilesOf(...agents),
    startAtLogin: {
      state: 'off',
      toggle:
        more.toggle ??
        (() => {
          toggled += 1;
          return Promise.resolve();
        }),
    },
    log: memoryLog(logged),
    importProfile: more.importProfile ?? (() => Promise.resolve()),
    showWindow: more.showWindow ?? (() => Promise.resolve()),
  } as unknown as Parts;
}

beforeEach(() => {
  shown.length = 0;
  logged = [];
  opened = 0;
  aims = [];
  copied = [];
  toggled = 0;
});

test('a failed clearing at sign-out is reported, and does not block the next sign-in', async () => {
  const { agent } = await signedIn();
  const application = new Application(partsOf([agent], { clear: () => Promise.reject(new Error('no')) }));
  await application.act('sign-out');
  expect(shown.map(({ message }) => message)).toEqual(['Signed out, but not everything was cleared']);
  await application.act('sign-in');
  expect(opened).toBe(1);
  agent.stop();
});

test('when another account replaces the session, browser and clipboard are cleared of the first', async () => {
  const { agent, authority } = await signedIn();
  let cleared = 0;
  const clear = (): Promise<void> => Promise.resolve(void (cleared += 1));
  const application = new Application(partsOf([agent], { clear }));
  const signInAs = async (account: Account): Promise<void> => {
    authority.onRedeem = () => Promise.resolve(authority.grant(account));
    const started = await agent.beginSignIn('window', () => Promise.resolve('replace'));
    if (started.kind === 'started') await started.attempt.receive(redirectOf(authority));
  };
  await signInAs(ada);
  expect(cleared).toBe(0);
  await signInAs(bob);
  expect(application.view.tooltip).toContain(bob.username);
  expect(cleared).toBe(1);
  agent.stop();
});

test('the menu switches the way to sign in, and updates its check mark', async () => {
  const { agent } = await signedIn();
  const application = new Application(partsOf([agent]));
  const mark = (): string | undefined =>
    application.view.menu
      .flatMap((entry) => (entry.kind === 'action' && entry.id === 'sign-in-with-browser' ? [entry] : []))
      .at(0)?.mark;
  const marks: unknown[] = [mark()];
  application.showIn({ show: () => void marks.push(mark()) } as never);
  await application.act('sign-in-with-browser', { profile: 'default' });
  await application.act('sign-in-with-browser', { profile: 'default' });
  expect(marks).toEqual(['off', 'off', 'on', 'off']);
  expect(opened).toBe(0);
  agent.stop();
});

test('an error thrown by an action is reported with a sentence, without its message', async () => {
  const { agent } = makeAgent();
  const failures = [new VaultError('the keyring is locked'), new Error('a message with a secret in it')];
  for (const failure of failures) {
    const application = new Application(partsOf([agent], { importProfile: () => Promise.reject(failure) }));
    await application.act('import');
  }
  expect(shown.map(({ message }) => message)).toEqual(['That did not work', 'That did not work']);
  expect(shown[0]?.detail).toContain('the keyring is locked');
  expect(shown[1]?.detail).not.toContain('secret in it');
});

test('the view follows the clock: a token that has expired is not shown as valid', async () => {
  vi.useFakeTimers();
  try {
    const { agent } = await signedIn();
    const views: string[] = [];
    const application = new Application(partsOf([agent]));
    application.showIn({ show: ({ tooltip }: { tooltip: string }) => void views.push(tooltip) } as never);
    expect(views.at(-1)).toContain('Token good until');
    vi.setSystemTime(Date.now() + 26 * 3600_000);
    await agent.due();
    expect(views.join()).toContain('Token expired at');
    agent.stop();
  } finally {
    vi.useRealTimers();
  }
});

describe('copying', () => {
  const viewsOf = (application: InstanceType<typeof Application>): TrayView[] => {
    const views: TrayView[] = [];
    application.showIn({ show: (view: TrayView) => void views.push(view) } as never);
    return views;
  };
  const says = (view: TrayView | undefined, text: string): boolean =>
    view?.menu.some((entry) => entry.kind === 'line' && entry.text.startsWith(text)) === true;

  test('puts the requested form on the clipboard, and shows that for a moment', async () => {
    vi.useFakeTimers();
    try {
      const { agent } = await signedIn();
      const application = new Application(partsOf([agent]));
      const views = viewsOf(application);
      for (const [action, sentence] of [
        ['copy', 'Copied, good until'],
        ['copy-header', 'Authorization header copied, good until'],
        ['copy-json', 'JSON copied, good until'],
        ['copy-curl', 'curl command copied'],
      ] as const) {
        await application.act(action, { profile: 'default' });
        expect(says(views.at(-1), sentence)).toBe(true);
        await vi.advanceTimersByTimeAsync(10_000);
        expect(says(views.at(-1), sentence)).toBe(false);
      }
      const [token = '', header, json = '', command] = copied;
      expect(header).toBe(`Authorization: Bearer ${token}`);
      expect(JSON.parse(json)).toMatchObject({ accessToken: token, account: { username: ada.username } });
      expect(command).not.toContain(token);
      agent.stop();
    } finally {
      vi.useRealTimers();
    }
  });

  test('copies from the chosen profile, or the default one', async () => {
    const first = await signedIn({ profile: { id: 'home', name: 'Home' } });
    const second = await signedIn({ profile: { id: 'work', name: 'R&D <b>' } });
    const application = new Application(partsOf([first.agent, second.agent]));
    const views = viewsOf(application);
    await application.act('copy-curl', { profile: 'work' });
    expect(says(views.at(-1), 'R&D <b>: curl command copied')).toBe(true);
    await application.act('copy-curl');
    expect(copied).toEqual([
      'tokentray token --profile work --header | curl -H @- https://',
      'tokentray token --header | curl -H @- https://',
    ]);
    await application.act('sign-out', { profile: 'work' });
    expect([first, second].map(({ agent }) => agent.status.session.kind)).toEqual([
      'signed-in',
      'signed-out',
    ]);
    for (const { agent } of [first, second]) agent.stop();
  });

  test('requests the chosen additional scopes', async () => {
    const scopes = ['https://vault.azure.net/.default'];
    const { agent } = await signedIn({ profile: { extraScopes: [scopes] } });
    const asked = vi.spyOn(agent, 'getToken');
    const application = new Application(partsOf([agent]));
    const views = viewsOf(application);
    await application.act('copy', { profile: 'default', scopes });
    expect(asked).toHaveBeenCalledWith({ scopes });
    expect(says(views.at(-1), 'Token for https://vault.azure.net/.default copied')).toBe(true);
    agent.stop();
  });

  test('does not touch the clipboard and says why if there is no token, or the profile was removed', async () => {
    const { agent } = makeAgent();
    const application = new Application(partsOf([agent]));
    await application.act('copy', { profile: 'default' });
    await application.act('copy-header', { profile: 'gone' });
    expect(copied).toEqual([]);
    expect(shown.map(({ message }) => message)).toEqual(['Nothing was copied', 'Nothing was copied']);
    expect(shown[0]?.detail).toContain('You are signed out.');
  });
});

test('switching the account keeps the session until another account has signed in', async () => {
  const { agent } = await signedIn();
  await new Application(partsOf([agent])).act('switch-account', { profile: 'default' });
  expect(aims).toEqual(['switch-account']);
  expect(agent.status.session.kind).toBe('signed-in');
  agent.stop();
});

test('a sign-in that cannot start is reported to the caller, not as shown', () => {
  const { agent } = makeAgent();
  const busy = problem('interaction', 'sign-in.busy', { name: 'Home' });
  const application = new Application(partsOf([agent], { refusal: busy }));
  expect(application.inviteToSignIn(agent)).toEqual({ kind: 'failed', problem: busy });
  expect(opened).toBe(0);
  expect(new Application(partsOf([agent])).inviteToSignIn(agent)).toEqual({ kind: 'shown' });
  expect(opened).toBe(1);
});

test('starting at login is toggled from the menu; a failure is reported', async () => {
  await new Application(partsOf([])).act('start-at-login');
  expect(toggled).toBe(1);
  const refusing = partsOf([], { toggle: () => Promise.reject(new Error('EACCES')) });
  await new Application(refusing).act('start-at-login');
  expect(shown.map(({ message }) => message)).toEqual(['That did not work']);
});

describe('a window of our own', () => {
  const show = async (
    action: 'status' | 'settings',
    { opens = true, icon = true, agents = [makeAgent().agent] }: Partial<Circumstances> = {},
  ): Promise<readonly string[]> => {
    const windows: string[] = [];
    const showWindow = (page: string): Promise<void> => {
      if (!opens) return Promise.reject(new Error('no page'));
      windows.push(page);
      return Promise.resolve();
    };
    const application = new Application(partsOf(agents, { showWindow }));
    if (icon) application.showIn({ show: () => undefined } as never);
    await application.act(action);
    return windows;
  };
  interface Circumstances {
    readonly opens: boolean;
    readonly icon: boolean;
    readonly agents: readonly Agent[];
  }

  test('opens for Status and for Settings', async () => {
    expect(await show('status')).toEqual(['status']);
    expect(await show('settings')).toEqual(['settings']);
    expect(shown).toEqual([]);
  });

  test('is Settings for both if nothing is set up', async () => {
    expect(await show('status', { agents: [] })).toEqual(['settings']);
    expect(await show('settings', { agents: [] })).toEqual(['settings']);
    expect(shown).toEqual([]);
  });

  test.each(['status', 'settings'] as const)(
    'is replaced by a dialog if that of %s cannot be opened',
    async (page) => {
      expect(await show(page, { opens: false })).toEqual([]);
      expect(shown).toMatchObject([{ message: 'Signed out' }]);
      expect(JSON.stringify(logged)).toContain('the window cannot be opened');
    },
  );

  test('is replaced by a dialog that can import if nothing is set up and none can be opened', async () => {
    expect(await show('status', { opens: false, agents: [] })).toEqual([]);
    expect(shown).toMatchObject([
      {
        message: 'Not set up yet',
        buttons: expect.arrayContaining(['Import .env file…', 'Set up…']) as string[],
      },
    ]);
  });

  test('is replaced by a dialog with the whole menu if there is no icon', async () => {
    expect(await show('status', { icon: false })).toEqual([]);
    expect(shown).toMatchObject([{ message: 'Signed out' }]);
  });
});

describe('a page’s action', () => {
  test('runs as from the menu, and the page gets the sentence', async () => {
    const { agent } = await signedIn();
    const acted = await new Application(partsOf([agent])).actForPage('copy', agent);
    const said = expect.stringMatching(/^Copied, good until /u) as string;
    expect(acted).toMatchObject({ kind: 'done', said });
    expect(copied).toHaveLength(1);
    agent.stop();
  });

  test('fails without a box: the page shows the failure, and the menu shows it for a moment', async () => {
    const { agent } = makeAgent();
    const application = new Application(partsOf([agent]));
    expect(await application.actForPage('copy', agent)).toMatchObject({
      kind: 'failed',
      problem: { kind: 'interaction', code: 'signed-out', message: 'You are signed out.' },
    });
    expect(shown).toEqual([]);
    expect(JSON.stringify(application.view.menu)).toContain('You are signed out.');
  });

  test('opens the sign-in without waiting for its end', async () => {
    const { agent } = makeAgent();
    const run = (): Promise<never> => new Promise(() => void (opened += 1));
    const parts = partsOf([agent]);
    const signIn = { run, refusal: () => undefined } as unknown as Parts['signIn'];
    const application = new Application({ ...parts, signIn });
    expect(await application.actForPage('sign-in', agent)).toEqual({ kind: 'done' });
    expect(opened).toBe(1);
  });
});

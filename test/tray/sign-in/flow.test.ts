import { beforeEach, describe, expect, test, vi } from 'vitest';

interface Box {
  message: string;
  buttons: string[];
  /** undefined for a box without a window. */
  over: unknown;
  press: (label: string) => void;
}
const boxes = vi.hoisted((): Box[] => []);
vi.mock('electron', () => ({
  app: { on: () => undefined },
  BrowserWindow: { getAllWindows: () => [] },
  shell: {},
  dialog: {
    showMessageBox: (...args: unknown[]) =>
      new Promise((resolve) => {
        const options = args.at(-1) as { message: string; buttons: string[] };
        const press = (label: string): void => resolve({ response: options.buttons.indexOf(label) });
        boxes.push({ ...options, over: args.length > 1 ? args[0] : undefined, press });
      }),
  },
}));

const { SignInFlow } = await import('../../../src/tray/sign-in/flow.ts');

import type { BrowserWindow } from 'electron';
import type { Agent } from '../../../src/agent/agent.ts';
import { problem } from '../../../src/words/problem.ts';
import type { SignInAttempt, SignInOutcome } from '../../../src/agent/sign-in/sign-in.ts';
import type { SignInEnd, SignInFlowParts } from '../../../src/tray/sign-in/flow.ts';
import type { VisitEnd } from '../../../src/tray/sign-in/visit.ts';
import { SignInWays } from '../../../src/tray/sign-in/ways.ts';
import { ada, bob } from '../../agent/fixtures/fake-authority.ts';
import { makeAgent, memoryLog, redirectOf, signedIn, type Harness } from '../../agent/fixtures/fixture.ts';
import { until } from '../../house/fixtures/until.ts';

/** The part of a window that boxes use. */
const pages = {
  isDestroyed: () => false,
  isVisible: () => true,
  isMinimized: () => false,
  once: () => undefined,
  removeListener: () => undefined,
} as unknown as BrowserWindow;

let steps: string[];
let ways: SignInWays;
/** The attempt whose pages are shown, and a function that ends its visit. */
let shown: { attempt: SignInAttempt; end: (end: VisitEnd) => void } | undefined;
let cleared: Promise<void>;
let flow: InstanceType<typeof SignInFlow>;

beforeEach(() => {
  boxes.length = 0;
  steps = [];
  shown = undefined;
  cleared = Promise.resolve();
  ways = new SignInWays({ settings: undefined, log: memoryLog([]) });
  flow = new SignInFlow(partsOf());
});

/** A window and a browser that show nothing: the test ends their attempts. */
function partsOf(): SignInFlowParts {
  const show = (attempt: SignInAttempt): Promise<VisitEnd> =>
    new Promise((resolve) => {
      shown = { attempt, end: resolve };
      void attempt.outcome.then((outcome) => resolve({ kind: 'ended', outcome, told: 'untold' }));
    }).finally(() => (shown = undefined)) as Promise<VisitEnd>;
  let inBrowser: { attempt: SignInAttempt; end: Promise<unknown> } | undefined;
  return {
    ways,
    session: {
      get cleared() {
        return cleared;
      },
      clear: () => Promise.resolve(void steps.push('cleared')),
    },
    window: {
      focus: () => {
        steps.push('focused');
        return shown !== undefined;
      },
      over: pages,
      run: async (attempt, judge) => {
        steps.push('window');
        return judge(await show(attempt), pages);
      },
    },
    browser: {
      port: undefined,
      supersede: async () => {
        inBrowser?.attempt.abandon(problem('interaction', 'sign-in.superseded'));
        await inBrowser?.end;
      },
      run: async (attempt): Promise<SignInOutcome> => {
        steps.push('browser');
        const end = show(attempt);
        inBrowser = { attempt, end };
        await end;
        return attempt.outcome;
      },
    },
  };
}

const nextPage = (): Promise<NonNullable<typeof shown>> =>
  until(() => {
    if (shown === undefined) throw new Error('no page is shown');
    return shown;
  });

async function nextBox(): Promise<Box> {
  return until(() => {
    const box = boxes.shift();
    if (box === undefined) throw new Error('no box is shown');
    return box;
  });
}

async function finish({ authority }: Harness, end: Promise<SignInEnd>): Promise<void> {
  const { attempt } = await nextPage();
  await attempt.receive(redirectOf(authority));
  expect(await end).toEqual({ kind: 'over' });
}

const closeWindow = async (): Promise<void> =>
  (await nextPage()).attempt.abandon(problem('interaction', 'sign-in.window-closed'));

const accountOf = ({ status }: Agent): unknown =>
  status.session.kind === 'signed-out' ? undefined : status.session.account;

test('no page is requested while the last user’s cookies are being cleared', async () => {
  const { agent } = makeAgent();
  const begun = vi.spyOn(agent, 'beginSignIn');
  let done: () => void = () => undefined;
  cleared = new Promise((resolve) => (done = resolve));
  const end = flow.run(agent);
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).not.toHaveBeenCalled();
  done();
  await closeWindow();
  expect(await end).toMatchObject({ kind: 'closed', problem: { code: 'sign-in.window-closed' } });
});

describe('switching the account', () => {
  test('keeps the session until another account signs in, in a window without cookies', async () => {
    const harness = await signedIn();
    const { agent, authority } = harness;
    const end = flow.run(agent, 'switch-account');
    const page = await nextPage();
    expect(steps).toEqual(['cleared', 'window']);
    expect(accountOf(agent)).toEqual(ada);
    expect(authority.authorizations.at(-1)?.loginHint).toBeUndefined();
    authority.onRedeem = () => Promise.resolve(authority.grant(bob));
    await page.attempt.receive(redirectOf(authority));
    expect(await end).toEqual({ kind: 'over' });
    expect(boxes).toEqual([]);
    expect(accountOf(agent)).toEqual(bob);
    agent.stop();
  });

  test('keeps the session if the user closes the window', async () => {
    const { agent } = await signedIn();
    const end = flow.run(agent, 'switch-account');
    await closeWindow();
    expect(await end).toMatchObject({ kind: 'closed' });
    expect(accountOf(agent)).toEqual(ada);
    agent.stop();
  });

  test('is refused while another profile’s sign-in is running, and nothing is lost', async () => {
    const other = makeAgent({ profile: { id: 'home', name: 'Home' } });
    const { agent } = await signedIn({ profile: { id: 'work', name: 'Work' } });
    const first = flow.run(other.agent);
    await nextPage();
    expect(await flow.run(agent, 'switch-account')).toMatchObject({
      kind: 'failed',
      problem: { code: 'sign-in.busy', params: { name: 'Home' } },
    });
    expect(steps).toEqual(['window', 'focused']);
    expect(accountOf(agent)).toEqual(ada);
    await closeWindow();
    await first;
    agent.stop();
  });
});

describe('while one profile signs in', () => {
  let home: Harness;
  let work: Harness;
  beforeEach(() => {
    home = makeAgent({ profile: { id: 'home', name: 'Home' } });
    work = makeAgent({ profile: { id: 'work', name: 'Work' } });
  });

  test('another one is refused with the first one’s name, even before there is a window, and can start afterwards', async () => {
    expect(flow.refusal(work.agent)).toBeUndefined();
    const first = flow.run(home.agent);
    const busy = { code: 'sign-in.busy', params: { name: 'Home' } };
    expect(flow.refusal(work.agent)).toMatchObject(busy);
    expect(await flow.run(work.agent)).toMatchObject({ kind: 'failed', problem: busy });
    await nextPage();
    expect(await flow.run(work.agent)).toMatchObject({ kind: 'failed', problem: busy });
    await closeWindow();
    await first;
    expect(flow.refusal(work.agent)).toBeUndefined();
    await finish(work, flow.run(work.agent));
    work.agent.stop();
  });

  test('another sign-in to it brings its window to the front', async () => {
    const first = flow.run(home.agent);
    await nextPage();
    expect(flow.refusal(home.agent)).toBeUndefined();
    expect(await flow.run(home.agent)).toEqual({ kind: 'over' });
    expect(steps).toEqual(['window', 'focused']);
    await closeWindow();
    await first;
  });

  test('in the browser, where it may be forgotten, another one supersedes it', async () => {
    await ways.remember(home.agent.profile, 'browser');
    const first = flow.run(home.agent);
    await nextPage();
    expect(flow.refusal(work.agent)).toBeUndefined();
    const second = flow.run(work.agent);
    expect(await first).toEqual({ kind: 'over' });
    await finish(work, second);
    expect(steps).toEqual(['browser', 'window']);
    work.agent.stop();
  });
});

describe('the way to sign in', () => {
  test('that the user chooses in the menu in the meantime stays', async () => {
    const harness = makeAgent();
    const end = flow.run(harness.agent);
    await nextPage();
    await ways.remember(harness.agent.profile, 'browser');
    await finish(harness, end);
    expect(ways.wayOf(harness.agent.profile)).toBe('browser');
    harness.agent.stop();
  });

  test('that worked is remembered', async () => {
    const harness = makeAgent();
    const end = flow.run(harness.agent);
    const page = await nextPage();
    page.attempt.abandon(problem('interaction', 'sign-in.superseded'));
    page.end({ kind: 'to-browser' });
    await until(() => expect(steps).toEqual(['window', 'browser']));
    await finish(harness, end);
    expect(ways.wayOf(harness.agent.profile)).toBe('browser');
    harness.agent.stop();
  });
});

describe('a question appears over the sign-in window', () => {
  test('about another account', async () => {
    const { agent, authority } = await signedIn();
    authority.onRedeem = () => Promise.resolve(authority.grant(bob));
    const end = flow.run(agent);
    const { attempt } = await nextPage();
    void attempt.receive(redirectOf(authority));
    const box = await nextBox();
    expect(box.over).toBe(pages);
    box.press('Cancel');
    expect(await end).toMatchObject({ kind: 'closed', problem: { code: 'sign-in.wrong-account' } });
    expect(accountOf(agent)).toEqual(ada);
    agent.stop();
  });

  test('about a policy', async () => {
    const { agent } = makeAgent();
    const end = flow.run(agent);
    const { attempt } = await nextPage();
    attempt.abandon(problem('interaction', 'conditional-access', { detail: 'AADSTS53003' }));
    const box = await nextBox();
    expect(box.over).toBe(pages);
    box.press('Cancel');
    expect(await end).toMatchObject({ kind: 'closed', problem: { code: 'conditional-access' } });
  });
});

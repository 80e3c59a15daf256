import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Grant } from '../../../src/agent/authority/authority.ts';
import { problem } from '../../../src/words/problem.ts';
import type { SignInAttempt, SignInOutcome, SignInVia } from '../../../src/agent/sign-in/sign-in.ts';
import { ada, bob, byHand, interactionError, MINUTE_MS, serverError } from '../fixtures/fake-authority.ts';
import {
  makeAgent,
  offline,
  profile,
  redirectOf,
  refused,
  signedIn,
  signIn,
  told,
  type Harness,
} from '../fixtures/fixture.ts';

let harness: Harness;
beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 22, 8) });
  harness = makeAgent();
});
afterEach(async () => {
  // Whatever happened before: the next sign-in works.
  harness.authority.onAuthorize = () => Promise.resolve('https://login.example.test/authorize');
  harness.authority.onRedeem = () => Promise.resolve(harness.authority.grant(ada));
  harness.vault.fault = undefined;
  expect(await signIn(harness)).toMatchObject({ kind: 'signed-in', account: ada });
  expect(harness.agent.status).toMatchObject({ session: { kind: 'signed-in' }, activity: { kind: 'idle' } });
  expect(harness.agent.signInAttempt).toBeUndefined();
  harness.agent.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

async function begin(via: SignInVia = 'window'): Promise<SignInAttempt> {
  const started = await harness.agent.beginSignIn(via);
  if (started.kind === 'failed') throw new Error(started.problem.code);
  expect(harness.agent.status.activity.kind).toBe('signing-in');
  return started.attempt;
}

const failed = (code: string, kind = 'interaction'): object => ({ kind: 'failed', problem: { kind, code } });

/** The outcome, the same for the host and for the caller with the redirect, and a status that is idle again. */
async function expectOutcome(
  attempt: SignInAttempt,
  expected: object,
  received?: Promise<SignInOutcome>,
): Promise<void> {
  expect(await attempt.outcome).toMatchObject(expected);
  if (received !== undefined) expect(await received).toEqual(await attempt.outcome);
  await Promise.resolve();
  expect(harness.agent.status.activity.kind).toBe('idle');
  expect(harness.agent.signInAttempt).toBeUndefined();
}

const redirect = (more?: Record<string, string>): string => redirectOf(harness.authority, more);

test('signed in: account, expiry, and stored', async () => {
  const attempt = await begin();
  const received = attempt.receive(redirect());
  await expectOutcome(attempt, { kind: 'signed-in', account: ada }, received);
  expect(await harness.vault.stored('default/last-good')).toContain('token-1');
  expect(await harness.vault.stored('default/msal-cache')).toContain('ada');
});

test('form_post is understood', async () => {
  const attempt = await begin();
  const { state } = harness.authority.authorizations.at(-1)!;
  const form = new URLSearchParams({ state, code: 'form-code' }).toString();
  await expectOutcome(attempt, { kind: 'signed-in' }, attempt.receive(profile.redirectUri, form));
  expect(harness.authority.redemptions.at(-1)!.code.reveal()).toBe('form-code');
});

test('state, nonce and PKCE cannot be guessed, differ each time, and belong together', async () => {
  const seen: string[] = [];
  for (let count = 0; count < 20; count += 1) {
    const attempt = await begin();
    await attempt.receive(redirect());
    const { state, nonce, codeChallenge } = harness.authority.authorizations.at(-1)!;
    const redeemed = harness.authority.redemptions.at(-1)!;
    const verifier = redeemed.codeVerifier.reveal();
    expect(createHash('sha256').update(verifier).digest('base64url')).toBe(codeChallenge);
    expect(redeemed.nonce).toBe(nonce);
    expect(redeemed.code.reveal()).toBe('the-code');
    seen.push(state, nonce, codeChallenge, verifier);
  }
  expect(new Set(seen).size).toBe(80);
  for (const value of seen) expect(Buffer.from(value, 'base64url')).toHaveLength(32);
});

test('the first sign-in shows the account picker; a later one hints at the account of the session', async () => {
  await signIn(harness);
  await begin();
  expect(harness.authority.authorizations.map(({ loginHint }) => loginHint)).toEqual([
    undefined,
    ada.username,
  ]);
});

test('the window was closed', async () => {
  const attempt = await begin();
  attempt.abandon(problem('interaction', 'sign-in.window-closed'));
  await expectOutcome(attempt, failed('sign-in.window-closed'));
  expect(await attempt.receive(redirect())).toEqual(await attempt.outcome);
  expect(harness.authority.redemptions).toEqual([]);
});

test.each([
  ['by the timer', () => vi.advanceTimersByTimeAsync(10 * MINUTE_MS)],
  ['by the clock, after a sleep', () => Promise.resolve(vi.setSystemTime(Date.now() + 11 * MINUTE_MS))],
])('not finished within ten minutes, seen %s', async (_name, wait) => {
  const attempt = await begin();
  await wait();
  await expectOutcome(attempt, failed('sign-in.timeout'), attempt.receive(redirect()));
  expect(harness.authority.redemptions).toEqual([]);
});

test('nine minutes are not too long', async () => {
  const attempt = await begin();
  await vi.advanceTimersByTimeAsync(9 * MINUTE_MS);
  await expectOutcome(attempt, { kind: 'signed-in' }, attempt.receive(redirect()));
});

test.each<[Record<string, string>, string, string]>([
  [{ error: 'access_denied', error_description: 'hunter2' }, 'interaction', 'sign-in.denied'],
  [{ error: 'access_denied', error_description: 'AADSTS65004: declined' }, 'interaction', 'sign-in.denied'],
  [{ error: 'consent_required', error_description: 'AADSTS65001: x' }, 'interaction', 'consent'],
  // A policy also sends access_denied; only its number shows that.
  [{ error: 'access_denied', error_description: 'AADSTS53000: x' }, 'interaction', 'conditional-access'],
  [{ error: 'access_denied', error_description: 'AADSTS53001: x' }, 'interaction', 'conditional-access'],
  [{ error: 'access_denied', error_description: 'AADSTS53003: x' }, 'interaction', 'conditional-access'],
  [{ error: 'access_denied', error_description: 'AADSTS50105: x' }, 'admin', 'not-assigned'],
  [{ error: 'access_denied', error_description: 'AADSTS999999: x' }, 'interaction', 'sign-in.denied'],
  [{ error: 'invalid_client', error_description: 'AADSTS53003: x' }, 'interaction', 'conditional-access'],
  [{ error: 'unauthorized_client', error_description: 'AADSTS700016: x' }, 'admin', 'wrong-client'],
  [{ error: 'temporarily_unavailable' }, 'transient', 'authority-down'],
  [{ error: 'strange', error_description: 'hunter2' }, 'interaction', 'sign-in.authority-error'],
  [{ error: 'access_denied', code: 'both' }, 'interaction', 'sign-in.denied'],
])('the authority answers %j', async (answer, kind, code) => {
  const attempt = await begin();
  await expectOutcome(attempt, failed(code, kind), attempt.receive(redirect(answer)));
  expect(JSON.stringify(await attempt.outcome)).not.toContain('hunter2');
  expect(harness.authority.redemptions).toEqual([]);
});

test('no code came back', async () => {
  const attempt = await begin();
  await expectOutcome(attempt, failed('sign-in.no-code'), attempt.receive(redirect({})));
});

const foreign = [
  `${profile.redirectUri}?code=planted&state=${'A'.repeat(43)}`,
  `${profile.redirectUri}?code=planted`,
  `${profile.redirectUri}?code=planted&state=`,
  `${profile.redirectUri}?error=access_denied&state=x`,
];
test.each(foreign)('in the window, %s ends the attempt: its state is another one', async (url) => {
  const attempt = await begin('window');
  await expectOutcome(attempt, failed('sign-in.state-mismatch'), attempt.receive(url));
  expect(harness.authority.redemptions).toEqual([]);
});

test.each(foreign)('over the browser, %s is turned away and the attempt goes on', async (url) => {
  const attempt = await begin('browser');
  expect(await attempt.receive(url)).toMatchObject(failed('sign-in.state-mismatch'));
  expect(harness.agent.status.activity.kind).toBe('signing-in');
  await expectOutcome(attempt, { kind: 'signed-in' }, attempt.receive(redirect()));
});

test('an attempt’s own state sent twice is a foreign one', async () => {
  const attempt = await begin('browser');
  const { state } = harness.authority.authorizations.at(-1)!;
  expect(await attempt.receive(`${redirect()}&state=${state}`)).toMatchObject(
    failed('sign-in.state-mismatch'),
  );
});

test('a code is redeemed once, however often the redirect arrives', async () => {
  const attempt = await begin('browser');
  const slow = byHand<Grant>();
  harness.authority.onRedeem = () => slow.promise;
  const arrivals = [1, 2, 3].map(() => attempt.receive(redirect()));
  await vi.advanceTimersByTimeAsync(0);
  slow.resolve(harness.authority.grant(ada));
  const outcomes = await Promise.all([...arrivals, attempt.receive(redirect())]);
  expect(outcomes.map(({ kind }) => kind)).toEqual(Array(4).fill('signed-in'));
  expect(harness.authority.redemptions).toHaveLength(1);
});

test('a claims challenge that refused the code is met by the next sign-in, unless another account may sign in', async () => {
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
  const asked = (): string | undefined => harness.authority.authorizations.at(-1)!.claims;
  const { onRedeem } = harness.authority;
  harness.authority.onRedeem = () => Promise.reject(interactionError(50076, claims));
  for (const who of ['anybody', undefined] as const) {
    const started = await harness.agent.beginSignIn('window', who);
    expect(asked()).toBeUndefined();
    if (started.kind === 'started') await started.attempt.receive(redirect());
  }
  harness.authority.onRedeem = onRedeem;
  const attempt = await begin();
  expect(asked()).toBe(claims);
  await expectOutcome(attempt, { kind: 'signed-in' }, attempt.receive(redirect()));
  await begin();
  expect(asked()).toBeUndefined();
});

test('a newer attempt supersedes the older one', async () => {
  const older = await begin('browser');
  const olderRedirect = redirect();
  const newer = await begin('browser');
  expect(await older.outcome).toMatchObject(failed('sign-in.superseded'));
  expect(await older.receive(olderRedirect)).toMatchObject(failed('sign-in.superseded'));
  expect(await newer.receive(olderRedirect)).toMatchObject(failed('sign-in.state-mismatch'));
  expect(harness.agent.status.activity.kind).toBe('signing-in');
  await expectOutcome(newer, { kind: 'signed-in' }, newer.receive(redirect()));
});

test('of two attempts begun at once the newer counts', async () => {
  const [older, newer] = await Promise.all([
    harness.agent.beginSignIn('window'),
    harness.agent.beginSignIn('window'),
  ]);
  expect(older).toMatchObject(failed('sign-in.superseded'));
  expect(newer.kind === 'started' && newer.attempt === harness.agent.signInAttempt).toBe(true);
  expect(harness.agent.status.activity.kind).toBe('signing-in');
});

test('another account than the session’s is refused, and the session stays as it was', async () => {
  await signIn(harness);
  const before = await harness.vault.stored('default/msal-cache');
  harness.authority.onRedeem = () => Promise.resolve(harness.authority.grant(bob));
  const attempt = await begin();
  await expectOutcome(attempt, failed('sign-in.wrong-account'), attempt.receive(redirect()));
  expect(await attempt.outcome).toMatchObject({
    problem: { params: { found: bob.username, expected: ada.username } },
  });
  expect(harness.agent.status.session).toMatchObject({ kind: 'signed-in', account: ada });
  expect(await harness.vault.stored('default/msal-cache')).toBe(before);
});

/** Ada is signed in, and Bob's grant waits for the person's answer. */
async function withQuestion(): Promise<{
  attempt: SignInAttempt;
  answer: (text: 'replace' | 'keep') => void;
  fail: (error: Error) => void;
  isTakenBack: () => boolean;
}> {
  await signIn(harness);
  harness.authority.onRedeem = () => Promise.resolve(harness.authority.grant(bob));
  const person = byHand<'replace' | 'keep'>();
  let question: AbortSignal | undefined;
  const started = await harness.agent.beginSignIn('window', ({ found, expected }, signal) => {
    expect([found, expected]).toEqual([bob, ada]);
    question = signal;
    return person.promise;
  });
  if (started.kind === 'failed') throw new Error(started.problem.code);
  void started.attempt.receive(redirect());
  await vi.advanceTimersByTimeAsync(0);
  expect(question?.aborted).toBe(false);
  await expectAdasAlone();
  return {
    attempt: started.attempt,
    answer: person.resolve,
    fail: person.reject,
    isTakenBack: () => question?.aborted === true,
  };
}

const storedItems = ['default/msal-cache', 'default/last-good'];

/** Session, token and vault are Ada's, and nothing of Bob is anywhere. */
async function expectAdasAlone(): Promise<void> {
  expect(harness.agent.status.session).toMatchObject({ kind: 'signed-in', account: ada });
  expect(told(await harness.agent.getToken())).toBe('token-1');
  for (const item of storedItems) {
    expect(await harness.vault.stored(item)).toContain(ada.homeAccountId);
    expect(await harness.vault.stored(item)).not.toContain(bob.homeAccountId);
  }
}

describe('the account is switched', () => {
  test('any account becomes the session’s without a question; the authority gets no user name', async () => {
    await signIn(harness);
    harness.authority.onRedeem = () => Promise.resolve(harness.authority.grant(bob));
    const started = await harness.agent.beginSignIn('window', 'anybody');
    if (started.kind === 'failed') throw new Error(started.problem.code);
    expect(harness.authority.authorizations.at(-1)?.loginHint).toBeUndefined();
    await expectAdasAlone();
    const received = started.attempt.receive(redirect());
    await expectOutcome(started.attempt, { kind: 'signed-in', account: bob }, received);
    for (const item of storedItems) {
      expect(await harness.vault.stored(item)).toContain(bob.homeAccountId);
      expect(await harness.vault.stored(item)).not.toContain(ada.homeAccountId);
    }
    await harness.agent.signOut();
  });

  test('there is no question: the session stays', async () => {
    await signIn(harness);
    const started = await harness.agent.beginSignIn('window', 'anybody');
    if (started.kind === 'failed') throw new Error(started.problem.code);
    started.attempt.abandon(problem('interaction', 'sign-in.window-closed'));
    await expectOutcome(started.attempt, failed('sign-in.window-closed'));
    await expectAdasAlone();
  });
});

describe('another account, and a user who is asked about it', () => {
  test('confirms: the session is that account’s without a second sign-in, and nothing of the first is left', async () => {
    const { attempt, answer, isTakenBack } = await withQuestion();
    answer('replace');
    await expectOutcome(attempt, { kind: 'signed-in', account: bob });
    expect(harness.authority.redemptions).toHaveLength(2);
    expect(harness.agent.status.session).toMatchObject({ kind: 'signed-in', account: bob });
    expect(told(await harness.agent.getToken())).toBe('token-2');
    for (const item of storedItems) {
      expect(await harness.vault.stored(item)).toContain(bob.homeAccountId);
      expect(await harness.vault.stored(item)).not.toContain(ada.homeAccountId);
    }
    expect(isTakenBack()).toBe(true);
    await harness.agent.signOut();
  });

  test.each<[string, string, (asked: Awaited<ReturnType<typeof withQuestion>>) => unknown]>([
    ['says no', 'sign-in.wrong-account', ({ answer }) => answer('keep')],
    ['cannot be asked', 'sign-in.wrong-account', ({ fail }) => fail(new Error('no screen'))],
    ['does not answer for ten minutes', 'sign-in.timeout', () => vi.advanceTimersByTimeAsync(10 * MINUTE_MS)],
    [
      'confirms after the machine slept for longer than that',
      'sign-in.timeout',
      ({ answer }) => {
        vi.setSystemTime(Date.now() + 11 * MINUTE_MS);
        answer('replace');
      },
    ],
    [
      'closes what asks',
      'sign-in.window-closed',
      ({ attempt }) => attempt.abandon(problem('interaction', 'sign-in.window-closed')),
    ],
  ])('%s: the grant is dropped, and the session stays', async (_name, code, end) => {
    const asked = await withQuestion();
    await end(asked);
    await expectOutcome(asked.attempt, failed(code));
    expect(asked.isTakenBack()).toBe(true);
    // A confirmation that comes too late has no effect.
    asked.answer('replace');
    await vi.advanceTimersByTimeAsync(0);
    await expectAdasAlone();
  });

  test('signs in again instead: the question is withdrawn, and the newer one counts', async () => {
    const { attempt, answer, isTakenBack } = await withQuestion();
    const newer = await begin();
    expect(await attempt.outcome).toMatchObject(failed('sign-in.superseded'));
    expect(isTakenBack()).toBe(true);
    answer('replace');
    await vi.advanceTimersByTimeAsync(0);
    await expectAdasAlone();
    newer.abandon(problem('interaction', 'sign-in.window-closed'));
  });

  test('signs out instead: no user is signed in', async () => {
    const { attempt, answer } = await withQuestion();
    await harness.agent.signOut();
    expect(await attempt.outcome).toMatchObject(failed('sign-in.superseded'));
    answer('replace');
    await vi.advanceTimersByTimeAsync(0);
    expect(harness.agent.status.session.kind).toBe('signed-out');
    for (const item of storedItems) expect(await harness.vault.stored(item)).toBeUndefined();
  });

  test('changes the settings instead: the closing agent accepts no account any more', async () => {
    const { attempt, answer, isTakenBack } = await withQuestion();
    const leaving = harness;
    await leaving.agent.settle();
    expect(await attempt.outcome).toMatchObject(failed('sign-in.superseded'));
    expect(isTakenBack()).toBe(true);
    answer('replace');
    await vi.advanceTimersByTimeAsync(0);
    await expectAdasAlone();
    leaving.agent.stop();
    harness = makeAgent();
  });
});

test('offline at the start: reported at once, and no sign-in is left under way', async () => {
  harness.authority.onAuthorize = offline;
  expect(await harness.agent.beginSignIn('window')).toMatchObject(failed('offline', 'transient'));
  expect(harness.agent.status.activity.kind).toBe('idle');
});

test('offline when the code is redeemed', async () => {
  harness.authority.onRedeem = offline;
  const attempt = await begin();
  await expectOutcome(attempt, failed('offline', 'transient'), attempt.receive(redirect()));
});

test.each([
  [7000215, 'invalid_client', 'admin', 'wrong-secret'],
  [54005, 'invalid_grant', 'interaction', 'sign-in.code-used'],
])('AADSTS%i when the code is redeemed', async (aadsts, error, kind, code) => {
  harness.authority.onRedeem = () => Promise.reject(serverError(aadsts, error));
  const attempt = await begin();
  await expectOutcome(attempt, failed(code, kind), attempt.receive(redirect()));
  expect(harness.agent.status.health.kind).toBe(kind === 'admin' ? 'configuration' : 'ok');
});

test.each(['window-closed', 'timeout'] as const)(
  '%s while the code is being redeemed: nothing is stored',
  async (end) => {
    const slow = byHand<Grant>();
    harness.authority.onRedeem = () => slow.promise;
    const attempt = await begin();
    const received = attempt.receive(redirect());
    await vi.advanceTimersByTimeAsync(0);
    if (end === 'timeout') await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
    else attempt.abandon(problem('interaction', 'sign-in.window-closed'));
    await attempt.outcome;
    slow.resolve(harness.authority.grant(ada));
    await expectOutcome(attempt, failed(`sign-in.${end}`), received);
    expect(harness.agent.status.session.kind).toBe('signed-out');
    expect(await harness.vault.stored('default/msal-cache')).toBeUndefined();
  },
);

test('the window closed while the session is being stored: signed in all the same, and reported so', async () => {
  const slow = byHand<undefined>();
  harness.vault.fault = (call) => (call.startsWith('save') ? slow.promise : undefined);
  const attempt = await begin();
  const received = attempt.receive(redirect());
  await vi.advanceTimersByTimeAsync(0);
  attempt.abandon(problem('interaction', 'sign-in.window-closed'));
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
  slow.resolve(undefined);
  await expectOutcome(attempt, { kind: 'signed-in' }, received);
});

test('a keyring that refuses does not stop a sign-in', async () => {
  harness.vault.fault = () => refused;
  const attempt = await begin();
  await expectOutcome(attempt, { kind: 'signed-in' }, attempt.receive(redirect()));
  expect(harness.agent.status.storage.kind).toBe('trouble');
});

test('stopping ends the attempt', async () => {
  const attempt = await begin();
  harness.agent.stop();
  expect(await attempt.outcome).toMatchObject(failed('sign-in.superseded'));
  harness = await signedIn();
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { interactionError, serverError } from '../fixtures/fake-authority.ts';
import {
  answerOf,
  decisions,
  LEFT_MS,
  LIFE_MS,
  nameOf,
  type DecisionRow,
} from '../fixtures/decision-table.ts';
import { makeAgent, offline, refused, signedIn, TestVault, told, type Harness } from '../fixtures/fixture.ts';

beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2026, 10, 22, 8) }));
let harness: Harness;
afterEach(() => {
  harness.agent.stop();
  vi.useRealTimers();
});

/** The agent of a row before the request. */
async function prepared({ left, refresh }: DecisionRow): Promise<Harness> {
  const locked = { kind: 'locked', detail: 'the keyring is locked' } as const;
  const none = { kind: 'absent', detail: 'no keyring' } as const;
  if (refresh === 'signed out') return makeAgent();
  if (refresh === 'signed out, no keyring' || refresh === 'keyring locked at start') {
    const made = makeAgent({ vault: new TestVault(refresh === 'keyring locked at start' ? locked : none) });
    await made.agent.start();
    return made;
  }
  const first = await signedIn();
  first.agent.stop();
  // Restarted, so that the refresh reads the stored cache, which a keyring may refuse.
  const made = makeAgent({ vault: first.vault, authority: first.authority });
  await made.agent.start();
  const { authority, vault } = made;
  if (refresh === 'storage') vault.fault = (call) => (call.startsWith('load') ? refused : undefined);
  if (refresh === 'transient') authority.onRenew = (_request, network) => offline(network);
  if (refresh === 'interaction') authority.onRenew = () => Promise.reject(interactionError(50076));
  if (refresh === 'admin') authority.onRenew = () => Promise.reject(serverError(7000222, 'invalid_client'));
  vi.setSystemTime(Date.now() + LIFE_MS - LEFT_MS[left]);
  return made;
}

test.each(decisions.map((row) => [nameOf(row), row] as const))('%s', async (_name, row) => {
  harness = await prepared(row);
  const answer = await harness.agent.getToken(row.request);
  const expected = answerOf(row, Date.now());
  expect(told(answer)).toBe(told(expected).replace('old-token', 'token-1').replace('new-token', 'token-2'));
  expect(harness.authority.renewals).toHaveLength(renewalsOf(row));
  if (answer.kind === 'token') {
    expect(answer.token.expiresOn).toBe(expected.kind === 'token' ? expected.token.expiresOn : undefined);
    expect(answer.warning?.params).toMatchObject(row.problem?.params ?? {});
  } else {
    expect(answer.problem.params).toMatchObject(row.problem?.params ?? {});
    if (row.retryAfter === 'yes') expect(answer.problem.retryAfterMs).toBe(row.problem?.retryAfterMs);
  }
});

/** How often the authority is asked in a row. */
function renewalsOf({ refresh, asked, left }: DecisionRow): number {
  if (asked === 'demand beyond the longest life') return 1;
  // Without its stored cache, a session cannot be renewed.
  const isAsked =
    !['not needed', 'storage'].includes(refresh) &&
    !refresh.startsWith('signed out') &&
    !refresh.startsWith('keyring');
  return isAsked && left !== 'enough' ? 1 : 0;
}

test('the exit code, the status and Retry-After of a row follow from what it gets', () => {
  for (const { gets, exitCode, httpStatus, retryAfter } of decisions) {
    expect(exitCode === 0).toBe(gets !== 'refusal');
    expect(httpStatus === 200).toBe(gets !== 'refusal');
    expect(retryAfter === 'yes').toBe(httpStatus === 503);
    expect(httpStatus === 503).toBe(exitCode === 11);
  }
});

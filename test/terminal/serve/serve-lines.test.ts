// What `serve` says in its terminal while it runs, one line each, and the refusals behind it.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { TokenFault } from '../../../src/demo-tenant/state/faults.ts';
import type { Tokentray } from '../fixtures/command.ts';
import { bytesOf, makeStoredHome, type StoredHome } from '../fixtures/stored-home.ts';

let stored: StoredHome;
let tokentray: Tokentray;

beforeAll(async () => {
  stored = await makeStoredHome('plain-file');
  tokentray = stored.tokentray();
});
afterEach(() => {
  stored.home.tenant.faults.token = undefined;
  tokentray.killAll();
});
afterAll(async () => {
  await stored.close();
});

/** The lines for the user, without those of the log and of the start. */
function lines(said: string): readonly string[] {
  const all = said.split('\n').filter((line) => line !== '' && !/^\d{4}-\d\d-\d\dT/u.test(line));
  return all.slice(all.findIndex((line) => line.startsWith('The access key')) + 1);
}

async function refresh(fault?: TokenFault): Promise<number | null> {
  stored.home.tenant.faults.token = fault;
  return (await tokentray.run('refresh')).code;
}

const SIGNED_IN = /^Signed in as Demo User\. The token expires at (?:\w+ )?\d\d:\d\d\.$/u;
const REFRESHED = /^Refreshed\. The token expires at (?:\w+ )?\d\d:\d\d\.$/u;
const line = (pattern: RegExp): unknown => expect.stringMatching(pattern);

test('sign-in, refresh, refusals (each reason once, with the next step), and sign-out', async () => {
  const [user] = stored.home.tenant.users;
  if (user === undefined) throw new Error('no user');
  const serve = await tokentray.serve();
  await stored.signIn(serve);
  expect(await refresh()).toBe(0);
  const policy: TokenFault = { kind: 'aadsts', code: 53003, error: 'interaction_required' };
  expect([await refresh(policy), await refresh(policy)]).toEqual([10, 10]);
  // The policy is lifted: nobody has to sign in.
  expect(await refresh()).toBe(0);

  // The answer is another account's.
  const { oid } = user;
  user.oid = '11111111-2222-4333-8444-555555555555';
  expect(await refresh()).toBe(10);
  user.oid = oid;
  const { session } = JSON.parse((await tokentray.run('status', '--json')).out) as {
    session: { account: { homeAccountId: string } };
  };
  expect(session.account.homeAccountId).toContain(oid);
  expect(await refresh()).toBe(0);
  await tokentray.run('sign-out');
  expect(lines(serve.said())).toEqual([
    line(SIGNED_IN),
    line(REFRESHED),
    line(/AADSTS53003.*administrator/u),
    line(REFRESHED),
    line(/another account, demo@.* \(1111.*Sign in as demo@/u),
    line(REFRESHED),
    'Signed out',
  ]);
  await serve.end();
});

test('a failed sign-in', async () => {
  const serve = await tokentray.serve();
  stored.home.tenant.faults.token = { kind: 'aadsts', code: 50105, error: 'invalid_grant', times: 1 };
  await stored.signIn(serve).catch(() => undefined);
  await expect.poll(() => lines(serve.said())).toEqual([line(/AADSTS50105/u)]);
  await stored.signIn({ ticketUrl: (await tokentray.run('sign-in')).out.trim() });
  await expect.poll(() => lines(serve.said())).toEqual([line(/AADSTS50105/u), line(SIGNED_IN)]);
  await serve.end();
});

test('a credential that the authority refuses, soon after the start, and again only after a success', async () => {
  stored.home.tenant.faults.token = { kind: 'aadsts', code: 7000215, error: 'invalid_client' };
  const serve = await tokentray.serve();
  const wrong = line(/AADSTS7000215.*tokentray import FILE/u);
  await expect.poll(() => lines(serve.said()), { timeout: 20_000 }).toEqual([wrong]);
  await refresh(stored.home.tenant.faults.token);
  expect(lines(serve.said())).toEqual([wrong]);
  expect(await refresh()).toBe(0);
  expect(lines(serve.said())).toEqual([wrong, line(REFRESHED)]);
  await serve.end();
});

test('the cache in the vault keeps no access token: those in use are stored as the last good ones', () => {
  const { vaultDirectory } = stored.places;
  const texts = readdirSync(vaultDirectory).map((name) => bytesOf(path.join(vaultDirectory, name)));
  const caches = texts.filter((text) => text.includes('RefreshToken'));
  expect(caches).toHaveLength(1);
  expect(caches[0]).toMatch(/"AccessToken\\*":\{\}/u);
});

// Every row of the failure table through a real agent: MSAL, HTTPS and a tenant that answers so.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { failureTable } from '../../../src/agent/failures/failure-table.ts';
import { httpsSend } from '../../../src/agent/network/https-send.ts';
import type { Agent } from '../../../src/agent/agent.ts';
import { openAgent } from '../../../src/agent/open-agent.ts';
import type { Send } from '../../../src/agent/network/send.ts';
import type { Profile } from '../../../src/config/profile/profile.ts';
import { replyWithToken } from '../../../src/outlets/answer/answer.ts';
import { saveCredential } from '../../../src/config/credential/credential.ts';
import { startDemoTenant, type DemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import { Secret } from '../../../src/system/secret.ts';
import { HOUR_MS } from '../fixtures/fake-authority.ts';
import {
  exitCodeOf,
  failureRows,
  healthOf,
  mend,
  reads,
  signInRows,
  wordsOf,
} from '../fixtures/failure-rows.ts';
import { memoryLog, profile as ours, TestVault, told } from '../fixtures/fixture.ts';
import { signIn, type World } from '../fixtures/tenant-fixture.ts';

let tenant: DemoTenant;
let profile: Profile;
let send: Send;
/** The vault of a signed-in user: each row starts from it, so that the sign-in runs once. */
let stored: Readonly<Record<string, string | undefined>>;

const items = ['credential', 'msal-cache', 'last-good'].map((name) => `default/${name}`);
const began = Date.UTC(2026, 10, 22, 8);

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: began });
  tenant = await startDemoTenant();
  const { clientId, redirectUris, clientSecret } = tenant.client;
  profile = { ...ours, authority: tenant.authority, clientId, redirectUri: redirectUris[0]! };
  const overTls = httpsSend(tenant.certificatePem);
  // Only a silent authority takes its whole time, and that is shortened here.
  send = (request, limits) =>
    overTls(request, {
      ...limits,
      totalTimeoutMs: tenant.faults.token?.kind === 'hang' ? 300 : limits.totalTimeoutMs,
    });
  const vault = new TestVault();
  await saveCredential(vault, profile, { kind: 'secret', secret: new Secret(clientSecret) });
  const agent = openAgent({ profile, vault, send, now: () => Date.now(), log: memoryLog() });
  const world: World = { tenant, profile, vault, send, logged: [] };
  expect(await signIn(world, agent)).toMatchObject({ kind: 'signed-in' });
  // The sign-in is answered first and saved behind.
  await agent.settle();
  agent.stop();
  stored = Object.fromEntries(
    await Promise.all(items.map(async (name) => [name, await vault.stored(name)] as const)),
  );
});
afterAll(async () => {
  await tenant.close();
  vi.useRealTimers();
});
beforeEach(() => void vi.setSystemTime(began));
afterEach(() => mend(tenant));

/** An agent that starts with the stored session. */
async function restarted(vault: TestVault): Promise<Agent> {
  for (const [name, text] of Object.entries(stored)) if (text !== undefined) await vault.put(name, text);
  const agent = openAgent({ profile, vault, send, now: () => Date.now(), log: memoryLog() });
  await agent.start();
  return agent;
}

test.each(failureRows)('$name means $kind: $code', async (row) => {
  const vault = new TestVault();
  const agent = await restarted(vault);
  try {
    const token = told(await agent.getToken());
    row.apply(tenant);

    // While the token is good, it is served with a warning, whatever the reason.
    const warned = await agent.getToken({ fresh: 'always' });
    expect(warned).toMatchObject({ kind: 'token', warning: { kind: row.kind, code: row.code } });
    expect(told(warned)).toBe(`${token} (${row.code})`);
    if (warned.kind === 'token' && warned.warning !== undefined) {
      if (row.claims !== undefined)
        expect(JSON.parse(warned.warning.claims ?? '{}')).toEqual(JSON.parse(row.claims));
      if (row.retryAfterMs !== undefined) expect(warned.warning.retryAfterMs).toBe(row.retryAfterMs);
      // The code that the sentence shows, for the administrator.
      if (row.detail !== undefined) expect(warned.warning.params['detail']).toBe(row.detail);
      const { sentence, next } = wordsOf(warned.warning);
      expect(`${sentence} ${next}`.replace(/^HTTP \d+ from/u, 'HTTP STATUS from')).toBe(reads[row.code]);
    }

    // The status shows what the user must do, or that Tokentray retries; nothing is discarded.
    const { session, activity, health } = agent.status;
    expect(session.kind).toBe(row.kind === 'interaction' ? 'sign-in-needed' : 'signed-in');
    expect(activity.kind).toBe(row.kind === 'interaction' ? 'idle' : 'waiting');
    expect(waitOf(agent)).toBe(waitAfter(row));
    expect(health.kind).toBe(healthOf(row));
    for (const name of items) expect(await vault.stored(name)).toBe(stored[name]);

    // With no token left, the request is refused with the same class.
    vi.setSystemTime(began + 2 * HOUR_MS);
    const refused = await agent.getToken();
    expect(refused).toMatchObject({ kind: 'refused', problem: { kind: row.kind, code: row.code } });
    expect(replyWithToken(refused, undefined).exitCode).toBe(exitCodeOf(row));

    // Afterwards “Refresh now” suffices, also where a sign-in is offered: policies and consent change without us.
    mend(tenant);
    if (row.kind === 'interaction')
      expect(told(await agent.getToken())).toBe(`refused: interaction ${row.code}`);
    await tenant.verifyAccessToken(told(await agent.getToken({ fresh: 'always' })));
    expect(agent.status).toMatchObject({
      session: { kind: 'signed-in' },
      activity: { kind: 'idle' },
      health: { kind: 'ok' },
    });
  } finally {
    agent.stop();
  }
});

/** How long until the next try, in seconds; undefined if there is none before a sign-in. */
function waitOf({ nextRefreshAt }: Pick<Agent, 'nextRefreshAt'>): number | undefined {
  return nextRefreshAt === undefined ? undefined : Math.round((nextRefreshAt - Date.now()) / 1000);
}

function waitAfter({ kind, code, retryAfterMs = 0 }: (typeof failureRows)[number]): number | undefined {
  if (kind === 'transient') return Math.max(65, retryAfterMs / 1000);
  if (['conditional-access', 'consent', 'admin-consent', 'account-disabled'].includes(code)) return 3600;
  return kind === 'admin' ? 300 : undefined;
}

test.each(signInRows)('a sign-in: $name means $kind: $code', async (row) => {
  const vault = new TestVault();
  const agent = await restarted(vault);
  try {
    const token = told(await agent.getToken());
    row.apply(tenant);
    const end = await signIn({ tenant, profile, vault, send, logged: [] }, agent);
    expect(end).toMatchObject({ kind: 'failed', problem: { kind: row.kind, code: row.code } });
    if (end.kind !== 'failed') return;
    const { sentence, next } = wordsOf(end.problem);
    expect([sentence, next]).toEqual([row.sentence, row.next]);
    // It says nothing of a refresh, and the session that was there stays.
    expect(`${sentence} ${next}`).not.toMatch(/refresh|automatic|keeps/u);
    expect(agent.status).toMatchObject({ session: { kind: 'signed-in' }, activity: { kind: 'idle' } });
    expect(told(await agent.getToken())).toBe(token);
    for (const name of items) expect(await vault.stored(name)).toBe(stored[name]);
  } finally {
    agent.stop();
  }
});

test('every number of the table has a row here', () => {
  const here = new Set(failureRows.map(({ name }) => Number(/AADSTS(\d+)/u.exec(name)?.[1] ?? 0)));
  const missing = failureTable.flatMap(({ aadsts = [] }) => aadsts).filter((number) => !here.has(number));
  expect(missing).toEqual([]);
});

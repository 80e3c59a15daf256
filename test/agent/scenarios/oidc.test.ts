// `protocol: oidc`: the agent against an authority that is not Entra's.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Agent } from '../../../src/agent/agent.ts';
import { httpsSend } from '../../../src/agent/network/https-send.ts';
import { openAgent } from '../../../src/agent/open-agent.ts';
import type { SignInOutcome } from '../../../src/agent/sign-in/sign-in.ts';
import { saveCredential } from '../../../src/config/credential/credential.ts';
import type { Profile } from '../../../src/config/profile/profile.ts';
import { Secret } from '../../../src/system/secret.ts';
import { until } from '../../house/fixtures/until.ts';
import { HOUR_MS } from '../fixtures/fake-authority.ts';
import { memoryLog, profile as ours, TestVault, told } from '../fixtures/fixture.ts';
import { startForeignAuthority, type ForeignAuthority } from '../fixtures/oidc-world.ts';

let authority: ForeignAuthority;
let profile: Profile;
let vault: TestVault;
let agents: Agent[];

async function begin(idTokens: 'full' | 'bare'): Promise<void> {
  authority = await startForeignAuthority({ idTokens });
  profile = {
    ...ours,
    protocol: 'oidc',
    authority: authority.issuer,
    clientId: authority.clientId,
    redirectUri: authority.redirectUri,
    scopes: ['read'],
  };
  vault = new TestVault();
  await saveCredential(vault, profile, { kind: 'secret', secret: new Secret(authority.clientSecret) });
}

beforeEach(() => {
  // The provider's remarks about development pages are not this suite's.
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 22, 8) });
  agents = [];
});
afterEach(() => {
  for (const agent of agents) agent.stop();
  authority.close();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function open(): Agent {
  const agent = openAgent({
    profile,
    vault,
    send: httpsSend(authority.certificatePem),
    now: () => Date.now(),
    log: memoryLog(),
  });
  agents.push(agent);
  return agent;
}

async function signIn(agent: Agent, login?: string): Promise<SignInOutcome> {
  const started = await agent.beginSignIn('browser');
  if (started.kind === 'failed') return started;
  return started.attempt.receive(await authority.signIn(started.attempt.authorizeUrl, login));
}

const later = (ms: number): void => void vi.setSystemTime(Date.now() + ms);
const tokenRequests = (): number => authority.requests.filter((line) => line === 'POST /token').length;

describe.each(['full', 'bare'] as const)('a provider with %s ID tokens', (idTokens) => {
  beforeEach(() => begin(idTokens));

  test('a token’s life: signed in, renewed with each rotated refresh token, restarted, signed out', async () => {
    const first = open();
    expect(await signIn(first)).toMatchObject({ kind: 'signed-in', account: { homeAccountId: 'ada' } });
    const shown = idTokens === 'full' ? 'ada@foreign.example' : 'ada';
    expect(first.status.session).toMatchObject({ account: { username: shown } });
    const tokens = new Set([told(await first.getToken())]);
    for (let hour = 0; hour < 3; hour += 1) {
      later(HOUR_MS);
      tokens.add(told(await first.getToken()));
    }
    expect(tokens.size).toBe(4);
    first.stop();

    const before = authority.requests.length;
    const second = open();
    await second.start();
    expect(second.status.session).toMatchObject({ kind: 'signed-in', account: { username: shown } });
    expect(tokens).toContain(told(await second.getToken()));
    expect(authority.requests).toHaveLength(before);
    later(HOUR_MS);
    tokens.add(told(await second.getToken()));
    expect(tokens.size).toBe(5);
    expect(tokenRequests()).toBe(5);

    expect(await second.signOut()).toBeUndefined();
    expect(await vault.stored('default/msal-cache')).toBeUndefined();
    expect(await vault.stored('default/last-good')).toBeUndefined();
    expect(told(await second.getToken())).toBe('refused: interaction signed-out');
    expect(await signIn(second, 'bob')).toMatchObject({
      kind: 'signed-in',
      account: { homeAccountId: 'bob' },
    });
  });
});

describe('what goes wrong', () => {
  beforeEach(() => begin('full'));

  test('a grant that was revoked asks for a sign-in, once, and that works', async () => {
    const agent = open();
    await signIn(agent);
    const token = told(await agent.getToken());
    await authority.revoke();
    expect(told(await agent.getToken({ fresh: 'always' }))).toBe(`${token} (interaction)`);
    expect(agent.status.session).toMatchObject({
      kind: 'sign-in-needed',
      reason: { params: { detail: 'invalid_grant' } },
    });
    expect(await signIn(agent)).toMatchObject({ kind: 'signed-in' });
    expect(told(await agent.getToken())).not.toBe(token);
  });

  test('another person than the session’s is refused', async () => {
    const agent = open();
    await signIn(agent);
    expect(await signIn(agent, 'bob')).toMatchObject({ problem: { code: 'sign-in.wrong-account' } });
  });

  test('a wrong secret is the provider’s affair, without words about Entra', async () => {
    await saveCredential(vault, profile, { kind: 'secret', secret: new Secret('wrong') });
    const agent = open();
    expect(await signIn(agent)).toMatchObject({
      problem: { kind: 'admin', code: 'client-refused', params: { detail: 'invalid_client' } },
    });
  });

  test('an issuer that is not there is named as the authority’s fault, and a silent one as the network’s', async () => {
    profile = { ...profile, authority: `${authority.issuer}/elsewhere` };
    await saveCredential(vault, profile, { kind: 'secret', secret: new Secret(authority.clientSecret) });
    expect(await signIn(open())).toMatchObject({ problem: { kind: 'admin', code: 'wrong-authority' } });
    authority.close();
    await until(async () => {
      expect(await signIn(open())).toMatchObject({ problem: { kind: 'transient', code: 'offline' } });
    });
  });
});

test('scopes are asked as they are, and for a refresh token with consent', async () => {
  await begin('full');
  profile = { ...profile, extraScopes: [['write']] };
  const started = await open().beginSignIn('browser');
  if (started.kind === 'failed') throw new Error(started.problem.code);
  const { searchParams } = new URL(started.attempt.authorizeUrl);
  expect(searchParams.get('scope')?.split(' ').toSorted()).toEqual([
    'offline_access',
    'openid',
    'profile',
    'read',
    'write',
  ]);
  expect(searchParams.get('prompt')).toBe('consent');
});

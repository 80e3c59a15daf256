// The agent as the hosts put it together: the real MSAL over the real HTTPS client, against the demo tenant.
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { Agent } from '../../src/agent/agent.ts';
import { httpsSend } from '../../src/agent/https-send.ts';
import type { Send } from '../../src/agent/send.ts';
import { openAgent } from '../../src/agent/open-agent.ts';
import type { SignInOutcome } from '../../src/agent/sign-in.ts';
import { saveCredential } from '../../src/config/credential.ts';
import type { Profile } from '../../src/config/profile.ts';
import { startDemoTenant, type DemoTenant } from '../../src/demo-tenant/tenant.ts';
import { signInAsUser } from '../../src/demo-tenant/user.ts';
import { Secret } from '../../src/vault/secret.ts';
import { memoryLog, profile as ours, TestVault } from './fixture.ts';

/** A tenant with an app registration whose secret is in the vault; anew for each test of the file. */
export interface World {
  tenant: DemoTenant;
  profile: Profile;
  vault: TestVault;
  /** The way to the network; may be replaced in the middle of a test. */
  send: Send;
  logged: unknown[];
}

const agents: Agent[] = [];

/** Sets the hooks of a test file up; `fill` gets each test's world. */
export function inTenant(fill: (world: World) => void): void {
  let world: World;
  beforeEach(async () => {
    // The clock alone is turned by hand: sockets need their timers.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 22, 8) });
    const tenant = await startDemoTenant();
    const { clientId, redirectUris, clientSecret } = tenant.client;
    const profile = { ...ours, authority: tenant.authority, clientId, redirectUri: redirectUris[0]! };
    const vault = new TestVault();
    await saveCredential(vault, profile, { kind: 'secret', secret: new Secret(clientSecret) });
    world = { tenant, profile, vault, send: httpsSend(tenant.certificatePem), logged: [] };
    fill(world);
  });
  afterEach(async () => {
    for (const agent of agents.splice(0)) agent.stop();
    const { tenant, logged } = world;
    await tenant.close();
    const text = JSON.stringify(logged);
    for (const secret of [...tenant.issuedSecrets(), tenant.client.clientSecret]) {
      expect(text).not.toContain(secret);
    }
    vi.useRealTimers();
  });
}

/** An agent on the world's vault, as a host opens it. */
export function open(world: World, changed: Partial<Profile> = {}): Agent {
  const agent = openAgent({
    profile: { ...world.profile, ...changed },
    vault: world.vault,
    send: (...call) => world.send(...call),
    now: () => Date.now(),
    log: memoryLog(world.logged),
  });
  agents.push(agent);
  return agent;
}

/** The scripted user goes through the tenant's pages up to the redirect. */
export async function signIn(
  { tenant, profile }: World,
  agent: Agent,
  username = tenant.users[0]!.username,
): Promise<SignInOutcome> {
  const started = await agent.beginSignIn('browser');
  if (started.kind === 'failed') return started;
  const { attempt } = started;
  const end = await signInAsUser(attempt.authorizeUrl, {
    username,
    password: 'demo',
    ca: tenant.certificatePem,
    stopAt: (url) => url.startsWith(profile.redirectUri),
  });
  return attempt.receive(end.url);
}

export async function signedIn(world: World): Promise<Agent> {
  const agent = open(world);
  expect(await signIn(world, agent)).toMatchObject({ kind: 'signed-in' });
  return agent;
}

/** How many requests the token endpoint has seen. */
export const asked = ({ tenant }: World): number =>
  tenant.requests.filter(({ endpoint }) => endpoint === 'token').length;

export const later = (ms: number): void => void vi.setSystemTime(Date.now() + ms);

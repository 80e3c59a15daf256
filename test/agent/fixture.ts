// An agent over the fake authority and a vault in memory, with a clock that tests turn.
import { Agent } from '../../src/agent/agent.ts';
import { ProfileCache } from '../../src/agent/cache.ts';
import { openConversation } from '../../src/agent/conversation.ts';
import { SendError, type HttpResponse, type Send } from '../../src/agent/send.ts';
import type { TokenAnswer } from '../../src/agent/lifetime.ts';
import { TokenNetwork } from '../../src/agent/network.ts';
import type { Status } from '../../src/agent/status.ts';
import type { SignInOutcome, SignInVia } from '../../src/agent/sign-in.ts';
import type { Profile } from '../../src/config/profile.ts';
import type { Log } from '../../src/vault/log.ts';
import { memoryVault } from '../../src/vault/memory-vault.ts';
import { VaultError, type Unavailable, type Vault, type VaultItem } from '../../src/vault/vault.ts';
import { FakeAuthority } from './fake-authority.ts';

export const profile: Profile = {
  id: 'default',
  name: 'default',
  protocol: 'entra',
  extraScopes: [],
  authority: 'https://login.example.test/tenant',
  clientId: '11111111-2222-3333-4444-555555555555',
  redirectUri: 'http://localhost:5000/getAToken',
  scopes: ['User.Read'],
  schedule: undefined,
  signIn: 'window',
};

/** What the tests in the log look for; nothing is printed. */
export function memoryLog(lines: unknown[] = []): Log {
  const write =
    (level: string): Log['info'] =>
    (message, fields) =>
      void lines.push([level, message, fields]);
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** A vault whose items can be made to refuse, or to take their time. */
export class TestVault implements Vault {
  readonly backend = 'secret-service';
  unavailable: Unavailable | undefined;
  /** `save default/msal-cache` and the like, in the order they were asked. */
  readonly calls: string[] = [];
  /** Decides what a call does instead; undefined lets it pass. */
  fault: ((call: string) => Error | Promise<void> | undefined) | undefined;
  readonly #vault: Vault;

  /** What {@link retry} does; tests make the store usable again in it. */
  onRetry: () => void | Promise<void> = () => undefined;

  constructor(unavailable?: Unavailable) {
    this.unavailable = unavailable;
    this.#vault = memoryVault();
  }

  selfTest(): Promise<void> {
    return Promise.resolve();
  }

  async retry(): Promise<void> {
    await this.onRetry();
  }

  item(name: string): VaultItem {
    const inner = this.#vault.item(name);
    const pass = async <Value>(call: string, work: () => Promise<Value>): Promise<Value> => {
      this.calls.push(`${call} ${name}`);
      const fault = this.fault?.(`${call} ${name}`);
      if (fault instanceof Error) throw fault;
      await fault;
      return work();
    };
    return {
      name,
      load: () => pass('load', () => inner.load()),
      save: (text) => pass('save', () => inner.save(text)),
      remove: () => pass('remove', () => inner.remove()),
      quarantine: (now) => pass('quarantine', () => inner.quarantine(now)),
    };
  }

  /** The text itself, whatever the faults are. */
  stored(name: string): Promise<string | undefined> {
    return this.#vault.item(name).load();
  }

  put(name: string, text: string): Promise<void> {
    return this.#vault.item(name).save(text);
  }
}

export const refused = new VaultError('the keyring is locked');
export const damaged = new VaultError('the stored content is damaged', 'corrupt');

export interface Harness {
  readonly agent: Agent;
  readonly authority: FakeAuthority;
  readonly vault: TestVault;
  readonly statuses: Status[];
  readonly logged: unknown[];
}

/** An agent that is not started. */
export function makeAgent(
  options: { profile?: Partial<Profile>; vault?: TestVault; authority?: FakeAuthority } = {},
): Harness {
  const { vault = new TestVault(), authority = new FakeAuthority() } = options;
  const ours: Profile = { ...profile, ...options.profile };
  const logged: unknown[] = [];
  const log = memoryLog(logged);
  const now = (): number => Date.now();
  const agent = new Agent({
    profile: ours,
    vault,
    now,
    log,
    converse: (kind, listener) => {
      const network = new TokenNetwork({ send: noNetwork, now, log });
      const item = kind === 'stored' ? vault.item(`${ours.id}/msal-cache`) : undefined;
      const cache = new ProfileCache({ item, listener, now });
      return openConversation({
        cache,
        network,
        redirectUri: ours.redirectUri,
        connect: () => Promise.resolve(authority.connect(cache, network)),
      });
    },
  });
  const statuses: Status[] = [];
  // Watchers hear of every look at the clock too; here the changes count.
  agent.onStatus((status) => {
    if (statuses.at(-1) !== status) statuses.push(status);
  });
  return { agent, authority, vault, statuses, logged };
}

const noNetwork: Send = () => Promise.reject(new SendError('unreachable', 'ECONNREFUSED'));

/** What the authority double does when the network is gone: the request fails, MSAL throws its own error. */
export async function offline(network: TokenNetwork): Promise<never> {
  await network.sendPostRequestAsync('https://login.example.test/token').catch(() => undefined);
  throw Object.assign(new Error('network'), { errorCode: 'network_error', errorMessage: 'network' });
}

/** A `Send` that gives these answers, one after the other; the last stays. */
export function sendThat(...answers: (Partial<HttpResponse> | Error)[]): Send {
  return () => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve({ status: 200, headers: {}, body: '{}', ...answer });
  };
}

/** The redirect that answers the newest authorization request. */
export function redirectOf(
  authority: FakeAuthority,
  more: Record<string, string> = { code: 'the-code' },
): string {
  const { state } = authority.authorizations.at(-1)!;
  return `${profile.redirectUri}?${new URLSearchParams({ state, ...more }).toString()}`;
}

export async function signIn(harness: Harness, via: SignInVia = 'window'): Promise<SignInOutcome> {
  const started = await harness.agent.beginSignIn(via);
  if (started.kind === 'failed') return started;
  return started.attempt.receive(redirectOf(harness.authority));
}

/** A started agent with Ada signed in, its schedule running and nothing counted yet. */
export async function signedIn(options: Parameters<typeof makeAgent>[0] = {}): Promise<Harness> {
  const harness = makeAgent(options);
  const outcome = await signIn(harness);
  if (outcome.kind === 'failed') throw new Error(`the sign-in failed: ${outcome.problem.code}`);
  await harness.agent.start();
  harness.statuses.length = 0;
  return harness;
}

/** The token as text, or the refusal's kind and code. */
export function told(answer: TokenAnswer): string {
  if (answer.kind === 'refused') return `refused: ${answer.problem.kind} ${answer.problem.code}`;
  const warning = answer.warning === undefined ? '' : ` (${answer.warning.code})`;
  return `${answer.token.value.reveal()}${warning}`;
}

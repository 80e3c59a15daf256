import type { AccessToken, Account } from '../../src/agent/account.ts';
import type { Agent } from '../../src/agent/agent.ts';
import type { TokenAnswer, TokenRequest } from '../../src/agent/lifetime.ts';
import type { Problem } from '../../src/agent/problem.ts';
import { initialStatus, type Status } from '../../src/agent/status.ts';
import type { Profile } from '../../src/config/profile.ts';
import type { ServedProfiles } from '../../src/outlets/socket-host.ts';
import { Secret } from '../../src/vault/secret.ts';

/** Noon of a day of the tests; the token below is good for an hour from then. */
export const NOON = Date.UTC(2026, 10, 22, 12);

export const ada: Account = {
  homeAccountId: 'oid.tid',
  tenantId: 'tid',
  username: 'ada@example.org',
  name: 'Ada <Lovelace>',
};

export const profile: Profile = {
  id: 'default',
  name: 'default',
  protocol: 'entra',
  extraScopes: [],
  authority: 'https://login.example.org/tenant',
  clientId: '11111111-2222-3333-4444-555555555555',
  redirectUri: 'http://localhost:5000/getAToken',
  scopes: ['User.Read'],
  schedule: undefined,
  signIn: 'window',
};

/** Longer than a page shows of it, so that what is cut off at 50 can be looked for. */
export const TOKEN = `head-${'x'.repeat(45)}tail-after${'y'.repeat(300)}`;

export const token: AccessToken = {
  value: new Secret(TOKEN),
  tokenType: 'Bearer',
  scopes: ['User.Read'],
  obtainedAt: NOON,
  expiresOn: NOON + 3_600_000,
};

export const signedIn: Status = {
  ...initialStatus,
  session: { kind: 'signed-in', account: ada, expiresOn: token.expiresOn },
};

/** The part of an agent that outlets use. */
type OutletAgent = Pick<
  Agent,
  'profile' | 'status' | 'held' | 'lastRefresh' | 'nextRefreshAt' | 'nextScheduledAt' | 'getToken' | 'signOut'
>;

/** An agent that answers what a test tells it, and keeps what it was asked. */
export interface FakeAgent extends OutletAgent {
  status: Status;
  held: AccessToken | undefined;
  lastRefresh: Agent['lastRefresh'];
  nextRefreshAt: number | undefined;
  answer: TokenAnswer | Promise<TokenAnswer>;
  signOutTrouble: Problem | undefined;
  readonly requests: TokenRequest[];
}

export function fakeAgent(more: Partial<Profile> = {}): FakeAgent {
  const agent: FakeAgent = {
    profile: { ...profile, ...more },
    status: signedIn,
    held: token,
    lastRefresh: undefined,
    nextRefreshAt: undefined,
    nextScheduledAt: undefined,
    answer: { kind: 'token', token, warning: undefined },
    signOutTrouble: undefined,
    requests: [],
    getToken: (request) => {
      agent.requests.push(request ?? {});
      return Promise.resolve(agent.answer);
    },
    signOut: () => Promise.resolve(agent.signOutTrouble),
  };
  return agent;
}

/** Profiles of fake agents; the first is the default unless a test says otherwise. */
export interface FakeProfiles extends ServedProfiles {
  agents: FakeAgent[];
  defaultId: string | undefined;
  /** How many watch. */
  readonly watching: number;
  /** What an agent does after every change and every look at the clock. */
  announce(agent: FakeAgent): void;
}

export function fakeProfiles(...agents: FakeAgent[]): FakeProfiles {
  const watchers = new Set<Parameters<ServedProfiles['watch']>[0]>();
  // The class has private fields, so only the compiler's word can make one of a fake.
  const asAgent = (agent: FakeAgent): Agent => agent as unknown as Agent;
  const profiles: FakeProfiles = {
    agents,
    defaultId: undefined,
    get watching() {
      return watchers.size;
    },
    get list() {
      return profiles.agents.map(asAgent);
    },
    get: (id = profiles.defaultId ?? profiles.agents[0]?.profile.id) =>
      profiles.list.find((agent) => agent.profile.id === id),
    watch: (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    announce: (agent) => {
      for (const watcher of watchers) watcher(asAgent(agent), agent.status);
    },
  };
  return profiles;
}

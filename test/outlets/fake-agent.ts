import type { AccessToken, Account } from '../../src/agent/account.ts';
import type { TokenAnswer, TokenRequest } from '../../src/agent/lifetime.ts';
import type { Problem } from '../../src/agent/problem.ts';
import { initialStatus, type Status } from '../../src/agent/status.ts';
import type { Profile } from '../../src/config/profile.ts';
import type { SocketAgent } from '../../src/outlets/socket-api.ts';
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
  authority: 'https://login.example.org/tenant',
  clientId: '11111111-2222-3333-4444-555555555555',
  redirectUri: 'http://localhost:5000/getAToken',
  scopes: ['User.Read'],
  schedule: undefined,
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

/** An agent that answers what a test tells it, and keeps what it was asked. */
export interface FakeAgent extends SocketAgent {
  status: Status;
  answer: TokenAnswer;
  signOutTrouble: Problem | undefined;
  readonly requests: TokenRequest[];
}

export function fakeAgent(): FakeAgent {
  const agent: FakeAgent = {
    profile,
    status: signedIn,
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

/** What one `getToken` from memory costs, beside an async function that does nothing, in the same run. */
import { openAgent } from '../../../src/agent/open-agent.ts';
import { lastGoodItem } from '../../../src/agent/session/stored-session.ts';
import type { Profile } from '../../../src/config/profile/profile.ts';
import { scopeKey } from '../../../src/config/profile/scopes.ts';
import { memoryVault } from '../../../src/vault/store/memory-vault.ts';

const ROUNDS = 15;
const CALLS = 100_000;
const HOUR_MS = 3_600_000;

const profile: Profile = {
  id: 'default',
  name: 'default',
  protocol: 'entra',
  authority: 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555',
  clientId: '11111111-2222-3333-4444-555555555555',
  redirectUri: 'http://localhost:5000/getAToken',
  scopes: ['User.Read', 'Mail.Read'],
  extraScopes: [],
  schedule: { at: '07:00', timeZone: 'Asia/Seoul' },
  continuousAccess: true,
  signIn: 'window',
};

const now = Date.now();
const session = {
  schemaVersion: 1,
  registration: `${profile.authority} ${profile.clientId}`,
  account: { homeAccountId: 'a.b', tenantId: 'b', username: 'ada@example.test', name: 'Ada' },
  tokens: {
    [scopeKey(profile.scopes)]: {
      value: 'x'.repeat(2_500),
      tokenType: 'Bearer',
      scopes: profile.scopes,
      obtainedAt: now,
      expiresOn: now + HOUR_MS,
    },
  },
};
const silent = (): void => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };

const vault = memoryVault();
await vault.item(lastGoodItem(profile)).save(JSON.stringify(session));
const send = (): Promise<never> => Promise.reject(new Error('nothing is asked of the network'));
const agent = openAgent({ profile, vault, send, now: () => Date.now(), log });
await agent.start();
const answer = await agent.getToken();
if (answer.kind !== 'token' || answer.warning !== undefined) throw new Error('the token is not in memory');

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Microseconds a call, the median of the rounds; the first one only warms up. */
async function measure(call: () => Promise<unknown>): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const start = performance.now();
    for (let count = 0; count < CALLS; count += 1) await call();
    rounds.push(((performance.now() - start) * 1000) / CALLS);
  }
  return median(rounds.slice(1));
}

const empty = async (): Promise<undefined> => Promise.resolve(undefined);
const nothing = await measure(empty);
const fromMemory = await measure(() => agent.getToken());
const demanded = await measure(() => agent.getToken({ scopes: profile.scopes, minLifetimeMs: 600_000 }));
const row = (name: string, microseconds: number): void =>
  void process.stdout.write(`${name.padEnd(38)} ${microseconds.toFixed(3)} µs\n`);
row('an empty async function', nothing);
row('getToken() from memory', fromMemory);
row('getToken with scopes and a demand', demanded);
agent.stop();

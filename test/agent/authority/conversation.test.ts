import { expect, test } from 'vitest';
import { ProfileCache } from '../../../src/agent/authority/cache.ts';
import { openConversation, type Conversation } from '../../../src/agent/authority/conversation.ts';
import { SendError, type HttpResponse } from '../../../src/agent/network/send.ts';
import { TokenNetwork } from '../../../src/agent/network/network.ts';
import { problem, ProblemError } from '../../../src/words/problem.ts';
import type { Authority } from '../../../src/agent/authority/authority.ts';
import { ada, byHand, FakeAuthority, serverError } from '../fixtures/fake-authority.ts';
import { memoryLog, profile, refused, sendThat } from '../fixtures/fixture.ts';

function open(
  connect: (cache: ProfileCache, network: TokenNetwork) => Promise<Authority>,
  ...answers: (Partial<HttpResponse> | Error)[]
): Conversation & { network: TokenNetwork } {
  const now = (): number => Date.now();
  const network = new TokenNetwork({ send: sendThat(...answers), now, log: memoryLog() });
  const listener = { onSaveFailed: () => undefined, onSaved: () => undefined, onCorrupt: () => undefined };
  const cache = new ProfileCache({ item: undefined, listener, now });
  const options = {
    connect: () => connect(cache, network),
    cache,
    network,
    redirectUri: profile.redirectUri,
  };
  return { ...openConversation(options), network };
}

test('questions are put one at a time, in their order, also after one that failed', async () => {
  const authority = new FakeAuthority();
  const conversation = open((cache, network) => Promise.resolve(authority.connect(cache, network)));
  const first = byHand<string>();
  const order: string[] = [];
  const asked = [
    conversation.ask(() => {
      order.push('first');
      return first.promise;
    }),
    conversation.ask(() => {
      order.push('second');
      return Promise.reject(serverError(50173));
    }),
    conversation.ask(() => {
      order.push('third');
      return Promise.resolve('third');
    }),
  ];
  await new Promise(setImmediate);
  expect(order).toEqual(['first']);
  first.resolve('first');
  expect(await Promise.all(asked)).toMatchObject([
    { kind: 'ok', value: 'first' },
    { kind: 'failed', problem: { code: 'revoked' } },
    { kind: 'ok', value: 'third' },
  ]);
  expect(order).toEqual(['first', 'second', 'third']);
  expect(authority.connects).toBe(1);
});

test('the authority is connected to with the first question, and again if that failed', async () => {
  const authority = new FakeAuthority();
  let tries = 0;
  const conversation = open((cache, network) => {
    tries += 1;
    const missing = problem('admin', 'no-secret', { clientId: 'c', authority: 'a' });
    return tries === 1
      ? Promise.reject(new ProblemError(missing))
      : Promise.resolve(authority.connect(cache, network));
  });
  expect(tries).toBe(0);
  expect(await conversation.ask(() => Promise.resolve(1))).toMatchObject({
    problem: { kind: 'admin', code: 'no-secret' },
  });
  expect(await conversation.ask(() => Promise.resolve(2))).toEqual({ kind: 'ok', value: 2 });
  expect(await conversation.ask(() => Promise.resolve(3))).toEqual({ kind: 'ok', value: 3 });
  expect(tries).toBe(2);
});

test('a keyring that refuses the client secret is reported as a storage problem, not as throttling', async () => {
  const conversation = open(() => Promise.reject(refused));
  expect(await conversation.ask(() => Promise.resolve(1))).toMatchObject({
    problem: { kind: 'storage', code: 'storage.unavailable', params: { detail: 'the keyring is locked' } },
  });
});

test('the network observation of an earlier question does not affect a later failure', async () => {
  const authority = new FakeAuthority();
  const conversation = open(
    (cache, seen) => Promise.resolve(authority.connect(cache, seen)),
    new SendError('timeout', 'no answer'),
  );
  await conversation.ask(async () => {
    await conversation.network.sendPostRequestAsync('https://a.example/').catch(() => undefined);
    return authority.grant(ada);
  });
  expect(await conversation.ask(() => Promise.reject(new TypeError('x')))).toMatchObject({
    problem: { code: 'unknown' },
  });
});

import { expect, test } from 'vitest';
import { problem } from '../../../src/words/problem.ts';
import { answerToken } from '../../../src/outlets/answer/token-answer.ts';
import { fakeAgent, fakeProfiles, type FakeAgent } from '../fixtures/fake-agent.ts';

function several(): {
  first: FakeAgent;
  work: FakeAgent;
  more: FakeAgent;
  ask: (query: string) => Promise<unknown>;
} {
  const first = fakeAgent({ id: 'first', clientId: 'aaaa' });
  const work = fakeAgent({ id: 'work', clientId: 'bbbb' });
  const more = fakeAgent({ id: 'more', clientId: 'bbbb' });
  const profiles = fakeProfiles(first, work, more);
  const asked = (): string =>
    [first, work, more].flatMap(({ profile, requests }) => requests.splice(0).map(() => profile.id)).join();
  const ask = async (query: string): Promise<unknown> => {
    const { body } = await answerToken(profiles, new URLSearchParams(query));
    return 'error' in body ? body.error.code : `${asked()} ${body.clientId}`;
  };
  return { first, work, more, ask };
}

test('client_id selects the profile of that app registration; the answer names it', async () => {
  const { ask } = several();
  expect(await ask('client_id=bbbb')).toBe('work bbbb');
  expect(await ask('client_id=BBBB')).toBe('work bbbb');
  expect(await ask('')).toBe('first aaaa');
});

test('where several have it the default is meant, if it is among them', async () => {
  const first = fakeAgent({ id: 'first', clientId: 'bbbb' });
  const second = fakeAgent({ id: 'second', clientId: 'bbbb' });
  const profiles = fakeProfiles(first, second);
  profiles.defaultId = 'second';
  await answerToken(profiles, new URLSearchParams('client_id=bbbb'));
  expect([first.requests.length, second.requests.length]).toEqual([0, 1]);
});

test('an unknown client ID is ignored; a named profile takes precedence', async () => {
  const { ask } = several();
  expect(await ask('client_id=cccc')).toBe('first aaaa');
  expect(await ask('client_id=aaaa&profile=more')).toBe('more bbbb');
  expect(await ask('client_id=aaaa&profile=none')).toBe('profile.unknown');
});

test('the same token again is the same answer, until something else is true of it', async () => {
  const agent = fakeAgent({ id: 'first', clientId: 'aaaa' });
  const profiles = fakeProfiles(agent);
  const ask = async (): Promise<unknown> => (await answerToken(profiles, new URLSearchParams())).body;
  const before = await ask();
  expect(await ask()).toBe(before);

  const reason = problem('transient', 'throttled');
  const { answer, status } = agent;
  if (!('kind' in answer) || answer.kind !== 'token' || status.session.kind !== 'signed-in')
    throw new Error();
  agent.answer = { ...answer, warning: reason };
  expect(await ask()).toMatchObject({ warning: { code: 'throttled' } });
  agent.answer = answer;
  expect(await ask()).not.toHaveProperty('warning');

  const account = { ...status.session.account, name: 'Grace' };
  agent.status = { ...status, session: { ...status.session, account } };
  expect(await ask()).toMatchObject({ account: { name: 'Grace' } });
});

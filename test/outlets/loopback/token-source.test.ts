import { afterEach, expect, test } from 'vitest';
import { createServer } from 'node:http';
import { mkdirSync } from 'node:fs';
import { problem } from '../../../src/words/problem.ts';
import { initialStatus } from '../../../src/agent/status/status.ts';
import { ownerSource, profilesSource, type TokenSource } from '../../../src/outlets/loopback/token-source.ts';
import { answerOf, decisions, nameOf } from '../../agent/fixtures/decision-table.ts';
import { fakeAgent, fakeProfiles, NOON, type FakeProfiles } from '../fixtures/fake-agent.ts';
import { testPlaces } from '../fixtures/runtime-directory.ts';
import { closeAll, closing, openSocket } from '../fixtures/socket-fixture.ts';

afterEach(closeAll);

const ask = (source: TokenSource, query = ''): ReturnType<TokenSource['answerToken']> =>
  source.answerToken(new URLSearchParams(query));

test('the owner’s answer over the socket is the one that its own process gives, for every row', async () => {
  const { places, agent, profiles } = await openSocket();
  const [near, far] = [profilesSource(profiles), ownerSource(places, undefined)];
  for (const row of decisions) {
    agent.answer = answerOf(row, NOON);
    const reply = await ask(far);
    expect(reply, nameOf(row)).toEqual(await ask(near));
    expect(reply).toMatchObject({ exitCode: row.exitCode, httpStatus: row.httpStatus });
  }
});

test('a program that was started for one profile gets that profile’s tokens and no other', async () => {
  const { places, agent, profiles } = await openSocket();
  const work = fakeAgent({ id: 'work', clientId: 'bbbb' });
  profiles.agents = [agent, work];
  const count = (): number[] => [agent.requests.length, work.requests.length];
  const source = ownerSource(places, 'work');
  await ask(source, 'scope=User.Read&min_lifetime=60');
  expect(work.requests).toEqual([{ scopes: ['User.Read'], minLifetimeMs: 60_000 }]);
  await ask(source, 'profile=work');
  expect(count()).toEqual([0, 2]);
  for (const query of ['profile=default', 'profile=work&profile=default', 'profile=default&profile=work']) {
    const reply = await ask(source, query);
    expect(reply, query).toMatchObject({
      exitCode: 2,
      httpStatus: 400,
      body: {
        error: { code: 'request.other-profile', message: expect.stringContaining('“default”') as string },
      },
    });
  }
  expect(count()).toEqual([0, 2]);
  // Azure’s clients send AZURE_CLIENT_ID along, whatever it was set for.
  await ask(source, `client_id=${agent.profile.clientId}`);
  expect(count()).toEqual([0, 3]);
});

test('a program that was started for no profile in particular may name one', async () => {
  const { places, agent, profiles } = await openSocket();
  const work = fakeAgent({ id: 'work', clientId: 'bbbb' });
  profiles.agents = [agent, work];
  const count = (): number[] => [agent.requests.length, work.requests.length];
  await ask(ownerSource(places, undefined), 'profile=work');
  await ask(ownerSource(places, undefined), 'client_id=bbbb');
  await ask(ownerSource(places, undefined));
  expect(count()).toEqual([1, 2]);
});

test('no owner, or one that is not understood, is an answer and not a throw', async () => {
  const places = testPlaces();
  const source = ownerSource(places, undefined);
  expect(await ask(source)).toMatchObject({ exitCode: 13, httpStatus: 400 });
  expect(await source.health()).toBe('agent-not-running');
  mkdirSync(places.runtimeDirectory, { mode: 0o700 });
  const server = createServer((_request, response) => response.end('{"accessToken":1}'));
  await new Promise<void>((resolve) => server.listen(places.socketPath, resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  expect(await ask(source)).toMatchObject({ exitCode: 11, httpStatus: 503 });
  expect(await source.health()).toBe('agent-garbled');
});

test('an unexpected error in this process is an answer too', async () => {
  const profiles = fakeProfiles(fakeAgent());
  profiles.agents[0]!.getToken = () => Promise.reject(new TypeError('secret detail'));
  const reply = await ask(profilesSource(profiles));
  expect(reply).toMatchObject({ exitCode: 1, httpStatus: 500 });
  expect(JSON.stringify(reply)).not.toContain('secret detail');
});

test('health is the same word from here and from the owner', async () => {
  const { places, agent, profiles } = await openSocket();
  const words = async (of: FakeProfiles): Promise<string[]> =>
    Promise.all([profilesSource(of).health(), ownerSource(places, undefined).health()]);
  expect(await words(profiles)).toEqual(['ok', 'ok']);
  const reason = problem('admin', 'not-configured');
  agent.status = { ...agent.status, storage: { kind: 'trouble', reason } };
  expect(await words(profiles)).toEqual(['storage', 'storage']);
  agent.status = { ...agent.status, health: { kind: 'offline', since: NOON, reason } };
  expect(await words(profiles)).toEqual(['offline', 'offline']);
  agent.status = initialStatus;
  expect(await words(profiles)).toEqual(['signed-out', 'signed-out']);
  profiles.agents = [];
  expect(await words(profiles)).toEqual(['not-configured', 'not-configured']);
});

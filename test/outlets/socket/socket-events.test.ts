import { connect } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { problem, ProblemError } from '../../../src/words/problem.ts';
import { initialStatus, type Status } from '../../../src/agent/status/status.ts';
import { askOwner } from '../../../src/outlets/socket/client.ts';
import { watchOwner } from '../../../src/outlets/socket/watch.ts';
import { MAX_LISTENERS } from '../../../src/outlets/socket/status-events.ts';
import { until } from '../../house/fixtures/until.ts';
import { ada, fakeAgent, NOON, TOKEN, token } from '../fixtures/fake-agent.ts';
import { closeAll, openSocket, type OpenSocket } from '../fixtures/socket-fixture.ts';

afterEach(async () => {
  vi.useRealTimers();
  await closeAll();
});

const waiting: Status = { ...initialStatus, activity: { kind: 'waiting', nextTryAt: NOON } };

interface Watching {
  readonly heard: Record<string, unknown>[];
  readonly ended: Promise<unknown>;
  readonly stop: () => void;
}

function watch(places: OpenSocket['places'], path = '/v1/events', silenceMs = 5_000): Watching {
  const heard: Record<string, unknown>[] = [];
  const control = new AbortController();
  const ended = watchOwner(places, path, (body) => heard.push(body), control.signal, { silenceMs });
  return {
    heard,
    stop: () => control.abort(),
    ended: ended.catch((error: unknown) => (error instanceof ProblemError ? error.problem.code : error)),
  };
}

const has = ({ heard }: Watching, count: number): Promise<void> =>
  until(() => expect(heard).toHaveLength(count));

describe('a stream of events', () => {
  test('sends the status at once and after every change, and nothing twice', async () => {
    const { places, profiles, agent } = await openSocket();
    const watching = watch(places);
    await has(watching, 1);
    expect(watching.heard[0]).toMatchObject({
      schemaVersion: 1,
      session: { kind: 'signed-in', account: ada },
    });
    profiles.announce(agent);
    agent.status = waiting;
    profiles.announce(agent);
    profiles.announce(agent);
    await has(watching, 2);
    expect(watching.heard[1]).toMatchObject({ activity: { kind: 'waiting' } });
    expect(JSON.stringify(watching.heard)).not.toContain(TOKEN);
    watching.stop();
    expect(await watching.ended).toBeUndefined();
    await until(() => expect(profiles.watching).toBe(0));
  });

  test('is about the profile that was asked for, whatever others do', async () => {
    const { places, profiles, agent } = await openSocket();
    const work = fakeAgent({ id: 'work' });
    profiles.agents = [agent, work];
    const watching = watch(places, '/v1/events?profile=work');
    await has(watching, 1);
    agent.status = waiting;
    profiles.announce(agent);
    work.status = waiting;
    profiles.announce(work);
    await has(watching, 2);
    expect(watching.heard.map(({ profile }) => (profile as { id: string }).id)).toEqual(['work', 'work']);
    watching.stop();
  });

  test('ends with the reason when its profile is removed', async () => {
    const { places, profiles, agent } = await openSocket();
    const work = fakeAgent({ id: 'work' });
    profiles.agents = [agent, work];
    const watching = watch(places, '/v1/events?profile=work');
    await has(watching, 1);
    profiles.agents = [agent];
    profiles.announce(agent);
    expect(await watching.ended).toMatchObject({ status: 400, body: { error: { code: 'profile.unknown' } } });
    await until(() => expect(profiles.watching).toBe(0));
  });

  test('ends when the host closes', async () => {
    const { places, api } = await openSocket();
    const watching = watch(places);
    await has(watching, 1);
    await api.close();
    expect(await watching.ended).toBe('agent-not-running');
    expect(await watch(places).ended).toBe('agent-not-running');
  });

  test('is refused in JSON like anything else', async () => {
    const { places } = await openSocket();
    expect(await watch(places, '/v1/events?profile=none').ended).toMatchObject({
      status: 400,
      body: { error: { code: 'profile.unknown' } },
    });
  });

  test('a silent owner is not waited for', async () => {
    const { places } = await openSocket();
    expect(await watch(places, '/v1/events', 60).ended).toBe('agent-silent');
  });

  test('the listener’s own error is passed on', async () => {
    const { places, profiles } = await openSocket();
    const thrown = new Error('the screen is full');
    const watching = watchOwner(
      places,
      '/v1/events',
      () => {
        throw thrown;
      },
      new AbortController().signal,
    );
    await expect(watching).rejects.toBe(thrown);
    await until(() => expect(profiles.watching).toBe(0));
  });

  test('the limit of listeners is served, one more is asked to come back, and there is room again', async () => {
    const { places, profiles } = await openSocket();
    const all: Watching[] = [];
    // Not all at once: the system lets no more wait to be let in.
    while (all.length < MAX_LISTENERS) {
      all.push(...Array.from({ length: 64 }, () => watch(places)));
      await until(() => expect(all.every(({ heard }) => heard.length === 1)).toBe(true));
    }
    expect(await askOwner(places, 'GET', '/v1/events')).toMatchObject({
      status: 503,
      body: { error: { code: 'request.busy' } },
    });
    for (const one of all) one.stop();
    await until(() => expect(profiles.watching).toBe(0));
    const again = watch(places);
    await has(again, 1);
    again.stop();
  });

  test('a listener that does not read is disconnected, and the others continue', async () => {
    const { places, profiles, agent } = await openSocket();
    const deaf = connect(places.socketPath, () => deaf.write('GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n'));
    deaf.on('error', () => undefined);
    deaf.pause();
    const watching = watch(places);
    await has(watching, 1);
    await until(() => expect(profiles.watching).toBe(2));
    const reason = problem('transient', 'offline', { host: 'x'.repeat(10_000), detail: 'x' });
    for (let since = 1; since < 200 && profiles.watching === 2; since += 1) {
      agent.status = { ...initialStatus, health: { kind: 'offline', since: since * 1000, reason } };
      profiles.announce(agent);
      await has(watching, since + 1);
    }
    expect(profiles.watching).toBe(1);
    watching.stop();
    deaf.destroy();
  });
});

describe('between the changes', () => {
  test('a comment every 25 s shows that both are there; a default that changed is noticed with it', async () => {
    const { places, profiles, agent } = await openSocket();
    const work = fakeAgent({ id: 'work' });
    profiles.agents = [agent, work];
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    let text = '';
    const socket = connect(places.socketPath, () =>
      socket.write('GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n'),
    );
    socket.on('data', (chunk) => (text += chunk.toString()));
    await until(() => expect(text).toContain('event: status\ndata: {'));
    expect(text).toContain('Content-Type: text/event-stream');
    expect(text).not.toContain('ping');
    vi.advanceTimersByTime(25_000);
    await until(() => expect(text.match(/: ping\n\n/gu)).toHaveLength(1));
    expect(text.match(/event: status/gu)).toHaveLength(1);
    profiles.defaultId = 'work';
    vi.advanceTimersByTime(25_000);
    await until(() => expect(text.match(/event: status/gu)).toHaveLength(2));
    socket.destroy();
    await until(() => expect(profiles.watching).toBe(0));
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a token that has just expired is news, although nothing else is', async () => {
    const { places, profiles, agent, clock } = await openSocket();
    const watching = watch(places);
    await has(watching, 1);
    clock.now = token.expiresOn - 1;
    profiles.announce(agent);
    clock.now = token.expiresOn;
    profiles.announce(agent);
    profiles.announce(agent);
    await has(watching, 2);
    expect(watching.heard[1]).toEqual(watching.heard[0]);
    agent.status = waiting;
    profiles.announce(agent);
    await has(watching, 3);
    watching.stop();
  });
});

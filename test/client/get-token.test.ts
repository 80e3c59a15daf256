import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { problem } from '../../src/words/problem.ts';
import { initialStatus } from '../../src/agent/status/status.ts';
import { getAccessToken, getToken, TokentrayError, type TokenOptions } from '../../src/client/index.ts';
import { replyWithProblem, replyWithToken } from '../../src/outlets/answer/answer.ts';
import { busy } from '../../src/outlets/http/request-body.ts';
import { MAX_LISTENERS } from '../../src/outlets/socket/status-events.ts';
import { Secret } from '../../src/system/secret.ts';
import { answerOf, decisions, nameOf, withoutAgent } from '../agent/fixtures/decision-table.ts';
import { ada, fakeAgent, NOON, signedIn, token, TOKEN } from '../outlets/fixtures/fake-agent.ts';
import { testPlaces } from '../outlets/fixtures/runtime-directory.ts';
import { closeAll, closing, openSocket, type OpenSocket } from '../outlets/fixtures/socket-fixture.ts';
import { until } from '../house/fixtures/until.ts';

const MINUTE_MS = 60_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOON }));
afterEach(async () => {
  vi.useRealTimers();
  await closeAll();
});

const answer = (value: string, expiresOn = token.expiresOn) =>
  ({ kind: 'token', token: { ...token, value: new Secret(value), expiresOn }, warning: undefined }) as const;

/** An owner, and the options that lead to it. */
async function open(): Promise<OpenSocket & { readonly at: { readonly socketPath: string } }> {
  const opened = await openSocket();
  return { ...opened, at: { socketPath: opened.places.socketPath } };
}

async function errorOf(asked: Promise<unknown>): Promise<TokentrayError> {
  const error: unknown = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof TokentrayError) return error;
  throw new Error(`no TokentrayError: ${String(error)}`);
}

/** Asks until the kept token was dropped, which follows the owner's event a moment later. */
async function untilAsked({ agent, at }: Awaited<ReturnType<typeof open>>): Promise<void> {
  const before = agent.requests.length;
  await until(async () => {
    await getToken(at).catch(() => undefined);
    expect(agent.requests.length).toBeGreaterThan(before);
  });
}

describe('memory', () => {
  test('the owner is asked once', async () => {
    const { agent, at } = await open();
    expect(await getToken(at)).toBe(TOKEN);
    for (let count = 0; count < 20; count += 1) expect(await getToken(at)).toBe(TOKEN);
    expect(agent.requests).toEqual([{}]);
  });

  test.each<[string, TokenOptions]>([
    ['scopes', { scopes: ['Mail.Read'] }],
    ['scopes as a text', { scopes: 'Mail.Read Files.Read' }],
    ['resource', { resource: 'https://graph.microsoft.com' }],
    ['profile', { profile: 'work' }],
  ])('another question is another token: %s', async (_name, options) => {
    const { agent, profiles, at } = await open();
    const work = fakeAgent({ id: 'work' });
    profiles.agents = [agent, work];
    await getToken(at);
    agent.answer = work.answer = answer('other');
    expect(await getToken({ ...at, ...options })).toBe('other');
    expect(await getToken(at)).toBe(TOKEN);
    expect(await getToken({ ...at, ...options })).toBe('other');
    expect(agent.requests.length + work.requests.length).toBe(2);
  });

  test('another owner’s token is another', async () => {
    const [here, there] = [await open(), await open()];
    there.agent.answer = answer('there');
    expect([await getToken(here.at), await getToken(there.at)]).toEqual([TOKEN, 'there']);
    expect([await getToken(here.at), await getToken(there.at)]).toEqual([TOKEN, 'there']);
  });

  test('serves until ten minutes before the end, and asks from then on', async () => {
    const { agent, at } = await open();
    await getToken(at);
    agent.answer = answer('renewed', token.expiresOn + 60 * MINUTE_MS);
    vi.setSystemTime(token.expiresOn - 10 * MINUTE_MS);
    expect(await getToken(at)).toBe(TOKEN);
    vi.setSystemTime(token.expiresOn - 10 * MINUTE_MS + 1);
    expect(await getToken(at)).toBe('renewed');
    expect(agent.requests).toHaveLength(2);
  });

  test('a required lifetime is met from memory only as long as it is left', async () => {
    const { agent, at } = await open();
    await getToken(at);
    await getToken({ ...at, minLifetimeSeconds: 3600 });
    expect(agent.requests).toHaveLength(1);
    await getToken({ ...at, minLifetimeSeconds: 3601 });
    vi.setSystemTime(token.expiresOn - 2 * MINUTE_MS);
    await getToken({ ...at, minLifetimeSeconds: 60 });
    expect(agent.requests).toEqual([{}, { minLifetimeMs: 3_601_000 }]);
  });

  test('memory is not used after the clock was set back', async () => {
    const { agent, at } = await open();
    await getToken(at);
    vi.setSystemTime(NOON - 1);
    await getToken(at);
    expect(agent.requests).toHaveLength(2);
  });

  test('a token that lives no longer than the margin, or came with a warning, is requested each time', async () => {
    const { agent, at } = await open();
    agent.answer = answer('short', NOON + 10 * MINUTE_MS);
    await getToken(at);
    await getToken(at);
    expect(agent.requests).toHaveLength(2);
    agent.answer = { ...answer('left'), warning: problem('transient', 'throttled') };
    const left = { ...at, scopes: 'left' };
    expect((await getAccessToken(left)).warning).toMatchObject({ kind: 'transient', code: 'throttled' });
    await getToken(left);
    expect(agent.requests).toHaveLength(4);
  });

  test('a new token that was asked for is what everybody gets from then on', async () => {
    const { agent, at } = await open();
    await getToken(at);
    // Answered from memory.
    await getToken(at);
    agent.answer = answer('new');
    expect(await getToken({ ...at, refresh: 'always' })).toBe('new');
    expect(await getToken(at)).toBe('new');
    expect(agent.requests).toEqual([{}, { fresh: 'always' }]);
  });

  test('cannot be changed by a caller', async () => {
    const { at } = await open();
    (await getAccessToken(at)).expiresOn.setTime(0);
    expect((await getAccessToken(at)).expiresOn.getTime()).toBe(token.expiresOn);
  });
});

describe('a token in memory is dropped', () => {
  test('when the user signs out', async () => {
    const opened = await open();
    const { agent, profiles, at } = opened;
    await getToken(at);
    agent.status = initialStatus;
    agent.answer = { kind: 'refused', problem: problem('interaction', 'signed-out') };
    profiles.announce(agent);
    await untilAsked(opened);
    expect(await errorOf(getToken(at))).toMatchObject({ code: 'signed-out', exitCode: 10 });
  });

  test('when it is revoked, and not when only a sign-in is needed', async () => {
    const opened = await open();
    const { agent, profiles, at } = opened;
    const reason = problem('interaction', 'interaction', { detail: '?' });
    await getToken(at);
    agent.status = {
      ...signedIn,
      session: { kind: 'sign-in-needed', account: ada, reason, expiresOn: token.expiresOn },
    };
    profiles.announce(agent);
    // The news have passed when those of another question, which came after them, have.
    await getToken({ ...at, scopes: 'Mail.Read' });
    await getToken(at);
    expect(agent.requests).toHaveLength(2);
    agent.status = {
      ...signedIn,
      session: { kind: 'sign-in-needed', account: ada, reason, expiresOn: undefined },
    };
    profiles.announce(agent);
    await untilAsked(opened);
  });

  test('when another user signs in', async () => {
    const opened = await open();
    const { agent, profiles, at } = opened;
    await getToken(at);
    const grace = { ...ada, homeAccountId: 'grace.tid' };
    agent.status = { ...signedIn, session: { kind: 'signed-in', account: grace, expiresOn: NOON } };
    profiles.announce(agent);
    await untilAsked(opened);
  });

  test('when another registration is meant', async () => {
    const opened = await open();
    const { agent, profiles, at } = opened;
    await getToken(at);
    // Answered from memory, so the owner is followed by now.
    await getToken(at);
    const other = fakeAgent({ id: 'other' });
    other.answer = answer('other');
    profiles.agents = [other];
    profiles.announce(agent);
    await until(async () => expect(await getToken(at)).toBe('other'));
  });

  test('when Tokentray ends', async () => {
    const { api, at } = await open();
    await getToken(at);
    await api.close();
    await until(async () => {
      expect(await errorOf(getToken(at))).toMatchObject({ code: 'agent-not-running', exitCode: 13 });
    });
  });

  test('an owner that accepts no further listener is not asked again before the time it named', async () => {
    let refusals = 0;
    const { socketPath } = await impostor(({ url }, response) => {
      const isToken = url === '/v1/token';
      if (!isToken) refusals += 1;
      const reply = isToken ? replyWithToken(answer(TOKEN), ada) : replyWithProblem(busy());
      response.writeHead(reply.httpStatus).end(JSON.stringify(reply.body));
    });
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: NOON });
    for (let count = 0; count < 3; count += 1) await getToken({ socketPath });
    await until(() => expect(refusals).toBe(1));
    await getToken({ socketPath });
    await getToken({ socketPath });
    expect(refusals).toBe(1);
    vi.advanceTimersByTime(1_001);
    await getToken({ socketPath });
    await until(() => expect(refusals).toBe(2));
  });

  test('if the owner accepts no further listener, every question is sent', async () => {
    const { agent, places, at } = await open();
    const listening = Array.from({ length: MAX_LISTENERS }, () => new AbortController());
    const { watchOwner } = await import('../../src/outlets/socket/watch.ts');
    for (const { signal } of listening) {
      await new Promise<void>((resolve, reject) => {
        watchOwner(places, '/v1/events', () => resolve(), signal).catch(reject);
      });
    }
    for (let count = 0; count < 3; count += 1) expect(await getToken(at)).toBe(TOKEN);
    expect(agent.requests).toHaveLength(3);
    for (const controller of listening) controller.abort();
  });
});

describe('asking', () => {
  test('the same question at the same time is asked once, another is not', async () => {
    const { agent, at } = await open();
    const asked = Array.from({ length: 10 }, () => getToken(at));
    const demands = [600, 601].map((minLifetimeSeconds) => getToken({ ...at, minLifetimeSeconds }));
    expect(new Set(await Promise.all([...asked, ...demands]))).toEqual(new Set([TOKEN]));
    expect(agent.requests).toHaveLength(3);
  });

  test('everything that is asked for reaches the owner', async () => {
    const { agent, at } = await open();
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
    await getToken({ ...at, scopes: ['a/x', 'a/y'], minLifetimeSeconds: 60, refresh: 'always', claims });
    await getToken({ ...at, profile: 'default', resource: 'https://x.example/' });
    expect(agent.requests).toEqual([
      { scopes: ['a/x', 'a/y'], minLifetimeMs: 60_000, fresh: 'always', claims },
      { scopes: ['https://x.example//.default'] },
    ]);
  });

  test('no scope at all is not taken for the profile’s own', async () => {
    const { agent, at } = await open();
    await getToken({ ...at, scopes: [] });
    expect(agent.requests).toEqual([{ scopes: [] }]);
  });

  test('the token comes with its properties', async () => {
    const { at } = await open();
    const { username, tenantId, homeAccountId } = ada;
    expect(await getAccessToken(at)).toEqual({
      token: TOKEN,
      tokenType: 'Bearer',
      expiresOn: new Date(token.expiresOn),
      scopes: ['User.Read'],
      account: { username, tenantId, homeAccountId },
      warning: undefined,
    });
  });

  test.each<[string, TokenOptions, string]>([
    ['scopes and a resource', { scopes: 'a', resource: 'https://b.example' }, 'request.resource-and-scope'],
    ['no number', { minLifetimeSeconds: Number.NaN }, 'request.min-lifetime'],
    ['half a second', { minLifetimeSeconds: 0.5 }, 'request.min-lifetime'],
    ['claims that are not JSON', { claims: 'eyJ9' }, 'request.claims'],
    ['an unknown profile', { profile: 'nobody' }, 'profile.unknown'],
  ])('a mistake is named: %s', async (_name, options, code) => {
    const { agent, at } = await open();
    await getToken(at);
    expect(await errorOf(getToken({ ...at, ...options }))).toMatchObject({
      code,
      kind: 'usage',
      exitCode: 2,
    });
    expect(agent.requests).toHaveLength(1);
  });

  test('aborting a wait affects only the caller that aborts', async () => {
    const { agent, at } = await open();
    let give: (given: ReturnType<typeof answer>) => void = () => undefined;
    agent.answer = new Promise((resolve) => (give = resolve));
    const { signal } = new AbortController();
    const stop = new AbortController();
    const [patient, impatient] = [getToken({ ...at, signal }), getToken({ ...at, signal: stop.signal })];
    const reason = new Error('no time');
    stop.abort(reason);
    await expect(impatient).rejects.toBe(reason);
    give(answer('late'));
    expect(await patient).toBe('late');
    expect(agent.requests).toHaveLength(1);
    await expect(getToken({ ...at, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test('a question that no caller waits for is aborted', async () => {
    const { socketPath, asked: connected, closed } = await silentOwner();
    const stop = new AbortController();
    const asked = getToken({ socketPath, signal: stop.signal });
    const ended = expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    await connected;
    stop.abort();
    await ended;
    await closed;
  });
});

describe('what a caller gets from the library', () => {
  test.each(decisions.map((row) => [nameOf(row), row] as const))('%s', async (_name, row) => {
    const { agent, at } = await open();
    agent.answer = answerOf(row, Date.now());
    const { minLifetimeMs } = row.request;
    const options = minLifetimeMs === undefined ? at : { ...at, minLifetimeSeconds: minLifetimeMs / 1000 };
    if (row.gets === 'refusal') {
      const { kind, code } = row.problem!;
      const error = await errorOf(getAccessToken(options));
      expect(error).toMatchObject({ kind, code, exitCode: row.exitCode });
      expect(error.message).toContain(error.next);
      expect(error.retryAfterSeconds === undefined ? 'no' : 'yes').toBe(row.retryAfter);
    } else {
      const given = await getAccessToken(options);
      expect(given.token).toBe(row.gets === 'new token' ? 'new-token' : 'old-token');
      expect(given.warning?.code).toBe(row.problem?.code);
    }
    expect(agent.requests).toEqual([row.request]);
  });

  test.each(withoutAgent)('no agent runs, $asked', async ({ exitCode, problem: { kind, code } }) => {
    const { socketPath } = testPlaces();
    expect(await errorOf(getToken({ socketPath }))).toMatchObject({ kind, code, exitCode });
  });
});

describe('another program than our owner', () => {
  test('is not asked in a directory that others may enter', async () => {
    const { places, agent, at } = await open();
    chmodSync(places.runtimeDirectory, 0o755);
    const error = await errorOf(getToken(at));
    expect(error).toMatchObject({ code: 'socket-directory', kind: 'admin', exitCode: 12 });
    expect(error.message).toContain(places.runtimeDirectory);
    expect(agent.requests).toEqual([]);
  });

  test.each([
    ['no JSON', 200, 'hello'],
    ['no token', 200, '{"schemaVersion":1}'],
    ['no end', 200, '{"accessToken":"a"}'],
    ['no reason', 500, '{}'],
  ])('is understood to be none: %s', async (_name, status, text) => {
    const { socketPath } = await impostor((_request, response) => response.writeHead(status).end(text));
    expect(await errorOf(getToken({ socketPath }))).toMatchObject({
      code: 'agent-garbled',
      kind: 'transient',
      exitCode: 11,
    });
  });

  test('an unknown kind of a newer owner’s problem is passed on', async () => {
    const error = {
      kind: 'weather',
      code: 'hail',
      message: 'It hails.',
      next: 'Wait.',
      retryAfterSeconds: 7,
    };
    const { socketPath } = await impostor((_request, response) => {
      response.writeHead(503).end(JSON.stringify({ error }));
    });
    expect(await errorOf(getToken({ socketPath }))).toMatchObject({
      kind: 'transient',
      code: 'hail',
      exitCode: 11,
      message: 'It hails. Wait.',
      retryAfterSeconds: 7,
    });
  });
});

/** Another program's server at the owner's socket. */
async function impostor(handler: Parameters<typeof createServer>[1]): Promise<{
  readonly socketPath: string;
  readonly server: Server;
}> {
  const { runtimeDirectory, socketPath } = testPlaces();
  mkdirSync(runtimeDirectory, { mode: 0o700 });
  const server = createServer(handler).listen(socketPath);
  await once(server, 'listening');
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { socketPath, server };
}

/** `closed` resolves when its only connection has been. */
async function silentOwner(): Promise<{
  readonly socketPath: string;
  readonly asked: Promise<unknown>;
  readonly closed: Promise<unknown>;
}> {
  const { socketPath, server } = await impostor(() => undefined);
  const asked = once(server, 'connection');
  const closed = asked.then(([socket]) => once(socket as Server, 'close'));
  return { socketPath, asked, closed };
}

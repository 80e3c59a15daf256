import { chmodSync, existsSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { problem, ProblemError } from '../../../src/words/problem.ts';
import { takeOwnership } from '../../../src/system/ownership/ownership.ts';
import { openSocketApi, socketHandler } from '../../../src/outlets/socket/api.ts';
import type { SignInInvitation } from '../../../src/outlets/answer/host.ts';
import { askOwner } from '../../../src/outlets/socket/client.ts';
import { Secret } from '../../../src/system/secret.ts';
import { ada, fakeAgent, fakeProfiles, NOON, TOKEN, token } from '../fixtures/fake-agent.ts';
import { testPlaces } from '../fixtures/runtime-directory.ts';
import { closeAll, fakeHost, openSocket, quiet, send } from '../fixtures/socket-fixture.ts';

afterEach(closeAll);
const open = openSocket;

function codeOfThrown(error: unknown): unknown {
  return error instanceof ProblemError ? error.problem.code : error;
}

async function codeOf(asked: Promise<unknown>): Promise<unknown> {
  return codeOfThrown(await asked.catch((thrown: unknown) => thrown));
}

describe('the local socket', () => {
  test('gives the token to its user, and passes the request on to the agent', async () => {
    const { places, agent } = await open();
    const answer = await askOwner(places, 'GET', '/v1/token?scope=User.Read&min_lifetime=600&refresh=1');
    expect(answer).toMatchObject({ status: 200, body: { accessToken: TOKEN, account: ada } });
    expect(agent.requests).toEqual([{ scopes: ['User.Read'], minLifetimeMs: 600_000, fresh: 'always' }]);
    expect(lstatSync(places.socketPath).mode & 0o777).toBe(0o600);
  });

  test('a question mark in a value is part of it, and nothing behind it is lost', async () => {
    const { places, agent } = await open();
    await askOwner(places, 'GET', '/v1/token?resource=api://app?v=2&min_lifetime=600');
    expect(agent.requests).toEqual([{ scopes: ['api://app?v=2/.default'], minLifetimeMs: 600_000 }]);
  });

  test('reports the status without any token', async () => {
    const { places } = await open();
    const { body } = await askOwner(places, 'GET', '/v1/status');
    expect(body).toMatchObject({
      schemaVersion: 1,
      session: { kind: 'signed-in', account: ada, expiresOn: '2026-11-22T13:00:00Z' },
      activity: { kind: 'idle' },
      health: { kind: 'ok' },
    });
    expect(JSON.stringify(body)).not.toContain(TOKEN);
  });

  test('the status has the last refresh and the next one', async () => {
    const { places, agent } = await open({
      tokenFileTroubles: () => [problem('admin', 'file-system', { path: '/x', detail: 'EACCES' })],
    });
    const ask = async (): Promise<unknown> => (await askOwner(places, 'GET', '/v1/status')).body;
    expect(await ask()).not.toHaveProperty('lastRefresh');
    agent.lastRefresh = {
      kind: 'failed',
      at: NOON,
      cause: 'schedule',
      reason: problem('transient', 'throttled'),
    };
    agent.nextRefreshAt = NOON + 65_000;
    expect(await ask()).toMatchObject({
      profile: { id: 'default', name: 'default', isDefault: true, protocol: 'entra' },
      lastRefresh: { kind: 'failed', at: '2026-11-22T12:00:00Z', reason: { code: 'throttled' } },
      nextRefreshAt: '2026-11-22T12:01:05Z',
      storage: { kind: 'ok' },
      tokenFileTroubles: [{ code: 'file-system' }],
    });
  });

  test('refreshes without giving the token, and a failure is one although something is left', async () => {
    const { places, agent } = await open();
    const fine = await askOwner(places, 'POST', '/v1/refresh');
    expect(fine.body).toEqual({ schemaVersion: 1, expiresOn: '2026-11-22T13:00:00Z' });
    agent.answer = { kind: 'token', token, warning: problem('transient', 'throttled') };
    expect((await askOwner(places, 'POST', '/v1/refresh')).status).toBe(503);
    expect(agent.requests).toEqual([{ fresh: 'always' }, { fresh: 'always' }]);
  });

  test.each<[string, SignInInvitation, number, object]>([
    ['an address to visit', { kind: 'visit', url: 'http://x/' }, 200, { kind: 'visit', url: 'http://x/' }],
    ['the host’s own window', { kind: 'shown' }, 200, { kind: 'shown' }],
    ['why not', { kind: 'failed', problem: problem('transient', 'starting') }, 503, {}],
  ])('sign-in answers with %s', async (_what, invitation, status, body) => {
    const { places } = await open({ inviteToSignIn: () => Promise.resolve(invitation) });
    expect(await askOwner(places, 'POST', '/v1/sign-in')).toMatchObject({ status, body });
  });

  test('sign-out reports that the vault could not be emptied', async () => {
    const { places, agent } = await open();
    expect((await askOwner(places, 'POST', '/v1/sign-out')).status).toBe(200);
    agent.signOutTrouble = problem('storage', 'storage.write', { detail: 'locked' });
    expect(await askOwner(places, 'POST', '/v1/sign-out')).toMatchObject({
      status: 400,
      body: { error: { kind: 'storage' } },
    });
  });

  test('without a configuration every answer says so', async () => {
    const { places, profiles } = await open();
    profiles.agents = [];
    for (const path of ['/v1/token', '/v1/status', '/v1/events', '/v1/token?profile=work']) {
      expect((await askOwner(places, 'GET', path)).body).toMatchObject({
        error: { kind: 'admin', code: 'not-configured' },
      });
    }
    expect((await askOwner(places, 'GET', '/v1/profiles')).body).toMatchObject({ profiles: [] });
  });

  test('unknown addresses and methods are refused in JSON', async () => {
    const { places } = await open();
    expect(await askOwner(places, 'GET', '/v2/token')).toMatchObject({
      status: 404,
      body: { error: { code: 'request.not-found' } },
    });
    expect((await askOwner(places, 'POST', '/v1/token')).status).toBe(405);
    expect((await askOwner(places, 'GET', '/v1/refresh')).status).toBe(405);
  });

  test('a request that carries an Origin is refused', async () => {
    const { places, agent } = await open();
    const headers = { Origin: 'https://evil.example' };
    const { status } = await send(places, { path: '/v1/token', headers });
    expect(status).toBe(403);
    expect(agent.requests).toEqual([]);
  });

  test('oversized headers and bodies do not stop the service', async () => {
    const { places } = await open();
    const big = `GET /v1/status HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`;
    const body = `POST /v1/refresh HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n${'a'.repeat(200_000)}`;
    for (const text of [big, body]) {
      await new Promise((resolve) => {
        const socket = connect(places.socketPath, () => socket.write(text));
        socket.on('error', () => undefined);
        socket.on('data', () => undefined);
        socket.on('close', resolve);
      });
    }
    expect((await askOwner(places, 'GET', '/v1/status')).status).toBe(200);
  });

  test('a socket that a dead owner left is replaced', async () => {
    const places = testPlaces();
    mkdirSync(places.runtimeDirectory, { mode: 0o700 });
    writeFileSync(places.socketPath, '');
    const ownership = await takeOwnership({ places, kind: 'tray' });
    if (ownership.kind !== 'owner') throw new Error('nobody owned it');
    const host = fakeHost(fakeProfiles(fakeAgent()));
    const api = await openSocketApi({ places, ownership, host, log: quiet, onLost: () => undefined });
    expect((await askOwner(places, 'GET', '/v1/status')).status).toBe(200);
    await api.close();
    expect(existsSync(places.socketPath)).toBe(false);
    expect(await codeOf(askOwner(places, 'GET', '/v1/status'))).toBe('agent-not-running');
    await ownership.release();
  });
});

describe('the client', () => {
  test('reports that Tokentray is not running: no directory, no socket', async () => {
    const places = testPlaces();
    expect(await codeOf(askOwner(places, 'GET', '/v1/status'))).toBe('agent-not-running');
    mkdirSync(places.runtimeDirectory, { mode: 0o700 });
    expect(await codeOf(askOwner(places, 'GET', '/v1/status'))).toBe('agent-not-running');
  });

  test('does not ask a socket in a directory that others can enter', async () => {
    const { places, agent } = await open();
    chmodSync(places.runtimeDirectory, 0o755);
    expect(await codeOf(askOwner(places, 'GET', '/v1/token'))).toBe('socket-directory');
    expect(agent.requests).toEqual([]);
  });

  test('of too many requests at once, those not answered are asked to come back', async () => {
    const { places } = await open();
    const asked = Array.from({ length: 800 }, () =>
      askOwner(places, 'GET', '/v1/token').then(({ status }) => status, codeOfThrown),
    );
    const answers = await Promise.all(asked);
    expect(answers.filter((answer) => answer === 200).length).toBeGreaterThan(400);
    expect([200, 'request.busy']).toEqual(expect.arrayContaining([...new Set(answers)]));
  });

  test('a question that was cut off is asked again', async () => {
    const places = testPlaces();
    mkdirSync(places.runtimeDirectory, { mode: 0o700 });
    let heard = 0;
    const server = createServer(({ socket }, response) => {
      heard += 1;
      if (heard < 3) socket.destroy();
      else response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(places.socketPath, resolve));
    expect(await askOwner(places, 'GET', '/v1/status')).toEqual({ status: 200, body: {} });
    server.close();
  });

  test.each([
    ['GET', 4],
    ['POST', 1],
  ] as const)('a living owner that cuts every %s off is busy: asked %i times', async (method, times) => {
    const places = testPlaces();
    mkdirSync(places.runtimeDirectory, { mode: 0o700 });
    let heard = 0;
    const server = createServer(({ socket }) => {
      heard += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(places.socketPath, resolve));
    expect(await codeOf(askOwner(places, method, '/v1/status'))).toBe('request.busy');
    expect(heard).toBe(times);
    server.close();
  });

  test.each(['GET', 'POST'] as const)('an owner that ends under a %s is not running', async (method) => {
    const places = testPlaces();
    mkdirSync(places.runtimeDirectory, { mode: 0o700 });
    const server = createServer(({ socket }) => {
      server.close();
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(places.socketPath, resolve));
    expect(await codeOf(askOwner(places, method, '/v1/status'))).toBe('agent-not-running');
  });

  test('does not wait for ever', async () => {
    const { places } = await open({ inviteToSignIn: () => new Promise(() => undefined) });
    const asked = askOwner(places, 'POST', '/v1/sign-in', { timeoutMs: 50 });
    expect(await codeOf(asked)).toBe('agent-silent');
  });
});

describe('where the socket is a pipe that everybody can open (Windows)', () => {
  const key = new Secret('k'.repeat(43));

  test('the key of the login session is required', async () => {
    const places = testPlaces();
    mkdirSync(places.runtimeDirectory, { mode: 0o700 });
    const host = fakeHost(fakeProfiles(fakeAgent()));
    const server = createServer((request, response) => {
      void socketHandler({ host, key, now: () => NOON })(request, response);
    });
    await new Promise<void>((resolve) => server.listen(places.socketPath, resolve));
    const ask = async (headers: Record<string, string>): Promise<number> =>
      (await send(places, { path: '/v1/token', headers })).status;
    expect(await ask({})).toBe(401);
    expect(await ask({ 'x-tokentray-key': 'wrong' })).toBe(401);
    expect(await ask({ 'x-tokentray-key': key.reveal() })).toBe(200);
    server.close();
  });
});

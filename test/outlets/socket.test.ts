import { chmodSync, existsSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { problem, ProblemError } from '../../src/agent/problem.ts';
import { takeOwnership } from '../../src/outlets/ownership.ts';
import {
  answerSocket,
  openSocketApi,
  type SignInInvitation,
  type SocketHost,
} from '../../src/outlets/socket-api.ts';
import { askOwner } from '../../src/outlets/socket-client.ts';
import { Secret } from '../../src/vault/secret.ts';
import { ada, fakeAgent, TOKEN, token } from './fake-agent.ts';
import { testPlaces } from './runtime-directory.ts';

const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(more: Partial<SocketHost> = {}): Promise<{
  places: ReturnType<typeof testPlaces>;
  agent: ReturnType<typeof fakeAgent>;
}> {
  const places = testPlaces();
  const agent = fakeAgent();
  const ownership = await takeOwnership({ places, kind: 'tray' });
  if (ownership.kind !== 'owner') throw new Error('the directory was new');
  closing.push(() => ownership.release());
  const host: SocketHost = {
    agent: () => agent,
    inviteToSignIn: () => Promise.resolve({ kind: 'shown' }),
    ...more,
  };
  const api = await openSocketApi({ places, ownership, host, log: quiet });
  closing.push(() => api.close());
  return { places, agent };
}

async function codeOf(asked: Promise<unknown>): Promise<unknown> {
  const error: unknown = await asked.catch((thrown: unknown) => thrown);
  return error instanceof ProblemError ? error.problem.code : error;
}

describe('the local socket', () => {
  test('gives the token to its user, and what was asked for reaches the agent', async () => {
    const { places, agent } = await open();
    const answer = await askOwner(places, 'GET', '/v1/token?scope=User.Read&min_lifetime=600&refresh=1');
    expect(answer).toMatchObject({ status: 200, body: { accessToken: TOKEN, account: ada } });
    expect(agent.requests).toEqual([{ scopes: ['User.Read'], minLifetimeMs: 600_000, fresh: 'always' }]);
    expect(lstatSync(places.socketPath).mode & 0o777).toBe(0o600);
  });

  test('tells the status without any token', async () => {
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

  test('sign-out says when the vault could not be emptied', async () => {
    const { places, agent } = await open();
    expect((await askOwner(places, 'POST', '/v1/sign-out')).status).toBe(200);
    agent.signOutTrouble = problem('storage', 'storage.write', { detail: 'locked' });
    expect(await askOwner(places, 'POST', '/v1/sign-out')).toMatchObject({
      status: 400,
      body: { error: { kind: 'storage' } },
    });
  });

  test('before anything is configured every question says so', async () => {
    const { places } = await open({ agent: () => undefined });
    expect((await askOwner(places, 'GET', '/v1/token')).body).toMatchObject({
      error: { kind: 'admin', code: 'not-configured' },
    });
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
    const status = await new Promise((resolve) => {
      const { socketPath } = places;
      const headers = { Origin: 'https://evil.example' };
      request({ socketPath, path: '/v1/token', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
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
    const host: SocketHost = { agent: fakeAgent, inviteToSignIn: () => Promise.resolve({ kind: 'shown' }) };
    const api = await openSocketApi({ places, ownership, host, log: quiet });
    expect((await askOwner(places, 'GET', '/v1/status')).status).toBe(200);
    await api.close();
    expect(existsSync(places.socketPath)).toBe(false);
    expect(await codeOf(askOwner(places, 'GET', '/v1/status'))).toBe('agent-not-running');
    await ownership.release();
  });
});

describe('the client', () => {
  test('says that nobody is there: no directory, no socket', async () => {
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

  test('does not wait for ever', async () => {
    const { places } = await open({ inviteToSignIn: () => new Promise(() => undefined) });
    const asked = askOwner(places, 'POST', '/v1/sign-in', { timeoutMs: 50 });
    expect(await codeOf(asked)).toBe('agent-silent');
  });
});

describe('where the socket is a pipe that everybody can open (Windows)', () => {
  const key = new Secret('k'.repeat(43));
  const host: SocketHost = { agent: fakeAgent, inviteToSignIn: () => Promise.resolve({ kind: 'shown' }) };
  const ask = (headers: Record<string, string>): Promise<number> =>
    answerSocket({ method: 'GET', url: '/v1/token', headers }, host, key).then((reply) => reply.httpStatus);

  test('the key of the login session is wanted', async () => {
    expect(await ask({})).toBe(401);
    expect(await ask({ 'x-tokentray-key': 'wrong' })).toBe(401);
    expect(await ask({ 'x-tokentray-key': key.reveal() })).toBe(200);
  });
});

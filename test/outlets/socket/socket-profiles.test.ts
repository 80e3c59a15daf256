import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { problem, type Problem } from '../../../src/words/problem.ts';
import { SettingsError, settingsIssue } from '../../../src/config/rules/issue.ts';
import { registrationBody } from '../../../src/outlets/socket/registration-body.ts';
import type { Registration } from '../../../src/config/settings/registrations.ts';
import { exitCodeOf } from '../../../src/outlets/answer/answer.ts';
import { askOwner, type SocketAnswer } from '../../../src/outlets/socket/client.ts';
import type { RegistrationPort, SocketHost } from '../../../src/outlets/answer/host.ts';
import { Secret } from '../../../src/system/secret.ts';
import { VaultError } from '../../../src/vault/store/vault.ts';
import { answerOf, decisions, nameOf } from '../../agent/fixtures/decision-table.ts';
import { fakeAgent, NOON, profile, signedIn } from '../fixtures/fake-agent.ts';
import { closeAll, openSocket, send, type OpenSocket } from '../fixtures/socket-fixture.ts';

afterEach(closeAll);

const SECRET = 'the-client-secret-value';
const registration: Registration = {
  profile: { ...profile, id: 'work' },
  credential: { kind: 'secret', secret: new Secret(SECRET) },
  rank: 'further',
  replaces: 'same',
  tokenFiles: undefined,
};
const body = registrationBody(registration);

/** A port that records its calls, or fails as a test says. */
function port(fails?: Error): RegistrationPort & { told: unknown[]; trouble: Problem | undefined } {
  const keep = (told: unknown): Promise<void> => {
    if (fails !== undefined) return Promise.reject(fails);
    registrations.told.push(told);
    return Promise.resolve();
  };
  const registrations: ReturnType<typeof port> = {
    told: [],
    trouble: undefined,
    put: keep,
    remove: async (id) => {
      await keep(`remove ${id}`);
      return registrations.trouble;
    },
    setDefault: (id) => keep(`default ${id}`),
    change: (change) => keep(change),
    addTokenFile: (file) => keep(file),
    removeTokenFile: (path) => keep(`remove file ${path}`),
    reload: () => keep('reload'),
  };
  return registrations;
}

async function open(
  more: Partial<SocketHost> = {},
): Promise<OpenSocket & { work: ReturnType<typeof fakeAgent> }> {
  const opened = await openSocket(more);
  const work = fakeAgent({ id: 'work', name: 'Work' });
  opened.profiles.agents = [opened.agent, work];
  return { ...opened, work };
}

const codeOf = ({ body: answered }: SocketAnswer): unknown => (answered.error as { code?: unknown }).code;

describe('with several profiles', () => {
  test('each question goes to the one that is named, else to the default', async () => {
    const { places, profiles, agent, work } = await open();
    await askOwner(places, 'GET', '/v1/token?profile=work&resource=https://api.example/');
    expect(work.requests).toEqual([{ scopes: ['https://api.example//.default'] }]);
    await askOwner(places, 'POST', '/v1/refresh');
    expect(agent.requests).toEqual([{ fresh: 'always' }]);
    profiles.defaultId = 'work';
    await askOwner(places, 'POST', '/v1/refresh');
    expect(work.requests).toHaveLength(2);
  });

  test.each([
    ['GET', '/v1/token'],
    ['GET', '/v1/status'],
    ['GET', '/v1/events'],
    ['POST', '/v1/refresh'],
    ['POST', '/v1/sign-in'],
    ['POST', '/v1/sign-out'],
    ['POST', '/v1/checkup'],
    ['POST', '/v1/default'],
  ] as const)('%s %s names what it did not find and what there is', async (method, path) => {
    const { places } = await open();
    const answer = await askOwner(places, method, `${path}?profile=wrok`);
    expect(answer).toMatchObject({
      status: 400,
      body: {
        error: {
          kind: 'usage',
          code: 'profile.unknown',
          message: 'There is no profile “wrok”.',
          next: 'Use one of these: default, work.',
        },
      },
    });
  });

  test('a mistyped question is not taken for one about the default', async () => {
    const { places } = await open();
    const answer = await askOwner(places, 'POST', '/v1/sign-out?profil=work');
    expect(codeOf(answer)).toBe('request.unknown');
  });

  test('the list has the status of each profile and which is the default', async () => {
    const { places } = await open();
    expect((await askOwner(places, 'GET', '/v1/profiles')).body).toMatchObject({
      schemaVersion: 1,
      profiles: [
        { profile: { id: 'default', isDefault: true }, session: { kind: 'signed-in' } },
        { profile: { id: 'work', name: 'Work', isDefault: false }, session: { kind: 'signed-in' } },
      ],
    });
  });

  test('sign-in and check-up are the host’s for that profile', async () => {
    const asked: string[] = [];
    const { places } = await open({
      inviteToSignIn: (agent) => {
        asked.push(agent.profile.id);
        return Promise.resolve({ kind: 'shown' });
      },
      checkUp: (agent) => Promise.resolve([{ name: agent.profile.id, kind: 'ok', ms: 3 }]),
    });
    await askOwner(places, 'POST', '/v1/sign-in?profile=work');
    expect(asked).toEqual(['work']);
    const { body: answered } = await askOwner(places, 'POST', '/v1/checkup?profile=work');
    expect(answered).toEqual({ schemaVersion: 1, lines: [{ name: 'work', kind: 'ok', ms: 3 }] });
  });
});

describe('a host that makes way', () => {
  test('reports what is at stake, and exits once its answer is on the way', async () => {
    const ends: string[] = [];
    const handOver = { sessions: () => Promise.resolve('memory' as const), end: () => ends.push('end') };
    const { places } = await open({ handOver });
    const look = await askOwner(places, 'GET', '/v1/hand-over');
    expect(look).toEqual({ status: 200, body: { schemaVersion: 1, sessions: 'memory' } });
    expect(ends).toEqual([]);
    expect(await askOwner(places, 'POST', '/v1/hand-over')).toMatchObject({ status: 200 });
    expect(ends).toEqual(['end']);
  });

  test('is not every host', async () => {
    const { places } = await open();
    for (const method of ['GET', 'POST'] as const)
      expect(await askOwner(places, method, '/v1/hand-over')).toMatchObject({ status: 404 });
  });
});

describe('registrations', () => {
  test('are stored, removed and made the default', async () => {
    const registrations = port();
    const { places } = await open({ registrations });
    const put = await askOwner(places, 'PUT', '/v1/profiles/work', { json: body });
    expect(put).toEqual({ status: 200, body: { schemaVersion: 1 } });
    await askOwner(places, 'DELETE', '/v1/profiles/work');
    await askOwner(places, 'POST', '/v1/default?profile=work');
    expect(registrations.told).toEqual([registration, 'remove work', 'default work']);
    expect((registrations.told[0] as Registration).credential).toMatchObject({
      secret: expect.objectContaining({}) as unknown,
    });
  });

  test('everything that is wrong comes back in sentences, without the credential', async () => {
    const registrations = port();
    const { places } = await open({ registrations });
    const wrong = { ...body, profile: { ...profile, id: 'work', clientId: SECRET, redirectUri: 'ftp://x' } };
    const answer = await askOwner(places, 'PUT', '/v1/profiles/work', { json: wrong });
    expect(answer.status).toBe(400);
    const { error } = answer.body as { error: { code: string; issues: string[] } };
    expect(error.code).toBe('profile.invalid');
    expect(error.issues.map((issue) => issue.split(':')[0])).toEqual([
      'profile.clientId',
      'profile.redirectUri',
    ]);
    expect(JSON.stringify(answer.body)).not.toContain(SECRET);
    expect(registrations.told).toEqual([]);
  });

  test('an address and a body about two profiles are refused', async () => {
    const registrations = port();
    const { places } = await open({ registrations });
    const answer = await askOwner(places, 'PUT', '/v1/profiles/other', { json: body });
    expect(codeOf(answer)).toBe('profile.id-differs');
    expect(registrations.told).toEqual([]);
  });

  test.each([
    [
      'settings that break a rule',
      new SettingsError([settingsIssue('x', 'y', 'settings.rule.path')]),
      'profile.invalid',
      2,
    ],
    ['a vault that refuses', new VaultError('locked'), 'import.no-vault', 14],
    ['a full disk', Object.assign(new Error('no'), { code: 'ENOSPC', path: '/s' }), 'file-system', 12],
  ])('%s is reported', async (_what, fails, code, exitCode) => {
    const { places } = await open({ registrations: port(fails) });
    const answer = await askOwner(places, 'PUT', '/v1/profiles/work', { json: body });
    expect(codeOf(answer)).toBe(code);
    expect(exitCodeOf(answer.body.error as Problem)).toBe(exitCode);
  });

  test.each([
    [new SettingsError([settingsIssue('x', 'y', 'settings.rule.path')]), 'profile.unchanged'],
    [new VaultError('locked'), 'storage.unusable'],
  ])('a removal and another default are not refused in the words of an import: %s', async (fails, code) => {
    const { places } = await open({ registrations: port(fails) });
    for (const [method, path] of [
      ['DELETE', '/v1/profiles/work'],
      ['POST', '/v1/default?profile=work'],
    ] as const) {
      const answer = await askOwner(places, method, path);
      expect(codeOf(answer)).toBe(code);
      expect(JSON.stringify(answer.body)).not.toMatch(/import|registration/u);
    }
  });

  test('a session that could not be ended is reported', async () => {
    const registrations = port();
    registrations.trouble = problem('storage', 'storage.write', { detail: 'locked' });
    const { places } = await open({ registrations });
    expect(codeOf(await askOwner(places, 'DELETE', '/v1/profiles/work'))).toBe('storage.write');
    registrations.trouble = problem('storage', 'storage.unavailable', { detail: 'locked' });
    const refused = await askOwner(places, 'DELETE', '/v1/profiles/work');
    expect(JSON.stringify(refused.body)).toContain('tokentray doctor --profile work');
    expect(codeOf(await askOwner(places, 'DELETE', '/v1/profiles/none'))).toBe('profile.unknown');
  });

  test('a host that stores nothing reports it', async () => {
    const { places } = await open();
    for (const [method, path, json] of [
      ['PUT', '/v1/profiles/work', body],
      ['DELETE', '/v1/profiles/work', undefined],
      ['POST', '/v1/default?profile=work', undefined],
    ] as const) {
      const answer = await askOwner(places, method, path, json === undefined ? {} : { json });
      expect(codeOf(answer)).toBe('profile.not-kept');
    }
  });
});

describe('invalid bodies of the route', () => {
  const path = '/v1/profiles/work';
  /** Sends raw text and resolves to what was received when the connection ends. */
  function raw(places: OpenSocket['places'], text: string): Promise<string> {
    return new Promise((resolve) => {
      let heard = '';
      const socket = connect(places.socketPath, () => socket.write(text));
      socket.on('data', (chunk) => (heard += chunk.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(heard));
    });
  }
  const head = (length: string): string => `PUT ${path} HTTP/1.1\r\nHost: x\r\n${length}\r\n\r\n`;

  test('too large a body is refused before it is sent', async () => {
    const registrations = port();
    const { places } = await open({ registrations });
    const json = { filler: 'x'.repeat(300_000) };
    await expect(askOwner(places, 'PUT', path, { json })).rejects.toMatchObject({
      problem: { code: 'request.too-large' },
    });
    const answered = await raw(places, head('Content-Length: 9000000'));
    expect(answered).toMatch(/^HTTP\/1.1 413 .*request\.too-large/su);
    expect((await askOwner(places, 'GET', '/v1/status')).status).toBe(200);
  });

  test('a body that is too large without a length is cut off', async () => {
    const registrations = port();
    const { places } = await open({ registrations });
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    await raw(places, head('Transfer-Encoding: chunked') + chunk.repeat(10));
    expect(registrations.told).toEqual([]);
    expect((await askOwner(places, 'GET', '/v1/status')).status).toBe(200);
  });

  test('a large body elsewhere is not even kept', async () => {
    const { places, agent } = await open();
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    await raw(
      places,
      `POST /v1/refresh HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(4)}`,
    );
    expect(agent.status).toBe(signedIn);
    expect((await askOwner(places, 'GET', '/v1/status')).status).toBe(200);
  });

  test('slow bodies delay no other request, and only a few are waited for', async () => {
    const registrations = port();
    const { places } = await open({ registrations });
    const slow = Array.from({ length: 4 }, () => {
      const socket = connect(places.socketPath);
      socket.on('error', () => undefined);
      socket.write(`${head('Content-Length: 100')}{`);
      return socket;
    });
    await expect
      .poll(() => send(places, { method: 'PUT', path, body: '{}' }).then(({ status }) => status))
      .toBe(503);
    expect((await askOwner(places, 'GET', '/v1/status')).status).toBe(200);
    // Aborted requests make room again.
    for (const socket of slow) socket.destroy();
    await expect
      .poll(() => askOwner(places, 'PUT', path, { json: body }).then(({ status }) => status))
      .toBe(200);
  });

  test.each([
    ['no JSON', '{"credential":"the-client-secret-value"'],
    ['nothing', ''],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]).toString('latin1')],
  ])('%s is refused without being quoted', async (_what, sent) => {
    const registrations = port();
    const { places } = await open({ registrations });
    const { status, text } = await send(places, { method: 'PUT', path, body: sent });
    expect(status).toBe(400);
    expect(text).not.toContain(SECRET);
    expect(registrations.told).toEqual([]);
  });

  test.each(['null', '[]', '"text"', '1e999', '{"__proto__":{"profile":1}}', '['.repeat(100_000)])(
    'JSON that is not a registration is refused: %.20s',
    async (sent) => {
      const registrations = port();
      const { places } = await open({ registrations });
      expect((await send(places, { method: 'PUT', path, body: sent })).status).toBe(400);
      expect(registrations.told).toEqual([]);
    },
  );

  test('an Origin, and methods that it does not have', async () => {
    const registrations = port();
    const { places } = await open({ registrations });
    const headers = { Origin: 'https://evil.example' };
    const text = JSON.stringify(body);
    expect((await send(places, { method: 'PUT', path, headers, body: text })).status).toBe(403);
    const posted = await send(places, { method: 'POST', path, body: text });
    expect(posted).toMatchObject({ status: 405, headers: { allow: 'PUT, DELETE' } });
    expect(registrations.told).toEqual([]);
  });

  test.each(['/v1/profiles/', '/v1/profiles/a/b', '/v1/profiles/work/', 'constructor', '/v1/__proto__'])(
    'there is nothing at %s',
    async (where) => {
      const { places } = await open({ registrations: port() });
      const answered = await raw(places, `PUT ${where} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(answered).toMatch(/^HTTP\/1.1 40[04] /u);
    },
  );
});

describe('the answers to token requests over the socket', () => {
  test.each(decisions.map((row) => [nameOf(row), row] as const))('%s', async (_name, row) => {
    const { places, agent } = await openSocket();
    agent.answer = answerOf(row, NOON);
    const seconds = row.request.minLifetimeMs;
    const query = seconds === undefined ? '' : `?min_lifetime=${seconds / 1000}`;
    const { status, headers, text } = await send(places, { path: `/v1/token${query}` });
    expect(agent.requests).toEqual([row.request]);
    expect(status).toBe(row.httpStatus);
    expect('retry-after' in headers).toBe(row.retryAfter === 'yes');
    const answered = JSON.parse(text) as { accessToken?: string; warning?: Problem; error?: Problem };
    const expected = { 'old token': 'old-token', 'new token': 'new-token', refusal: undefined }[row.gets];
    expect(answered.accessToken).toBe(expected);
    expect((answered.error ?? answered.warning)?.code).toBe(row.problem?.code);
    expect(answered.error === undefined ? 0 : exitCodeOf(answered.error)).toBe(row.exitCode);
  });
});

describe('settings', () => {
  test('a change reaches the owner as it was asked for, and nothing else is changed by it', async () => {
    const registrations = port();
    const { places } = await open({ registrations });
    const answer = await askOwner(places, 'PATCH', '/v1/settings', { json: { loopback: true } });
    expect(answer.status).toBe(200);
    expect(registrations.told).toEqual([{ loopback: true }]);
  });

  test.each([
    [{ hooks: { refreshed: ['/bin/true'] } }, 'hooks'],
    [{ loopback: 'on' }, 'loopback'],
    [[], 'an object'],
  ])('%j is refused by name', async (json, named) => {
    const registrations = port();
    const { places } = await open({ registrations });
    const answer = await askOwner(places, 'PATCH', '/v1/settings', { json });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(named);
    expect(registrations.told).toEqual([]);
  });

  test('are read again on request; their faults are reported', async () => {
    const registrations = port();
    const { places } = await open({ registrations });
    expect((await askOwner(places, 'POST', '/v1/reload')).status).toBe(200);
    expect(registrations.told).toEqual(['reload']);
    const issue = settingsIssue('loopback', '“x”', 'settings.rule.switch');
    const failing = await open({ registrations: port(new SettingsError([issue])) });
    const answer = await askOwner(failing.places, 'POST', '/v1/reload');
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'profile.unchanged' } } });
    expect(JSON.stringify(answer.body)).toContain('loopback');
  });

  test('a host without stored settings reports it', async () => {
    const { places } = await open({ registrations: undefined });
    const answer = await askOwner(places, 'PATCH', '/v1/settings', { json: { loopback: true } });
    expect(codeOf(answer)).toBe('profile.not-kept');
  });

  test('the other outlets are reported', async () => {
    const told = {
      loopback: { kind: 'trouble', problem: problem('admin', 'port-in-use', { port: 5, holder: 'x' }) },
      shellCache: { kind: 'on', directory: '/run/x' },
    } as const;
    const { places } = await open({ outlets: () => told });
    expect((await askOwner(places, 'GET', '/v1/outlets')).body).toMatchObject({
      loopback: { kind: 'trouble', reason: { code: 'port-in-use' } },
      shellCache: { kind: 'on', directory: '/run/x' },
    });
    const starting = await open({ outlets: () => undefined });
    expect(codeOf(await askOwner(starting.places, 'GET', '/v1/outlets'))).toBe('starting');
  });
});

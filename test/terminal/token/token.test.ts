import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  answerOf,
  decisions,
  nameOf,
  withoutAgent,
  type DecisionRow,
} from '../../agent/fixtures/decision-table.ts';
import { until } from '../../house/fixtures/until.ts';
import { makeEmptyHome, ownHome, type EmptyHome, type FakeOwner } from '../fixtures/fake-owner.ts';

let home: EmptyHome;
let owner: FakeOwner;

beforeAll(async () => {
  home = makeEmptyHome();
  owner = await ownHome(home.places);
});

afterAll(() => owner.close());

function argsOf({ request }: Pick<DecisionRow, 'request'>): string[] {
  const { minLifetimeMs } = request;
  return minLifetimeMs === undefined ? [] : ['--min-lifetime', `${minLifetimeMs / 1000}s`];
}

interface Refusal {
  readonly error: { readonly code: string; readonly message: string; readonly retryAfterSeconds?: number };
}

describe('what the command answers', () => {
  test.each(decisions.map((row) => [nameOf(row), row] as const))('%s', async (_name, row) => {
    owner.agent.answer = answerOf(row, Date.now());
    owner.agent.requests.length = 0;
    const { code, out, err } = await home.tokentray.run('token', ...argsOf(row));
    expect(code).toBe(row.exitCode);
    expect(owner.agent.requests).toEqual([row.request]);
    if (row.gets === 'refusal') expect(out).toBe('');
    else expect(out).toBe(row.gets === 'new token' ? 'new-token\n' : 'old-token\n');
    // A warning or a refusal is two sentences on stderr; nothing else is printed.
    expect(err.split('\n').length - 1).toBe(row.problem === undefined ? 0 : 2);
  });

  test.each(withoutAgent)('Tokentray is not running, $asked', async ({ request, exitCode, problem }) => {
    const alone = makeEmptyHome();
    const { code, out } = await alone.tokentray.run('token', '--json', ...argsOf({ request }));
    expect(code).toBe(exitCode);
    expect((JSON.parse(out) as Refusal).error.code).toBe(problem.code);
  });
});

describe('JSON', () => {
  const rows = decisions.filter(({ refresh }) => refresh === 'transient');
  test.each(rows.map((row) => [nameOf(row), row] as const))('%s', async (_name, row) => {
    owner.agent.answer = answerOf(row, Date.now());
    const { code, out, err } = await home.tokentray.run('token', '--json', ...argsOf(row));
    expect(code).toBe(row.exitCode);
    const body = JSON.parse(out) as Record<string, unknown>;
    expect(body).toMatchObject({ schemaVersion: 1 });
    if (row.gets === 'refusal') {
      expect(body).toMatchObject({ error: { kind: 'transient', code: 'offline', retryAfterSeconds: 65 } });
      expect(body).not.toHaveProperty('accessToken');
    } else expect(body).toMatchObject({ accessToken: 'old-token', warning: { code: 'offline' } });
    expect(err).toContain('cannot be reached');
  });
});

test('passes on profile, resource and the request for a new token', async () => {
  const fresh = decisions.find(({ gets }) => gets === 'new token')!;
  owner.agent.answer = answerOf(fresh, Date.now());
  owner.agent.requests.length = 0;
  const words = ['--profile', 'default', '--resource', 'https://x.example/', '--refresh', '--header'];
  expect(await home.tokentray.run('token', ...words)).toMatchObject({
    code: 0,
    out: 'Authorization: Bearer new-token\n',
  });
  expect(owner.agent.requests).toEqual([{ scopes: ['https://x.example//.default'], fresh: 'always' }]);
  const other = await home.tokentray.run('token', '--profile', 'nobody', '--json');
  expect(other.code).toBe(2);
  expect((JSON.parse(other.out) as Refusal).error.code).toBe('profile.unknown');
});

describe('on a terminal', () => {
  const row = decisions.find(({ gets }) => gets === 'new token')!;
  /** Measured from the request, however long the command takes to start. */
  const answerAfter = (ms: number): void => {
    const { agent } = owner;
    const before = agent.requests.length;
    agent.answer = until(() => expect(agent.requests.length).toBeGreaterThan(before)).then(async () => {
      await sleep(ms);
      return answerOf(row, Date.now());
    });
  };

  test('a wait of more than a second is explained, and the line is cleared afterwards', async () => {
    answerAfter(2_500);
    const { code, out } = await home.tokentray.runOnTerminal(['token']);
    expect({ code, out }).toEqual({ code: 0, out: 'Waiting for the authority…\r\u001b[Knew-token\r\n' });
  });

  test('a short one is not', async () => {
    owner.agent.answer = answerOf(row, Date.now());
    expect((await home.tokentray.runOnTerminal(['token'])).out).toBe('new-token\r\n');
  });

  test('no line in a pipe', async () => {
    answerAfter(2_000);
    expect(await home.tokentray.run('token')).toEqual({ code: 0, out: 'new-token\n', err: '' });
  });
});

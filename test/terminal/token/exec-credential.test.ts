import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ProblemError } from '../../../src/words/problem.ts';
import { readExecInfo } from '../../../src/terminal/token/exec-credential.ts';
import { answerOf, decisions, LIFE_MS } from '../../agent/fixtures/decision-table.ts';
import { Tokentray, type Ended } from '../fixtures/command.ts';
import { makeEmptyHome, ownHome, type EmptyHome, type FakeOwner } from '../fixtures/fake-owner.ts';

const V1 = 'client.authentication.k8s.io/v1';
const BETA = 'client.authentication.k8s.io/v1beta1';
const infoOf = (apiVersion: string): string =>
  JSON.stringify({ apiVersion, kind: 'ExecCredential', spec: { interactive: false } });

describe('KUBERNETES_EXEC_INFO', () => {
  test.each([
    [undefined, V1],
    ['', V1],
    [infoOf(V1), V1],
    [infoOf(BETA), BETA],
  ])('%s is answered with %s', (text, version) => {
    expect(readExecInfo(text)).toBe(version);
  });

  test.each([
    [infoOf('client.authentication.k8s.io/v1alpha1'), 'v1alpha1'],
    ['{', '{'],
    ['[]', '[]'],
    ['{"apiVersion":1}', 'apiVersion'],
  ])('%s is refused by name', (text, found) => {
    try {
      readExecInfo(text);
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      expect(error.problem).toMatchObject({ kind: 'usage', code: 'exec-info' });
      expect(error.problem.params['found']).toContain(found);
      expect(error.problem.params['wanted']).toBe(`${V1}, ${BETA}`);
    }
  });
});

describe('tokentray token --exec-credential', () => {
  let home: EmptyHome;
  let owner: FakeOwner;
  beforeAll(async () => {
    home = makeEmptyHome();
    owner = await ownHome(home.places);
  });
  afterAll(() => owner.close());

  const run = (info: string | undefined, ...args: string[]): Promise<Ended> =>
    new Tokentray({ ...home.env, KUBERNETES_EXEC_INFO: info }).run('token', '--exec-credential', ...args);

  test('prints what kubectl reads, in the version that it asks for', async () => {
    const row = decisions.find(({ gets }) => gets === 'new token')!;
    const now = Math.floor(Date.now() / 1000) * 1000;
    owner.agent.answer = answerOf(row, now);
    const expirationTimestamp = new Date(now + LIFE_MS).toISOString().replace('.000', '');
    for (const apiVersion of [V1, BETA]) {
      const { code, out, err } = await run(infoOf(apiVersion));
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(JSON.parse(out)).toEqual({
        apiVersion,
        kind: 'ExecCredential',
        status: { token: 'new-token', expirationTimestamp },
      });
    }
  });

  test('refuses with the exit code of the table, without JSON', async () => {
    const row = decisions.find(({ left, refresh }) => left === 'none' && refresh === 'signed out')!;
    owner.agent.answer = answerOf(row, Date.now());
    const { code, out, err } = await run(infoOf(V1));
    expect({ code, out }).toEqual({ code: 10, out: '' });
    expect(err.split('\n')).toHaveLength(3);
  });

  test('refuses another version, and another output option', async () => {
    owner.agent.requests.length = 0;
    const old = await run(infoOf('client.authentication.k8s.io/v1alpha1'));
    expect(old).toMatchObject({ code: 2, out: '' });
    expect(old.err).toContain('v1alpha1');
    expect((await run(undefined, '--header')).code).toBe(2);
    expect(owner.agent.requests).toEqual([]);
  });
});

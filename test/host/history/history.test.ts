import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { problem, type Problem } from '../../../src/words/problem.ts';
import type { LastRefresh } from '../../../src/agent/refresh/renewals.ts';
import { initialStatus, type RefreshCause, type Status } from '../../../src/agent/status/status.ts';
import type { HistoryEntry } from '../../../src/outlets/answer/history-body.ts';
import { HISTORY_MS, MOST_ENTRIES } from '../../../src/host/history/entries.ts';
import { History, SAVE_AFTER_MS } from '../../../src/host/history/history.ts';
import { serverError } from '../../agent/fixtures/fake-authority.ts';
import { makeAgent, memoryLog, offline, signIn as signInHarness } from '../../agent/fixtures/fixture.ts';
import {
  ada,
  fakeAgent,
  fakeProfiles,
  NOON,
  type FakeAgent,
  type FakeProfiles,
} from '../../outlets/fixtures/fake-agent.ts';
import { until } from '../../house/fixtures/until.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let stateDirectory: string;
let agent: FakeAgent;
let profiles: FakeProfiles;
let logged: unknown[];
const running: History[] = [];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: NOON });
  stateDirectory = path.join(mkdtempSync(path.join(tmpdir(), 'tt-history-')), 'state');
  agent = fakeAgent();
  agent.status = initialStatus;
  profiles = fakeProfiles(agent);
  logged = [];
});
afterEach(async () => {
  for (const history of running.splice(0)) await history.close();
  vi.useRealTimers();
  rmSync(path.dirname(stateDirectory), { recursive: true, force: true });
});

async function start(): Promise<History> {
  const history = new History({
    profiles,
    places: { stateDirectory },
    now: () => Date.now(),
    log: memoryLog(logged),
  });
  running.push(history);
  await history.start();
  return history;
}

/** The process ends and another one begins, on the session as it is stored. */
async function restart(): Promise<History> {
  await running.pop()!.close();
  const successor = fakeAgent(agent.profile);
  successor.status = { ...initialStatus, session: agent.status.session };
  agent = successor;
  profiles.agents = [agent];
  return start();
}

const at = (time: number): void => void vi.setSystemTime(time);
const fileOf = (id = 'default'): string => path.join(stateDirectory, 'history', `profile-${id}.jsonl`);
const fill = (lines: readonly unknown[]): void => {
  mkdirSync(path.dirname(fileOf()), { recursive: true });
  writeFileSync(
    fileOf(),
    [{ schemaVersion: 1 }, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
};
const kinds = (history: History): string[] => history.view('default').entries.map(({ kind }) => kind);

function become(change: Partial<Status>, lastRefresh: LastRefresh | undefined = agent.lastRefresh): void {
  agent.status = { ...agent.status, ...change };
  agent.lastRefresh = lastRefresh;
  profiles.announce(agent);
}
function signIn(lifetimeMs = HOUR): void {
  become({ activity: { kind: 'signing-in' } });
  const expiresOn = Date.now() + lifetimeMs;
  const session = { kind: 'signed-in' as const, account: ada, expiresOn };
  become({ session, activity: { kind: 'idle' }, health: { kind: 'ok' } });
}
function refresh(cause: RefreshCause = 'expiry', lifetimeMs = HOUR): void {
  become({ activity: { kind: 'refreshing', cause } });
  const now = Date.now();
  const session = { kind: 'signed-in' as const, account: ada, expiresOn: now + lifetimeMs };
  become(
    { session, activity: { kind: 'idle' }, health: { kind: 'ok' } },
    { kind: 'refreshed', at: now, cause },
  );
}
function fail(reason: Problem, cause: RefreshCause = 'retry'): void {
  const now = Date.now();
  const failed: LastRefresh = { kind: 'failed', at: now, cause, reason };
  const activity = { kind: 'waiting' as const, nextTryAt: now + MINUTE };
  if (reason.kind !== 'interaction') {
    become({ activity, health: { kind: 'offline', since: now, reason } }, failed);
    return;
  }
  const expiresOn = now + MINUTE;
  const session = { kind: 'sign-in-needed' as const, reason, account: ada, expiresOn };
  become({ session, activity: { kind: 'idle' } }, failed);
}
const unreachable = problem('transient', 'throttled');
const starting = problem('transient', 'starting');
const revoked = problem('interaction', 'revoked', { detail: 'AADSTS50173' });
const signOut = (): void => become({ session: { kind: 'signed-out' } });

describe('the history of a profile', () => {
  test('records its events, and ticks add nothing', async () => {
    const history = await start();
    signIn();
    const times = [NOON];
    for (const cause of ['expiry', 'schedule', 'user'] as const) {
      at(Date.now() + 50 * MINUTE);
      times.push(Date.now());
      refresh(cause);
      for (let tick = 0; tick < 20; tick += 1) profiles.announce(agent);
    }
    fail(revoked, 'expiry');
    for (let tick = 0; tick < 20; tick += 1) profiles.announce(agent);
    signIn();
    signOut();
    for (let tick = 0; tick < 20; tick += 1) profiles.announce(agent);
    expect(history.view('default').entries).toEqual([
      { at: NOON, kind: 'signed-in', expiresOn: NOON + HOUR },
      { at: times[1], kind: 'refreshed', cause: 'expiry', expiresOn: times[1]! + HOUR },
      { at: times[2], kind: 'refreshed', cause: 'schedule', expiresOn: times[2]! + HOUR },
      { at: times[3], kind: 'refreshed', cause: 'user', expiresOn: times[3]! + HOUR },
      { at: times[3], kind: 'sign-in-needed', problem: 'revoked' },
      { at: times[3], kind: 'signed-in', expiresOn: times[3]! + HOUR },
      { at: times[3], kind: 'signed-out' },
    ]);
    expect(history.view('default').gaps).toEqual([]);
    expect(history.view('nobody')).toEqual({
      from: Date.now() - HISTORY_MS,
      to: Date.now(),
      entries: [],
      gaps: [],
    });
  });

  test('a refresh that began before the sign-in window was opened is not a sign-in, and closing it adds nothing', async () => {
    const history = await start();
    signIn();
    become({ activity: { kind: 'signing-in' } });
    const expiresOn = NOON + 2 * HOUR;
    become(
      { session: { kind: 'signed-in', account: ada, expiresOn } },
      { kind: 'refreshed', at: NOON, cause: 'asked' },
    );
    become({ activity: { kind: 'idle' } });
    expect(history.view('default').entries).toEqual([
      { at: NOON, kind: 'signed-in', expiresOn: NOON + HOUR },
      { at: NOON, kind: 'refreshed', cause: 'asked', expiresOn },
    ]);
  });

  test('a sign-in that fails because of a setting is a failure; a storage problem is not', async () => {
    const history = await start();
    become({ activity: { kind: 'signing-in' } });
    const reason = problem('admin', 'no-secret', { clientId: 'c', authority: 'a' });
    become({ activity: { kind: 'idle' }, health: { kind: 'configuration', reason } });
    become({ storage: { kind: 'trouble', reason: problem('storage', 'storage.write', { detail: 'x' }) } });
    expect(history.view('default').entries).toEqual([
      { at: NOON, kind: 'failed', cause: 'user', problem: 'no-secret' },
    ]);
  });

  test('an outage of four hours is an entry for each kind of failure, and a gap', async () => {
    const history = await start();
    signIn();
    for (let retry = 0; retry < 240; retry += 1) {
      at(NOON + 50 * MINUTE + retry * MINUTE);
      fail(retry % 3 === 0 ? unreachable : starting, retry === 0 ? 'expiry' : 'retry');
    }
    at(NOON + 5 * HOUR);
    refresh('retry');
    fail(unreachable);
    expect(history.view('default')).toMatchObject({
      entries: [
        { kind: 'signed-in' },
        { at: NOON + 50 * MINUTE, kind: 'failed', cause: 'expiry', problem: 'throttled' },
        { at: NOON + 51 * MINUTE, kind: 'failed', cause: 'retry', problem: 'starting' },
        { kind: 'refreshed' },
        { at: NOON + 5 * HOUR, kind: 'failed', problem: 'throttled' },
      ],
      gaps: [{ from: NOON + HOUR, to: NOON + 5 * HOUR }],
    });
  });

  test('of a real agent: sign-in, refreshes, an outage, a revocation, the next sign-in, sign-out', async () => {
    const harness = makeAgent();
    const { agent: real, authority } = harness;
    const history = new History({
      profiles: {
        list: [real],
        get: () => real,
        watch: (watcher) => real.onStatus((status) => watcher(real, status)),
      },
      places: { stateDirectory },
      now: () => Date.now(),
      log: memoryLog(),
    });
    running.push(history);
    await real.start();
    await history.start();
    await signInHarness(harness);
    at(NOON + 10 * MINUTE);
    await real.getToken({ fresh: 'always' });
    authority.onRenew = (_request, network) => offline(network);
    for (let minutes = 60; minutes < 90; minutes += 1) {
      at(NOON + minutes * MINUTE);
      await real.due();
    }
    authority.onRenew = ({ account, scopes }) => Promise.resolve(authority.grant(account, scopes));
    at(NOON + 100 * MINUTE);
    await real.due();
    authority.onRenew = () => Promise.reject(serverError(50173));
    at(NOON + 155 * MINUTE);
    await real.due();
    await signInHarness(harness);
    await real.signOut();
    real.stop();
    const { entries, gaps } = history.view('default');
    expect(
      entries.map((entry) => [
        (entry.at - NOON) / MINUTE,
        entry.kind,
        'cause' in entry ? entry.cause : 'problem' in entry ? entry.problem : '',
      ]),
    ).toEqual([
      [0, 'signed-in', ''],
      [10, 'refreshed', 'user'],
      [60, 'failed', 'expiry'],
      [100, 'refreshed', 'retry'],
      [155, 'sign-in-needed', 'revoked'],
      [155, 'signed-in', ''],
      [155, 'signed-out', ''],
    ]);
    expect(gaps).toEqual([{ from: NOON + 70 * MINUTE, to: NOON + 100 * MINUTE }]);
  });
});

describe('gaps', () => {
  test('go on until now, begin in the window, and end with the sign-out', async () => {
    const history = await start();
    signIn();
    expect(history.view('default').gaps).toEqual([]);
    at(NOON + 2 * HOUR);
    expect(history.view('default').gaps).toEqual([{ from: NOON + HOUR, to: NOON + 2 * HOUR }]);
    // Nothing has happened for longer than the history goes back: the gap fills it.
    at(NOON + 9 * DAY);
    await restart();
    const { from, to, entries, gaps } = running.at(-1)!.view('default');
    expect(entries).toEqual([]);
    expect(gaps).toEqual([{ from, to }]);
    signOut();
    at(NOON + 9 * DAY + HOUR);
    expect(running.at(-1)!.view('default').gaps).toEqual([
      { from: NOON + 9 * DAY - 7 * DAY + HOUR, to: NOON + 9 * DAY },
    ]);
  });

  test('sleep counts from the end of the token that was there', async () => {
    const history = await start();
    signIn();
    at(NOON + 30 * MINUTE);
    refresh();
    at(NOON + 8 * HOUR);
    refresh();
    expect(history.view('default').gaps).toEqual([{ from: NOON + 90 * MINUTE, to: NOON + 8 * HOUR }]);
  });
});

describe('restarts', () => {
  test('keep the history, and a restored session is not a sign-in', async () => {
    await start();
    signIn();
    fail(unreachable);
    const history = await restart();
    fail(unreachable);
    at(NOON + 30 * MINUTE);
    refresh('retry');
    expect(kinds(history)).toEqual(['signed-in', 'failed', 'refreshed']);
  });

  test('a session that went with a killed process is signed out, once it is sure', async () => {
    await start();
    signIn();
    agent.status = initialStatus;
    const history = await restart();
    become({ storage: { kind: 'trouble', reason: problem('storage', 'storage.write', { detail: 'x' }) } });
    profiles.announce(agent);
    become({ storage: { kind: 'ok' } });
    expect(kinds(history)).toEqual(['signed-in']);
    profiles.announce(agent);
    profiles.announce(agent);
    expect(kinds(history)).toEqual(['signed-in', 'signed-out']);
  });

  test('a keyring that is unlocked late restores the session, and no sign-out is recorded', async () => {
    await start();
    signIn();
    const { session } = agent.status;
    agent.status = {
      ...initialStatus,
      storage: { kind: 'trouble', reason: problem('storage', 'storage.write', { detail: 'x' }) },
    };
    const history = await restart();
    become({ storage: { kind: 'ok' } });
    become({ session });
    profiles.announce(agent);
    expect(kinds(history)).toEqual(['signed-in']);
  });
});

describe('the file', () => {
  test('is saved after a while, readable by its user only, and names no user', async () => {
    await start();
    signIn();
    fail(unreachable);
    // Both wait for the same write.
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS - 1);
    expect(existsSync(fileOf())).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await until(() => expect(existsSync(fileOf())).toBe(true));
    const text = readFileSync(fileOf(), 'utf8');
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { schemaVersion: 1 },
      { at: NOON, kind: 'signed-in', expiresOn: NOON + HOUR },
      { at: NOON, kind: 'failed', cause: 'retry', problem: 'throttled' },
    ]);
    expect(text).not.toContain(ada.username);
    if (process.platform !== 'win32') {
      expect(statSync(fileOf()).mode & 0o777).toBe(0o600);
      expect(statSync(path.dirname(fileOf())).mode & 0o777).toBe(0o700);
    }
    expect(readdirSync(path.dirname(fileOf()))).toEqual(['profile-default.jsonl']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('of a history that never ends stays small, the newest stay', async () => {
    const history = await start();
    signIn();
    for (let count = 0; count < 3 * MOST_ENTRIES; count += 1) {
      at(Date.now() + MINUTE);
      refresh('schedule');
    }
    await running.pop()!.close();
    expect(statSync(fileOf()).size).toBeLessThan(100_000);
    const { entries } = history.view('default');
    expect(entries.length).toBeLessThanOrEqual(MOST_ENTRIES + 1);
    expect(entries.at(-1)!.at).toBe(Date.now());
  });

  test('holds seven days', async () => {
    await start();
    signIn();
    at(NOON + 3 * DAY);
    refresh();
    at(NOON + 8 * DAY);
    refresh();
    const history = await restart();
    expect(history.view('default').entries.map((entry) => entry.at)).toEqual([
      NOON + 3 * DAY,
      NOON + 8 * DAY,
    ]);
  });

  test('survives a clock that is set back, and what lies in the future waits', async () => {
    await start();
    signIn();
    fail(unreachable);
    at(0);
    const early = await restart();
    refresh();
    expect(early.view('default').entries).toMatchObject([{ at: 0, kind: 'refreshed' }]);
    at(NOON + HOUR);
    const history = await restart();
    refresh();
    expect(history.view('default').entries.map((entry) => entry.at)).toEqual([NOON, NOON, NOON + HOUR]);
  });

  test.each([
    ['is not a text of ours', 'hello'],
    ['is empty', ''],
    ['is of a version that never was', '{"schemaVersion":0}\n'],
    ['has half a line', `{"schemaVersion":1}\n{"at":${NOON},"kind":"signed-out"}\n{"at":12`],
    ['has an unknown kind', `{"schemaVersion":1}\n{"at":${NOON},"kind":"hacked"}\n`],
    ['has an invalid code', `{"schemaVersion":1}\n{"at":${NOON},"kind":"sign-in-needed","problem":"<b>"}\n`],
    ['has an invalid time', '{"schemaVersion":1}\n{"at":1e300,"kind":"signed-out"}\n'],
    ['is binary', '\0\u0001\uFFFD'.repeat(1000)],
  ])('that %s is set aside, reported, and started again', async (_, text) => {
    fill([]);
    writeFileSync(fileOf(), text);
    const history = await start();
    signIn();
    await running.pop()!.close();
    expect(kinds(history)).toEqual(['signed-in']);
    expect(readFileSync(`${fileOf()}.corrupt`, 'utf8')).toBe(text);
    expect(readFileSync(fileOf(), 'utf8')).toContain('signed-in');
    expect(logged).toEqual([
      ['warn', 'a history was set aside', { file: `${fileOf()}.corrupt`, detail: 'it is damaged' }],
    ]);
  });

  test('that is not a file is set aside too', async () => {
    mkdirSync(fileOf(), { recursive: true });
    await start();
    signIn();
    await running.pop()!.close();
    expect(statSync(fileOf()).isFile()).toBe(true);
    expect(logged).toHaveLength(1);
  });

  test('of a newer version is left alone', async () => {
    fill([]);
    writeFileSync(fileOf(), '{"schemaVersion":2}\n{"what":"ever"}\n');
    const history = await start();
    signIn();
    await running.pop()!.close();
    expect(kinds(history)).toEqual(['signed-in']);
    expect(readFileSync(fileOf(), 'utf8')).toBe('{"schemaVersion":2}\n{"what":"ever"}\n');
    expect(logged).toHaveLength(1);
  });

  test('that cannot be written is reported once, and the history continues', async () => {
    const history = await start();
    mkdirSync(stateDirectory, { recursive: true });
    writeFileSync(path.join(stateDirectory, 'history'), 'in the way');
    signIn();
    await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
    await until(() => expect(logged).toHaveLength(1));
    refresh();
    await history.close();
    expect(logged).toHaveLength(1);
    expect(kinds(history)).toEqual(['signed-in', 'refreshed']);
    rmSync(path.join(stateDirectory, 'history'));
    await history.close();
    expect(readFileSync(fileOf(), 'utf8')).toContain('refreshed');
  });

  test('of 100,000 entries is cut, the newest stay', async () => {
    fill(
      Array.from({ length: 100_000 }, (_, index): HistoryEntry => {
        const time = NOON - (100_000 - index) * 1000;
        return { at: time, kind: 'refreshed', cause: 'schedule', expiresOn: time + HOUR };
      }),
    );
    const history = await start();
    const { entries } = history.view('default');
    expect(entries.length).toBeLessThanOrEqual(MOST_ENTRIES + 1);
    expect(entries.at(-1)!.at).toBe(NOON - 1000);
    refresh();
    await running.pop()!.close();
    expect(statSync(fileOf()).size).toBeLessThan(100_000);
  });
});

describe('a profile that leaves', () => {
  test('deletes its history, and one with the same name starts empty', async () => {
    const other = fakeAgent({ id: 'other' });
    profiles.agents = [agent, other];
    const history = await start();
    signIn();
    await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
    await until(() => expect(existsSync(fileOf())).toBe(true));
    signOut();
    profiles.agents = [other];
    profiles.announce(other);
    expect(kinds(history)).toEqual([]);
    await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
    await until(() => expect(existsSync(fileOf())).toBe(false));
    agent = fakeAgent();
    profiles.agents = [agent, other];
    profiles.announce(agent);
    refresh();
    expect(kinds(history)).toEqual(['refreshed']);
  });

  test('while its history is still being read is forgotten all the same', async () => {
    fill([{ at: NOON, kind: 'signed-out' }]);
    const reading = start();
    const history = running.at(-1)!;
    profiles.agents = [];
    expect(kinds(history)).toEqual([]);
    await reading;
    expect(kinds(history)).toEqual([]);
    await history.close();
    expect(existsSync(fileOf())).toBe(false);
  });

  test('but settings that cannot be read remove nothing; files that are too old are removed', async () => {
    await start();
    signIn();
    await running.pop()!.close();
    const gone = fileOf('gone');
    writeFileSync(gone, '{"schemaVersion":1}\n');
    utimesSync(gone, NOON / 1000 - 8 * 24 * 3600, NOON / 1000 - 8 * 24 * 3600);
    utimesSync(fileOf(), NOON / 1000, NOON / 1000);
    profiles.agents = [];
    await start();
    await running.pop()!.close();
    expect(existsSync(gone)).toBe(false);
    expect(existsSync(fileOf())).toBe(true);
  });
});

import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, createReadStream, mkdtempSync, openSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { problem } from '../../../src/words/problem.ts';
import { initialStatus, type Status } from '../../../src/agent/status/status.ts';
import { NO_HOOKS, type HookCommand } from '../../../src/config/profile/profile.ts';
import { happenings, hookEnvironment } from '../../../src/outlets/hooks/events.ts';
import { HOOK_LIMIT_MS, runHook, type HookEnd } from '../../../src/outlets/hooks/process.ts';
import { HookRunner } from '../../../src/outlets/hooks/hooks.ts';
import { createLog, type Log } from '../../../src/system/log/log.ts';
import {
  ada,
  fakeAgent,
  fakeProfiles,
  NOON,
  profile,
  signedIn,
  TOKEN,
  token,
} from '../fixtures/fake-agent.ts';

// Real, but for the test that has no file descriptor left.
vi.mock('node:child_process', async (original) => {
  const real = await original<Readonly<Record<'spawn', typeof spawn>>>();
  return { ...real, spawn: vi.fn(real.spawn) };
});

const revoked = problem('interaction', 'signed-out', {});
const needed: Status = {
  ...signedIn,
  session: { kind: 'sign-in-needed', reason: revoked, account: ada, expiresOn: token.expiresOn },
};
const renewed: Status = {
  ...signedIn,
  session: { kind: 'signed-in', account: ada, expiresOn: token.expiresOn + 3_600_000 },
};
const expired = problem('admin', 'no-secret', { clientId: 'c', authority: 'a' });
const refused: Status = { ...signedIn, health: { kind: 'configuration', reason: expired } };
const full: Status = {
  ...signedIn,
  storage: { kind: 'trouble', reason: problem('storage', 'storage.unusable', { detail: 'x' }) },
};
const offline: Status = {
  ...signedIn,
  health: { kind: 'offline', since: NOON, reason: problem('transient', 'starting') },
};

describe('the events of a status change', () => {
  test.each<[string, Status, Status, string[]]>([
    ['a new token', signedIn, renewed, ['refreshed']],
    ['a sign-in', initialStatus, signedIn, ['refreshed']],
    ['a sign-in after one was needed', needed, renewed, ['refreshed']],
    ['a sign-in that is needed', signedIn, needed, ['sign-in-needed']],
    ['the same again', needed, { ...needed }, []],
    ['a sign-out', signedIn, initialStatus, ['signed-out']],
    ['still no user signed in', initialStatus, { ...initialStatus }, []],
    ['a secret that expired', signedIn, refused, ['failed']],
    ['the same secret, still', refused, { ...refused, activity: { kind: 'waiting', nextTryAt: 1 } }, []],
    ['a store that is damaged', signedIn, full, ['failed']],
    ['an outage', signedIn, offline, []],
    ['a retry that begins', signedIn, { ...signedIn, activity: { kind: 'signing-in' } }, []],
  ])('%s', (_, before, after, events) => {
    expect(happenings(before, after).map(({ event }) => event)).toEqual(events);
  });

  test('the variables hold who, when and why, and no token', () => {
    const facts = hookEnvironment({ event: 'sign-in-needed', reason: revoked }, profile, needed);
    expect(facts).toMatchObject({
      TOKENTRAY_EVENT: 'sign-in-needed',
      TOKENTRAY_PROFILE: 'default',
      TOKENTRAY_ACCOUNT: 'ada@example.org',
      TOKENTRAY_EXPIRES_ON: '2026-11-22T13:00:00Z',
      TOKENTRAY_REASON_CODE: 'signed-out',
    });
    expect(JSON.stringify(facts)).not.toContain(TOKEN.slice(0, 20));
  });
});

test('no fact holds what no environment can: a name of the account comes from outside', () => {
  const odd: Status = {
    ...signedIn,
    session: { kind: 'signed-in', account: { ...ada, username: 'ada\0@example.org' }, expiresOn: undefined },
  };
  const facts = hookEnvironment(
    { event: 'refreshed', reason: undefined },
    { ...profile, name: 'w\0ork' },
    odd,
  );
  expect(facts).toMatchObject({ TOKENTRAY_ACCOUNT: 'ada@example.org', TOKENTRAY_PROFILE_NAME: 'work' });
});

describe('hooks', () => {
  let lines: string[];
  let log: Log;
  beforeEach(() => {
    lines = [];
    log = createLog({ now: () => NOON, level: 'debug', write: (line) => void lines.push(line) });
  });

  /** Hooks that end when a test says so; `ran` has those started. */
  function slowHooks(): {
    ran: string[];
    end: (how?: HookEnd) => Promise<void>;
    run: (command: HookCommand, facts: Readonly<Record<string, string>>) => Promise<HookEnd>;
  } {
    const ends: ((how: HookEnd) => void)[] = [];
    const ran: string[] = [];
    return {
      ran,
      end: async (how = { kind: 'ended', code: 0, output: '' }) => {
        ends.shift()?.(how);
        await sleep(0);
      },
      run: ([program = ''], facts) => {
        ran.push(`${program} ${facts.TOKENTRAY_PROFILE ?? ''} ${facts.TOKENTRAY_EXPIRES_ON ?? ''}`);
        return new Promise((resolve) => ends.push(resolve));
      },
    };
  }

  test('run one at a time, and of what waits only the newest of its kind', async () => {
    const agent = fakeAgent();
    const profiles = fakeProfiles(agent);
    const { ran, end, run } = slowHooks();
    const hooks = new HookRunner({ profiles, log, run });
    hooks.apply({ ...NO_HOOKS, refreshed: ['/r'], 'signed-out': ['/o'] });
    for (const hours of [1, 2, 3]) {
      agent.status = {
        ...signedIn,
        session: { kind: 'signed-in', account: ada, expiresOn: token.expiresOn + hours * 3_600_000 },
      };
      profiles.announce(agent);
    }
    agent.status = initialStatus;
    profiles.announce(agent);
    expect(ran).toEqual(['/r default 2026-11-22T14:00:00Z']);
    await end();
    await end();
    await end();
    expect(ran).toEqual([
      '/r default 2026-11-22T14:00:00Z',
      '/r default 2026-11-22T16:00:00Z',
      '/o default ',
    ]);
    await hooks.close();
    expect(profiles.watching).toBe(0);
  });

  test('nothing runs where no command is set, and a later one does', async () => {
    const agent = fakeAgent();
    const profiles = fakeProfiles(agent);
    const { ran, end, run } = slowHooks();
    const hooks = new HookRunner({ profiles, log, run });
    agent.status = renewed;
    profiles.announce(agent);
    hooks.apply({ ...NO_HOOKS, 'signed-out': ['/o'] });
    agent.status = initialStatus;
    profiles.announce(agent);
    expect(ran).toEqual(['/o default ']);
    await end();
    await hooks.close();
  });

  test('a new profile triggers nothing for its first status', async () => {
    const profiles = fakeProfiles();
    const { ran, run } = slowHooks();
    const hooks = new HookRunner({ profiles, log, run });
    hooks.apply({ ...NO_HOOKS, refreshed: ['/r'] });
    const agent = fakeAgent();
    profiles.agents = [agent];
    profiles.announce(agent);
    expect(ran).toEqual([]);
    await hooks.close();
  });

  test('a new agent for a known profile triggers nothing for its first status, and continues from there', async () => {
    const old = fakeAgent();
    const profiles = fakeProfiles(old);
    const { ran, end, run } = slowHooks();
    const hooks = new HookRunner({ profiles, log, run });
    hooks.apply({ ...NO_HOOKS, 'signed-out': ['/o'], failed: ['/f'] });
    // The settings changed while the keyring was locked: no user signed out.
    const next = fakeAgent();
    next.status = { ...initialStatus, storage: full.storage };
    profiles.agents = [next];
    profiles.announce(next);
    expect(ran).toEqual([]);
    next.status = signedIn;
    profiles.announce(next);
    next.status = initialStatus;
    profiles.announce(next);
    expect(ran).toEqual(['/o default ']);
    await end();
    await hooks.close();
  });

  test('one that throws does not end the host, nor keep the next from running', async () => {
    const agent = fakeAgent();
    const profiles = fakeProfiles(agent);
    let runs = 0;
    const hooks = new HookRunner({
      profiles,
      log,
      run: () => {
        runs += 1;
        return Promise.reject(Object.assign(new Error('no'), { code: 'E2BIG' }));
      },
    });
    hooks.apply({ ...NO_HOOKS, refreshed: ['/r'], 'signed-out': ['/o'] });
    for (const status of [renewed, initialStatus]) {
      agent.status = status;
      profiles.announce(agent);
      await sleep(0);
    }
    expect(runs).toBe(2);
    expect(lines.filter((line) => line.includes('could not be started'))).toHaveLength(2);
    expect(lines[0]).toContain('E2BIG');
    await hooks.close();
  });

  test.each<[HookEnd, string]>([
    [{ kind: 'ended', code: 0, output: 'fine\nforged 2026 line' }, 'hook event=refreshed'],
    [{ kind: 'ended', code: 3, output: 'no' }, 'hook failed'],
    [{ kind: 'killed', output: '' }, 'took too long'],
    [{ kind: 'left', output: '' }, 'may not be ended'],
    [{ kind: 'not-started', detail: 'ENOENT' }, 'could not be started'],
  ])('%j is in the log, in one line', async (how, words) => {
    const agent = fakeAgent();
    const profiles = fakeProfiles(agent);
    const { end, run } = slowHooks();
    const hooks = new HookRunner({ profiles, log, run });
    hooks.apply({ ...NO_HOOKS, refreshed: ['/r'] });
    agent.status = renewed;
    profiles.announce(agent);
    await end(how);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(words);
    await hooks.close();
  });

  test('a host that ends does not wait for ever', async () => {
    vi.useFakeTimers();
    try {
      const agent = fakeAgent();
      const profiles = fakeProfiles(agent);
      let aborted = false;
      const hooks = new HookRunner({
        profiles,
        log,
        run: (_command, _facts, signal) =>
          new Promise((resolve) =>
            signal.addEventListener('abort', () => {
              aborted = true;
              resolve({ kind: 'killed', output: '' });
            }),
          ),
      });
      hooks.apply({ ...NO_HOOKS, 'signed-out': ['/o'] });
      agent.status = initialStatus;
      profiles.announce(agent);
      const closing = hooks.close();
      await vi.advanceTimersByTimeAsync(1_000);
      await closing;
      expect(aborted).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe.skipIf(process.platform === 'win32')('a hook’s process', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), 'tt-hook-'));
  });
  afterEach(() => {
    vi.useRealTimers();
    rmSync(directory, { recursive: true, force: true });
  });

  const never = new AbortController().signal;
  const script = (text: string): HookCommand => ['/bin/sh', '-c', text];

  test('gets the facts, no passphrase, no input, and no shell of ours', async () => {
    process.env.TOKENTRAY_PASSPHRASE = 'open sesame';
    try {
      const told = await runHook(
        script('echo "$TOKENTRAY_EVENT/$TOKENTRAY_PASSPHRASE/$PWD"; cat; exit 3'),
        { TOKENTRAY_EVENT: 'refreshed' },
        never,
      );
      expect(told).toEqual({ kind: 'ended', code: 3, output: `refreshed//${os.homedir()}\n` });
      const literal = await runHook(['/bin/echo', '$HOME; id'], {}, never);
      expect(literal).toEqual({ kind: 'ended', code: 0, output: '$HOME; id\n' });
    } finally {
      delete process.env.TOKENTRAY_PASSPHRASE;
    }
  });

  test('that does not exist is reported, and long output is cut', async () => {
    expect(await runHook(['/nonexistent/hook'], {}, never)).toEqual({
      kind: 'not-started',
      detail: 'ENOENT',
    });
    const told = await runHook(script('yes | head -c 100000'), {}, never);
    expect(told).toMatchObject({ kind: 'ended', code: 0 });
    expect(told.kind === 'ended' && told.output.length).toBe(4_000);
  });

  // Node throws for these at once, and reports others by an event.
  test.each<[string, string, HookCommand, Readonly<Record<string, string>>]>([
    ['a path that goes through a file', 'ENOTDIR', ['/bin/sh/x'], {}],
    ['a fact that no environment can hold', 'ERR_INVALID_ARG_VALUE', ['/bin/true'], { FACT: 'a\0b' }],
    ['a fact that is too long', 'E2BIG', ['/bin/true'], { FACT: 'x'.repeat(200_000) }],
  ])('that cannot be started for %s is reported', async (_, detail, command, facts) => {
    expect(await runHook(command, facts, never)).toEqual({ kind: 'not-started', detail });
  });

  test('that cannot be started because of missing file descriptors is reported', async () => {
    // Node's result for EMFILE: no pid, no streams, and the error a moment later.
    const child = new ChildProcess();
    vi.mocked(spawn).mockImplementationOnce(() => {
      process.nextTick(() => child.emit('error', Object.assign(new Error('spawn'), { code: 'EMFILE' })));
      return child;
    });
    expect(await runHook(['/bin/true'], {}, never)).toEqual({ kind: 'not-started', detail: 'EMFILE' });
  });

  /** Reads a pipe until no process has it open for writing. */
  const makeFifo = (): string => {
    const fifo = path.join(directory, 'fifo');
    execFileSync('mkfifo', [fifo]);
    return fifo;
  };

  test('ends after ten seconds, with everything that it started', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const fifo = makeFifo();
    const running = runHook(script(`exec 9>${fifo}; sleep 300 & sleep 300`), {}, never);
    const watched = createReadStream(fifo).resume();
    const isFree = once(watched, 'end');
    await once(watched, 'open');
    await vi.advanceTimersByTimeAsync(HOOK_LIMIT_MS);
    expect(await running).toMatchObject({ kind: 'killed' });
    // Both would hold it open for five minutes.
    await isFree;
  });

  test('that left a process behind has ended all the same, and the process continues', async () => {
    const fifo = makeFifo();
    const ending = new AbortController();
    const told = await runHook(script(`exec 9<>${fifo}; sleep 300 & echo $!`), {}, ending.signal);
    ending.abort();
    expect(told).toMatchObject({
      kind: 'ended',
      code: 0,
      output: expect.stringMatching(/^\d+\n$/u) as string,
    });
    // Refused if no process has it open for reading.
    closeSync(openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK));
    process.kill(Number(told.kind === 'ended' && told.output), 'SIGKILL');
  });

  test('that became another user’s, as sudo does, is left alone and not waited for', async () => {
    const refuse = vi.spyOn(process, 'kill').mockImplementation(() => {
      throw Object.assign(new Error('kill'), { code: 'EPERM' });
    });
    try {
      const fifo = makeFifo();
      const ending = new AbortController();
      const running = runHook(script(`echo $$; exec 9>${fifo}; exec sleep 300`), {}, ending.signal);
      const watched = createReadStream(fifo).resume();
      const isFree = once(watched, 'end');
      await once(watched, 'open');
      ending.abort();
      const told = await running;
      expect(told).toMatchObject({ kind: 'left' });
      const [pid] = refuse.mock.calls[0] ?? [];
      refuse.mockRestore();
      process.kill(pid ?? 0, 'SIGKILL');
      await isFree;
    } finally {
      refuse.mockRestore();
    }
  });
});

import { expect, test } from 'vitest';
import { initialStatus, type Status } from '../../../src/agent/status/status.ts';
import { SystemdNotify } from '../../../src/terminal/serve/systemd-notify.ts';
import { createLog } from '../../../src/system/log/log.ts';
import { ada, fakeAgent, fakeProfiles, signedIn } from '../../outlets/fixtures/fake-agent.ts';

/** A notified systemd, with what it was sent and what was logged. */
function told(answer: (args: readonly string[]) => string | undefined = () => undefined): {
  readonly notify: SystemdNotify;
  readonly calls: string[];
  readonly lines: string[];
} {
  const calls: string[] = [];
  const lines: string[] = [];
  const log = createLog({ now: () => 0, write: (line) => lines.push(line), level: 'debug' });
  const notify = new SystemdNotify({
    socket: '@abstract',
    log,
    run: async (args, socket) => {
      expect(socket).toBe('@abstract');
      // The first takes longest, so that a wrong order is noticed.
      await new Promise((resolve) => setTimeout(resolve, calls.length === 0 ? 20 : 0));
      calls.push(args.join(' ').replace(/\d{4,}/u, 'N'));
      return answer(args);
    },
  });
  return { notify, calls, lines };
}

const named = (name: string): Status => ({
  ...signedIn,
  session: { kind: 'signed-in', account: { ...ada, name }, expiresOn: undefined },
});

test('systemd is notified of served tokens, the signed-in user, a reload and the end, in this order', async () => {
  const { notify, calls } = told();
  const agent = fakeAgent();
  const profiles = fakeProfiles(agent);
  const turn = (status: Status): void => {
    agent.status = status;
    profiles.announce(agent);
  };
  await notify.during(() => Promise.resolve());
  turn(initialStatus);
  notify.serving(profiles);
  turn(initialStatus);
  turn(named('Ada'));
  await expect(notify.during(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  await notify.stopping();
  turn(named('Bob'));
  await notify.stopping();
  expect(calls).toEqual([
    '--ready --status=Signed out. Sign in: tokentray sign-in',
    '--status=Signed in: Ada',
    'RELOADING=1 MONOTONIC_USEC=N',
    '--ready',
    'STOPPING=1',
    'STOPPING=1',
  ]);
});

test('a name cannot start another line of the protocol, and many profiles fit on one line', async () => {
  const { notify, calls } = told();
  const agents = ['Ada\nMAINPID=1', 'B', 'C', 'D'].map((name, index) => {
    const agent = fakeAgent({ id: `p${index}` });
    agent.status = named(name);
    return agent;
  });
  const out = fakeAgent({ id: 'out' });
  out.status = initialStatus;
  notify.serving(fakeProfiles(...agents, out));
  await notify.stopping();
  expect(calls[0]).toMatch(/^--ready --status=Signed in to 4 of 5 profiles: Ada.+MAINPID=1, B, C, …$/u);
  expect(calls.join('')).not.toContain('\n');
});

test('a failed message is logged, and the next ones are still sent', async () => {
  const { notify, calls, lines } = told(([first]) => (first === '--ready' ? 'ENOENT' : undefined));
  notify.serving(fakeProfiles(fakeAgent()));
  await notify.stopping();
  expect(calls).toHaveLength(2);
  expect(lines.join('')).toMatch(/systemd was not told .*ENOENT/u);
});

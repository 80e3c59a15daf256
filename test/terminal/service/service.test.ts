import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { until } from '../../house/fixtures/until.ts';
import { Tokentray, type Serving } from '../fixtures/command.ts';
import { makeEmptyHome } from '../fixtures/fake-owner.ts';
import { makeStoredHome, type StoredHome } from '../fixtures/stored-home.ts';

let serving: Serving | undefined;
let stored: StoredHome | undefined;

afterEach(async () => {
  await serving?.end('SIGKILL');
  await stored?.close();
  serving = stored = undefined;
});

/** Puts a small shell script first in the PATH. */
function onPath(directory: string, name: string, script: string): string {
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return `${directory}:${process.env.PATH ?? ''}`;
}

const linesOf = (file: string): readonly string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];

describe.skipIf(process.platform !== 'linux')('tokentray service', () => {
  test('one command installs and starts the unit, one removes it; an edited file stays', async () => {
    const home = makeEmptyHome();
    const calls = path.join(home.directory, 'calls');
    const failing = path.join(home.directory, 'failing');
    const PATH = onPath(
      path.join(home.directory, 'bin'),
      'systemctl',
      `echo "$*" >> '${calls}'; [ "$2" != "$(cat '${failing}' 2>/dev/null)" ] || { echo 'Job failed.' >&2; exit 1; }`,
    );
    const tokentray = new Tokentray({ ...home.env, XDG_CONFIG_HOME: path.join(home.directory, 'cfg'), PATH });
    const unit = path.join(home.directory, 'cfg/systemd/user/tokentray.service');

    const printed = await tokentray.run('service');
    expect(printed.code).toBe(0);
    expect(existsSync(unit)).toBe(false);
    const installed = await tokentray.run('service', 'install', '--json');
    expect(JSON.parse(installed.out)).toMatchObject({ file: unit, outcome: 'written', started: true });
    expect(readFileSync(unit, 'utf8')).toBe(printed.out);
    expect(statSync(unit).mode & 0o777).toBe(0o644);
    expect(linesOf(calls)).toEqual([
      '--user daemon-reload',
      '--user enable tokentray',
      '--user restart tokentray',
    ]);

    appendFileSync(unit, 'Nice=5\n');
    for (const action of ['install', 'uninstall']) {
      const { code, err } = await tokentray.run('service', action);
      expect(code).toBe(12);
      expect(err).toContain('was changed');
    }
    expect(linesOf(unit).at(-1)).toBe('Nice=5');
    writeFileSync(unit, printed.out);

    writeFileSync(failing, 'restart');
    const failed = await tokentray.run('service', 'install');
    expect(failed).toMatchObject({ code: 12, err: expect.stringContaining('Job failed.') as unknown });
    expect(failed.err).toContain('journalctl --user -u tokentray');
    writeFileSync(failing, 'daemon-reload');
    const unreached = await tokentray.run('service', 'install');
    expect(unreached).toMatchObject({ code: 0, err: expect.stringContaining('run: systemctl') as unknown });

    expect((await tokentray.run('service', 'uninstall')).code).toBe(0);
    expect(existsSync(unit)).toBe(false);
    expect(linesOf(calls)).toContain('--user disable --now tokentray');
    expect((await tokentray.run('service', 'uninstall')).err).toContain('nothing to uninstall');
    const { code, err } = await tokentray.run('service', 'install', '--credential', '/k');
    expect(code).toBe(2);
    expect(err).toContain('not a systemd credential');
  });
});

describe.skipIf(process.platform === 'win32')('serve under systemd', () => {
  test('notifies when it serves, reads an edited file on SIGHUP, refuses a bad one, and notifies its end', async () => {
    stored = await makeStoredHome('plain-file');
    const { home, places } = stored;
    const told = path.join(home.directory, 'told');
    const hooked = path.join(home.directory, 'hooked');
    // At READY everything answers: the outlets are opened last.
    const PATH = onPath(
      path.join(home.directory, 'bin'),
      'systemd-notify',
      `served=; [ "$1" != --ready ] || served=$(curl -s --unix-socket '${places.socketPath}' -o '${told}.answer' -w '%{http_code}' http://localhost/v1/outlets)
echo "$NOTIFY_SOCKET $served $*" >> '${told}'`,
    );
    const edit = (more: object): void => {
      const settings = JSON.parse(readFileSync(places.settingsFile, 'utf8')) as object;
      writeFileSync(places.settingsFile, JSON.stringify({ ...settings, ...more }));
    };
    const hup = (): void => void process.kill(serving?.pid ?? 0, 'SIGHUP');
    const last = (): string | undefined => linesOf(told).at(-1);

    serving = await stored.tokentray({ PATH, NOTIFY_SOCKET: '@tokentray-test' }).serve();
    await until(() => expect(linesOf(told)).toHaveLength(1));
    expect(last()).toMatch(/^@tokentray-test 200 --ready --status=Signed out/u);
    await stored.signIn(serving);
    await until(() => expect(last()).toMatch(/^@tokentray-test {2}--status=Signed in: \S+/u));

    edit({ loopback: true, hooks: { 'signed-out': ['/bin/sh', '-c', `env > ${hooked}`] } });
    hup();
    await until(() => expect(last()).toBe('@tokentray-test 200 --ready'));
    expect(linesOf(told).at(-2)).toMatch(/ RELOADING=1 MONOTONIC_USEC=\d+$/u);
    expect((await stored.ask('GET', '/v1/outlets'))?.body).toContain('"loopback":{"kind":"on"');

    const before = linesOf(told).length;
    edit({ clipboardClearSeconds: 'soon' });
    hup();
    await until(() => expect(linesOf(told)).toHaveLength(before + 2));
    expect(last()).toMatch(/--ready$/u);
    const refusals = serving.said().match(/^.*not read again.*$/gmu) ?? [];
    expect(refusals).toHaveLength(1);
    expect(refusals[0]).toContain('clipboardClearSeconds');
    expect((await stored.ask('GET', '/v1/token'))?.status).toBe(200);

    await stored.ask('POST', '/v1/sign-out');
    await until(() => expect(linesOf(hooked).join('\n')).toContain('TOKENTRAY_'));
    expect(linesOf(hooked).join('\n')).not.toContain('NOTIFY_SOCKET');

    const { code } = await serving.end();
    serving = undefined;
    expect(code).toBe(0);
    expect(last()).toMatch(/ STOPPING=1$/u);
  });
});

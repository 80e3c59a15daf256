import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ProblemError } from '../../../src/words/problem.ts';
import { planService, type RunningProgram, type ServicePlan } from '../../../src/terminal/service/plan.ts';
import { isSealed } from '../../../src/terminal/service/seal.ts';

const node: RunningProgram = {
  build: 'node',
  execPath: '/usr/bin/node',
  script: '/opt/tokentray/dist/terminal/tokentray.js',
};

function plan(
  platform: NodeJS.Platform,
  more: {
    readonly env?: Record<string, string>;
    readonly running?: RunningProgram;
    readonly credential?: { readonly name: string; readonly file: string | undefined };
  } = {},
): ServicePlan {
  const { env = {}, running = node, credential } = more;
  return planService({
    machine: { platform, env, homedir: '/home/ada', uid: 1000 },
    running,
    credential,
  });
}

/** The lines of a unit without comments and empty lines. */
function lines({ text }: ServicePlan): readonly string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

const refusal = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof ProblemError ? error.problem.code : String(error);
  }
};

test('the unit waits for tokens, reloads settings, and is not restarted if that cannot help', () => {
  const made = plan('linux');
  expect(made.file).toBe('/home/ada/.config/systemd/user/tokentray.service');
  expect(lines(made)).toEqual([
    '[Unit]',
    expect.stringMatching(/^Description=/u),
    '[Service]',
    'Type=notify',
    'NotifyAccess=all',
    'ExecStart=/usr/bin/node /opt/tokentray/dist/terminal/tokentray.js serve',
    'ExecReload=/bin/kill -HUP $MAINPID',
    'Restart=on-failure',
    'RestartSec=30',
    'RestartPreventExitStatus=2 12',
    'KillMode=mixed',
    'TimeoutStopSec=40',
    'LimitCORE=0',
    '[Install]',
    'WantedBy=default.target',
  ]);
});

test('paths are quoted by systemd’s rules: specifiers, variables, spaces, quotes, backslashes', () => {
  const running = { ...node, execPath: '/opt/100%/my $node', script: '/home/a "b"/100%h/$c\\d.js' };
  const made = lines(plan('linux', { running, env: { TOKENTRAY_HOME: '/mnt/50% $x "y"' } }));
  expect(made).toContain('ExecStart="/opt/100%%/my $node" "/home/a \\"b\\"/100%%h/$$c\\\\d.js" serve');
  expect(made).toContain('Environment="TOKENTRAY_HOME=/mnt/50%% $x \\"y\\""');
});

test('the unit keeps the variables that decide where settings are, and no others', () => {
  const env = {
    XDG_CONFIG_HOME: '/cfg',
    XDG_STATE_HOME: 'relative',
    HTTPS_PROXY: 'http://ada:secret@proxy',
    TOKENTRAY_PASSPHRASE: 'secret',
  };
  const made = plan('linux', { env });
  expect(made.file).toBe('/cfg/systemd/user/tokentray.service');
  expect(lines(made).filter((line) => line.startsWith('Environment'))).toEqual([
    'Environment=XDG_CONFIG_HOME=/cfg',
  ]);
  expect(made.text).not.toContain('secret');
});

test('the key of encrypted files is loaded as a credential, or shown as a placeholder', () => {
  const named = plan('linux', { credential: { name: 'vault', file: '/etc/100% key' } });
  expect(lines(named)).toContain('LoadCredential=vault:/etc/100%% key');
  const unnamed = plan('linux', { credential: { name: 'vault', file: undefined } });
  expect(unnamed.text).toMatch(/^#LoadCredential=vault:\/PATH/mu);
});

test('a package starts its own binary as the command; an AppImage its image, not the mount', () => {
  const running: RunningProgram = {
    build: 'packaged',
    execPath: '/tmp/.mount_x/tokentray-app',
    script: '/x',
  };
  const env = { APPIMAGE: '/home/ada/Tokentray.AppImage', APPDIR: '/tmp/.mount_x' };
  const start = 'serve';
  expect(lines(plan('linux', { running, env }))).toContain(
    `ExecStart=/home/ada/Tokentray.AppImage --ozone-platform=headless --tokentray-cli -- ${start}`,
  );
  expect(plan('darwin', { running }).text).not.toContain('ozone');
  const wrapper = readFileSync(new URL('../../../assets/bin/tokentray', import.meta.url), 'utf8');
  expect(wrapper).toContain(' --ozone-platform=headless --tokentray-cli -- ');
});

test('a sealed text shows whether it was changed', () => {
  for (const { text } of [plan('linux'), plan('darwin')]) {
    expect(isSealed(text)).toBe(true);
    expect(isSealed(`${text}\n`)).toBe(false);
    expect(isSealed(text.replace('serve', 'serve --verbose'))).toBe(false);
    expect(isSealed('')).toBe(false);
  }
});

test('paths that cannot be written or run are refused', () => {
  expect(refusal(() => plan('win32'))).toBe('service.windows');
  expect(refusal(() => plan('linux', { env: { TOKENTRAY_HOME: '/a\nExecStartPre=/bin/x' } }))).toBe(
    'service.path',
  );
  expect(refusal(() => plan('linux', { credential: { name: 'a', file: '/a\rb' } }))).toBe('service.path');
  // systemd-analyze verify: “Executable name contains special characters”.
  for (const execPath of ['/a"b/node', "/a'b/node", '/a\b/node'])
    expect(refusal(() => plan('linux', { running: { ...node, execPath } }))).toBe('service.path');
});

const hasPython = spawnSync('python3', ['-c', 'import plistlib']).status === 0;
if (!hasPython) process.stderr.write('python3 is not here: nothing else reads the property list\n');

test.skipIf(!hasPython)('plistlib can read the file for launchd, whatever the paths contain', () => {
  const running = { ...node, script: '/Users/a & b/<c>/"d"/tokentray.js' };
  const made = plan('darwin', { running, env: { TOKENTRAY_HOME: '/Users/é & f' } });
  const appId = /^appId: (.+)$/mu.exec(
    readFileSync(new URL('../../../electron-builder.yml', import.meta.url), 'utf8'),
  )?.[1];
  expect(made.file).toBe(`/home/ada/Library/LaunchAgents/${appId ?? ''}.plist`);
  const script = 'import plistlib, json, sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))';
  const read: unknown = JSON.parse(
    execFileSync('python3', ['-c', script], { input: made.text, encoding: 'utf8' }),
  );
  expect(read).toEqual({
    Label: appId,
    ProgramArguments: ['/usr/bin/node', running.script, 'serve'],
    EnvironmentVariables: { TOKENTRAY_HOME: '/Users/é & f' },
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: 60,
    ExitTimeOut: 40,
    ProcessType: 'Background',
    StandardOutPath: '/dev/null',
    StandardErrorPath: '/dev/null',
  });
});

import { describe, expect, test } from 'vitest';
import { autostartOf, isSwitchedOn, type AutostartFacts } from '../../../src/tray/lifecycle/autostart.ts';

const linux: AutostartFacts = {
  platform: 'linux',
  env: {},
  homedir: '/home/ada',
  execPath: '/opt/Tokentray/tokentray',
  build: 'packaged',
};

const desktopFile = (facts: Partial<AutostartFacts>): { file: string; text: string } => {
  const autostart = autostartOf({ ...linux, ...facts });
  if (autostart.kind !== 'desktop-file') throw new Error(autostart.kind);
  return autostart;
};
const key = (text: string, name: string): string | undefined =>
  text
    .split('\n')
    .find((line) => line.startsWith(`${name}=`))
    ?.slice(name.length + 1);
const execOf = (program: string): string | undefined => key(desktopFile({ execPath: program }).text, 'Exec');

describe('on Linux', () => {
  test('a desktop file in the autostart directory starts the program', () => {
    expect(desktopFile({})).toEqual({
      kind: 'desktop-file',
      file: '/home/ada/.config/autostart/tokentray.desktop',
      text: [
        '[Desktop Entry]',
        'Type=Application',
        'Name=Tokentray',
        'Icon=tokentray',
        'Terminal=false',
        'TryExec=/opt/Tokentray/tokentray',
        'Exec="/opt/Tokentray/tokentray" --at-login',
        'X-GNOME-Autostart-enabled=true',
        '',
      ].join('\n'),
    });
  });

  test('XDG_CONFIG_HOME is respected unless it is relative', () => {
    expect(desktopFile({ env: { XDG_CONFIG_HOME: '/etc/ada' } }).file).toBe(
      '/etc/ada/autostart/tokentray.desktop',
    );
    expect(desktopFile({ env: { XDG_CONFIG_HOME: 'conf' } }).file).toMatch(/^\/home\/ada\/\.config\//u);
  });

  test('an AppImage starts the image file, not its temporary mount', () => {
    const env = { APPIMAGE: '/home/ada/Tokentray.AppImage', APPDIR: '/tmp/.mount_Tok' };
    const { text } = desktopFile({ env, execPath: '/tmp/.mount_Tok/tokentray' });
    expect(key(text, 'Exec')).toBe('"/home/ada/Tokentray.AppImage" --at-login');
    expect(key(text, 'TryExec')).toBe('/home/ada/Tokentray.AppImage');
  });

  test('another AppImage’s variables, inherited from a terminal, are ignored', () => {
    const env = { APPIMAGE: '/home/ada/Editor.AppImage', APPDIR: '/tmp/.mount_Ed' };
    expect(key(desktopFile({ env }).text, 'Exec')).toBe('"/opt/Tokentray/tokentray" --at-login');
    const longer = desktopFile({ env, execPath: '/tmp/.mount_Editor/tokentray' });
    expect(key(longer.text, 'TryExec')).toBe('/tmp/.mount_Editor/tokentray');
  });

  test.each([
    ['/opt/My Apps/tokentray', '"/opt/My Apps/tokentray" --at-login'],
    ['/opt/100%/tokentray', '"/opt/100%%/tokentray" --at-login'],
    // The specification's own example: a dollar sign in a quoted string is written \\$.
    ['/opt/$(reboot)/tokentray', '"/opt/\\\\$(reboot)/tokentray" --at-login'],
    ['/opt/`a`"b/tokentray', '"/opt/\\\\`a\\\\`\\\\"b/tokentray" --at-login'],
    ['/opt/a\\b/tokentray', '"/opt/a\\\\\\\\b/tokentray" --at-login'],
    ['/opt/a\nExec=evil/x'.replace('=', ''), '"/opt/a\\nExecevil/x" --at-login'],
  ])('%j is quoted as the Desktop Entry specification requires', (program, exec) =>
    expect(execOf(program)).toBe(exec),
  );
});

test.each(['win32', 'darwin'] as const)('on %s it is Electron’s login item', (platform) => {
  expect(autostartOf({ ...linux, platform })).toEqual({ kind: 'login-item', args: ['--at-login'] });
});

test.each<[string, Partial<AutostartFacts>]>([
  ['in development, where Electron’s own binary runs', { build: 'development' }],
  ['in development on Windows', { build: 'development', platform: 'win32' }],
  ['in a Flatpak', { env: { FLATPAK_ID: 'io.github.tokentray' } }],
  ['in a Snap', { env: { SNAP: '/snap/tokentray/1' } }],
  ['with TOKENTRAY_HOME', { env: { TOKENTRAY_HOME: '/media/stick' } }],
  ['for a program that a desktop file cannot name', { execPath: '/opt/a=b/tokentray' }],
])('it is not offered %s', (_name, facts) => {
  expect(autostartOf({ ...linux, ...facts })).toEqual({ kind: 'not-offered' });
});

test('an entry switched off in the desktop’s settings is off', () => {
  const { text } = desktopFile({});
  expect(isSwitchedOn(text)).toBe(true);
  expect(isSwitchedOn(undefined)).toBe(false);
  expect(isSwitchedOn(`${text}Hidden=true\n`)).toBe(false);
  expect(isSwitchedOn(text.replace('enabled=true', 'enabled=false'))).toBe(false);
});

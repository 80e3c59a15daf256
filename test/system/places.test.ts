import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { places, PlacesError, thisMachine, type Machine } from '../../src/system/places.ts';

const linux: Machine = { platform: 'linux', env: {}, homedir: '/home/ann', uid: 1000 };
const mac: Machine = {
  platform: 'darwin',
  env: { TMPDIR: '/var/folders/ab/cdef/T/' },
  homedir: '/Users/ann',
  uid: 501,
};
const windows: Machine = {
  platform: 'win32',
  env: { APPDATA: 'C:\\Users\\ann\\AppData\\Roaming', LOCALAPPDATA: 'C:\\Users\\ann\\AppData\\Local' },
  homedir: 'C:\\Users\\ann',
  uid: undefined,
};

describe('on Linux', () => {
  it('the XDG directories are used', () => {
    const env = { XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: '/s', XDG_RUNTIME_DIR: '/run/user/1000' };
    expect(places({ ...linux, env })).toEqual({
      configDirectory: '/c/tokentray',
      settingsFile: '/c/tokentray/settings.json',
      stateDirectory: '/s/tokentray',
      vaultDirectory: '/s/tokentray/vault',
      logDirectory: '/s/tokentray/logs',
      runtimeDirectory: '/run/user/1000/tokentray',
      socketPath: '/run/user/1000/tokentray/agent.sock',
      accessKeyFile: '/run/user/1000/tokentray/access-key',
      vaultService: 'tokentray',
      policyFile: '/etc/tokentray/policy.json',
      policyWriter: 'root',
    });
  });

  it('without XDG_RUNTIME_DIR, as under cron or su, the user’s directory is found', () => {
    const machine: Machine = { ...linux, env: {}, userRuntimeDirectory: '/run/user/1000' };
    expect(places(machine).socketPath).toBe('/run/user/1000/tokentray/agent.sock');
  });

  it('a portable home shares its keyring items neither with the user’s session nor with another home', () => {
    const serviceOf = (home: string): string =>
      places({ ...linux, env: { TOKENTRAY_HOME: home } }).vaultService;
    expect(serviceOf('/a')).not.toBe(places({ ...linux, env: {} }).vaultService);
    expect(serviceOf('/a')).not.toBe(serviceOf('/b'));
    expect(serviceOf('/a')).toBe(serviceOf('/a'));
  });

  it.each<[string, Machine['env']]>([
    ['missing', {}],
    ['empty', { XDG_CONFIG_HOME: '', XDG_STATE_HOME: '', XDG_RUNTIME_DIR: '' }],
    ['relative', { XDG_CONFIG_HOME: 'c', XDG_STATE_HOME: './s', XDG_RUNTIME_DIR: '../run' }],
  ])('%s XDG values give way to the defaults', (_, env) => {
    expect(places({ ...linux, env })).toMatchObject({
      configDirectory: '/home/ann/.config/tokentray',
      stateDirectory: '/home/ann/.local/state/tokentray',
      runtimeDirectory: '/tmp/tokentray-1000',
      socketPath: '/tmp/tokentray-1000/agent.sock',
    });
  });

  it('TMPDIR does not move the socket, so that a desktop session and SSH find the same one', () => {
    expect(places({ ...linux, env: { TMPDIR: '/elsewhere' } }).socketPath).toBe(
      '/tmp/tokentray-1000/agent.sock',
    );
  });
});

it('on macOS, Application Support and the user’s temporary directory are used', () => {
  expect(places(mac)).toMatchObject({
    configDirectory: '/Users/ann/Library/Application Support/tokentray',
    runtimeDirectory: '/var/folders/ab/cdef/T/tokentray',
    socketPath: '/var/folders/ab/cdef/T/tokentray/agent.sock',
  });
  expect(places({ ...mac, env: {} }).runtimeDirectory).toBe('/tmp/tokentray-501');
});

describe('on Windows', () => {
  it('AppData and a named pipe are used', () => {
    const found = places(windows);
    expect(found).toMatchObject({
      settingsFile: 'C:\\Users\\ann\\AppData\\Roaming\\tokentray\\settings.json',
      stateDirectory: 'C:\\Users\\ann\\AppData\\Local\\tokentray',
    });
    expect(found.socketPath).toMatch(/^\\\\\.\\pipe\\tokentray-[0-9a-f]{16}$/u);
    expect(places({ ...windows, env: {} })).toEqual(found);
  });

  it('each user and each home has its own pipe, regardless of the path’s case', () => {
    const pipe = (change: Partial<Machine>): string => places({ ...windows, env: {}, ...change }).socketPath;
    const names = [
      pipe({}),
      pipe({ homedir: 'C:\\Users\\bob' }),
      pipe({ env: { TOKENTRAY_HOME: 'D:\\one' } }),
      pipe({ env: { TOKENTRAY_HOME: 'D:\\two' } }),
    ];
    expect(new Set(names).size).toBe(4);
    expect(pipe({ homedir: 'c:\\users\\ANN' })).toBe(names[0]);
  });
});

describe('TOKENTRAY_HOME', () => {
  it.each([linux, mac])('puts everything under one directory ($platform)', (machine) => {
    const { vaultService, policyWriter, ...found } = places({
      ...machine,
      env: { ...machine.env, XDG_CONFIG_HOME: '/c', TOKENTRAY_HOME: '/t' },
    });
    expect(vaultService).toMatch(/^tokentray-/u);
    expect(policyWriter).toBe('anyone');
    expect(Object.values(found).filter((place: string) => !place.startsWith('/t/'))).toEqual([]);
  });

  it('is refused rather than ignored if it is not a full path', () => {
    expect(() => places({ ...linux, env: { TOKENTRAY_HOME: 'here' } })).toThrow(PlacesError);
    expect(() => places({ ...linux, env: { TOKENTRAY_HOME: 'here' } })).toThrow(/full path; here/u);
  });

  it('counts as unset if empty', () => {
    expect(places({ ...linux, env: { TOKENTRAY_HOME: '' } })).toEqual(places(linux));
  });
});

describe('the policy of the machine', () => {
  it('is where administrators put files for every user', () => {
    expect(places(mac)).toMatchObject({
      policyFile: '/Library/Application Support/tokentray/policy.json',
      policyWriter: 'root',
    });
    expect(places({ ...windows, env: { ProgramData: 'D:\\Data' } }).policyFile).toBe(
      'D:\\Data\\tokentray\\policy.json',
    );
    expect(places(windows)).toMatchObject({
      policyFile: 'C:\\ProgramData\\tokentray\\policy.json',
      policyWriter: 'anyone',
    });
  });

  it('is in a portable home', () => {
    expect(places({ ...linux, env: { TOKENTRAY_HOME: '/t' } }).policyFile).toBe('/t/policy.json');
    expect(places({ ...windows, env: { TOKENTRAY_HOME: 'D:\\t' } }).policyFile).toBe('D:\\t\\policy.json');
  });
});

describe('a socket path', () => {
  /** A home that makes the socket path exactly this long. */
  const homeFor = (bytes: number): string => `/${'h'.repeat(bytes - '//run/agent.sock'.length)}`;
  const at = (home: string): ReturnType<typeof places> => places({ ...linux, env: { TOKENTRAY_HOME: home } });

  it('of 103 bytes is used as it is', () => {
    const found = at(homeFor(103));
    expect(Buffer.byteLength(found.socketPath)).toBe(103);
    expect(found.runtimeDirectory.startsWith('/hhh')).toBe(true);
  });

  it.each([homeFor(104), `/${'ü'.repeat(60)}`])(
    'that is longer moves to a short place of its own',
    (home) => {
      const found = at(home);
      expect(found.socketPath).toMatch(/^\/tmp\/tokentray-1000-[0-9a-f]{16}\/agent\.sock$/u);
      expect(path.posix.dirname(found.socketPath)).toBe(found.runtimeDirectory);
      expect(path.posix.dirname(found.accessKeyFile)).toBe(found.runtimeDirectory);
      expect(at(`${home}x`).socketPath).not.toBe(found.socketPath);
    },
  );
});

it('this machine has places', () => {
  expect(path.isAbsolute(places(thisMachine()).settingsFile)).toBe(true);
});

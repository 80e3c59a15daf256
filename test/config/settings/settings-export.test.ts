import { describe, expect, test } from 'vitest';
import {
  NO_HOOKS,
  type Profile,
  type Settings,
  type TokenFile,
} from '../../../src/config/profile/profile.ts';
import { firstSettings } from '../../../src/config/settings/registrations.ts';
import {
  exportSettings,
  readExported,
  type ExportedRead,
} from '../../../src/config/settings/settings-export.ts';
import { withinLimit } from '../../house/fixtures/within-limit.ts';

const work: Profile = {
  id: 'work',
  name: 'At work',
  protocol: 'entra',
  authority: 'https://login.microsoftonline.com/contoso.onmicrosoft.com',
  clientId: '11111111-2222-3333-4444-55555555abcd',
  redirectUri: 'http://localhost:5000/getAToken',
  scopes: ['User.Read'],
  extraScopes: [['https://vault.azure.net/.default']],
  schedule: { at: '07:00', timeZone: 'Asia/Seoul' },
  signIn: 'browser',
  continuousAccess: true,
};
const home: Profile = {
  ...work,
  id: 'home',
  name: 'home',
  clientId: '99999999-2222-3333-4444-55555555abcd',
  schedule: undefined,
};
const tokenFile: TokenFile = {
  path: '/run/user/1/token',
  profile: 'work',
  scopes: undefined,
  format: 'bare',
};
const whole: Settings = {
  ...firstSettings,
  profiles: [work, home],
  defaultProfile: 'home',
  storage: { kind: 'encrypted-file', key: { kind: 'key-file', path: '/etc/key' } },
  tokenFiles: [tokenFile],
  extraCaFile: '/etc/ca.pem',
  logLevel: 'debug',
  network: 'node',
  loopback: true,
  shellCache: false,
  hooks: { ...NO_HOOKS, failed: ['/usr/bin/notify-send', 'It failed'] },
  clipboardClearSeconds: 5,
};

type Taken = Extract<ExportedRead, { kind: 'ok' }>;

function taken(text: string, current: Settings): Taken & { readonly settings: Settings } {
  const read = readExported(text, current);
  if (read.kind === 'refused') throw new Error(read.sentences.join('\n'));
  expect(read.adoption.before).toBe(current);
  return { ...read, settings: read.adoption.settings };
}

function refusal(text: string, current: Settings = firstSettings): string {
  const read = readExported(text, current);
  if (read.kind === 'ok') throw new Error(`taken: ${read.changes.join(' ')}`);
  return read.sentences.join('\n');
}

/** The export with other content, as a user might write it by hand. */
const withChange = (change: object, settings: Settings = whole): string =>
  JSON.stringify({ ...(JSON.parse(exportSettings(settings)) as object), ...change });

describe('settings imported on a new machine', () => {
  test('are the same, except for the storage of secrets', () => {
    const { settings, said } = taken(exportSettings(whole), firstSettings);
    expect(settings).toEqual({ ...whole, storage: 'auto' });
    expect(said.join(' ')).toContain('tokentray storage');
    expect(said.join(' ')).toContain('The file contains no secrets');
  });

  test('list everything that runs a program, writes a file, trusts a certificate or gives access to tokens', () => {
    expect(taken(exportSettings(whole), firstSettings).toConfirm).toEqual([
      'After “failed”, this program runs: "/usr/bin/notify-send" "It failed"',
      'The file /run/user/1/token contains the token of profile work.',
      'The certificates in /etc/ca.pem are trusted.',
      'Programs on this machine can request tokens on 127.0.0.1 with the access key.',
    ]);
  });

  test('list the changes', () => {
    const { changes } = taken(exportSettings(whole), firstSettings);
    expect(changes.slice(0, 3)).toEqual([
      `New profile “At work” (work): client ${work.clientId} at ${work.authority}.`,
      `New profile “home” (home): client ${home.clientId} at ${home.authority}.`,
      'The default profile changes to home.',
    ]);
    expect(changes.join('\n')).toContain('“logLevel” changes from info to debug.');
    expect(changes.join('\n')).toContain('“loopback” changes from false to true.');
  });

  test.each<[string, Partial<Settings>, string]>([
    [
      'a hook',
      { hooks: { ...NO_HOOKS, failed: ['/bin/false', 'x'.repeat(200)] } },
      'After “failed”, this program runs: "/bin/false" "xxx',
    ],
    [
      'a token file',
      { tokenFiles: [{ ...tokenFile, format: 'json' }] },
      'The file /run/user/1/token contains the token of profile work.',
    ],
    [
      'trusted certificates',
      { extraCaFile: '/etc/other.pem' },
      'The certificates in /etc/other.pem are trusted.',
    ],
  ])('say so if only %s differs', (_, change, expected) => {
    const { changes, toConfirm, settings } = taken(exportSettings({ ...whole, ...change }), whole);
    expect(settings).toEqual({ ...whole, ...change });
    expect([changes.length, toConfirm.length]).toEqual([1, 1]);
    expect(changes[0]).toContain(expected);
    // What is confirmed is shown in full; a list of changes may be shortened.
    expect(changes[0]!.length).toBeLessThan(160);
  });

  test('may have a byte order mark and Windows line ends', () =>
    expect(
      taken(`\uFEFF${exportSettings(whole).replaceAll('\n', '\r\n')}`, firstSettings).settings.profiles,
    ).toEqual([work, home]));
});

describe('settings imported in addition to existing ones', () => {
  test('that are the same change nothing and need no confirmation', () => {
    const read = taken(exportSettings(whole), whole);
    expect([read.settings, read.changes, read.toConfirm, read.said]).toEqual([whole, [], [], []]);
  });

  test('keep the profiles, token files, hooks and values that the file does not have', () => {
    const other: Profile = { ...home, id: 'other', name: 'Other' };
    const current: Settings = {
      ...whole,
      profiles: [other, { ...work, scopes: ['Mail.Read'], name: 'Old name' }],
      defaultProfile: 'other',
      tokenFiles: [{ ...tokenFile, path: '/run/other', profile: 'other' }],
      hooks: { ...NO_HOOKS, refreshed: ['/bin/true'] },
    };
    const text = JSON.stringify({ kind: 'tokentray-settings', schemaVersion: 1, profiles: [work] });
    const { settings, changes, toConfirm, said } = taken(text, current);
    expect(settings).toEqual({ ...current, profiles: [other, work] });
    expect(changes).toEqual([
      `Profile “At work” (work) is replaced with the one in the file; it stays client ${work.clientId} at ${work.authority}.`,
    ]);
    expect([toConfirm, said]).toEqual([[], ['Settings that are not in the file do not change: Other.']]);
  });

  test('replace a token file with the same path, after confirmation', () => {
    const current: Settings = { ...whole, tokenFiles: [{ ...tokenFile, format: 'json', profile: 'home' }] };
    const { settings, toConfirm } = taken(exportSettings(whole), current);
    expect(settings.tokenFiles).toEqual([tokenFile]);
    expect(toConfirm).toEqual(['The file /run/user/1/token contains the token of profile work.']);
  });

  test('replace a hook, after confirmation', () => {
    const current: Settings = { ...whole, hooks: { ...NO_HOOKS, failed: ['/bin/false'] } };
    const { settings, toConfirm } = taken(exportSettings(whole), current);
    expect([settings.hooks, toConfirm.length]).toEqual([whole.hooks, 1]);
  });

  test('never replace another registration, which is named', () => {
    for (const change of [
      { clientId: home.clientId },
      { authority: 'https://login.microsoftonline.com/evil.example' },
    ]) {
      const current = { ...whole, profiles: [{ ...work, ...change }, home] };
      const said = refusal(exportSettings(whole), current);
      expect(said).toMatch(/^At work \(work\): On this machine, it is client/u);
      expect(said).toContain(Object.values(change)[0]);
    }
  });

  test('are the same registration with different case', () => {
    const current = { ...whole, profiles: [{ ...work, clientId: work.clientId.toUpperCase() }, home] };
    expect(taken(exportSettings(whole), current).changes).toHaveLength(1);
  });

  test('are refused if both together break a rule', () => {
    const provider = { ...work, protocol: 'oidc' as const };
    const current = {
      ...whole,
      profiles: [provider, home],
      tokenFiles: [{ ...tokenFile, path: '/run/x', scopes: ['a/b', 'c/d'] }],
    };
    expect(refusal(exportSettings({ ...whole, tokenFiles: [] }), current)).toContain('tokenFiles.0.scopes');
  });
});

describe('the content of an export', () => {
  test('is all settings, marked as an export', () =>
    expect(JSON.parse(exportSettings(whole))).toEqual({
      kind: 'tokentray-settings',
      ...(JSON.parse(JSON.stringify(whole)) as object),
    }));
});

describe('a file that is refused', () => {
  test.each([
    ['not JSON', '{"kind":', /Must be JSON/u],
    ['a binary file', 'x\0y', /plain text/u],
    ['another encoding', '\uFFFD\uFFFD{', /plain text/u],
    ['too large', ' '.repeat(1_000_001), /1 MB/u],
    ['a list', '[]', /Tokentray exported/u],
    ['another kind', JSON.stringify({ ...whole, kind: 'vscode' }), /Tokentray exported/u],
    ['no kind', JSON.stringify(whole), /Tokentray exported/u],
    ['a newer version', withChange({ schemaVersion: 2 }), /schemaVersion: Must be version 1/u],
    [
      'a broken profile',
      withChange({ profiles: [{ ...work, clientId: 'x' }] }),
      /profiles\.0\.clientId: .*Found: x/u,
    ],
    [
      'a schedule that never comes',
      withChange({ profiles: [{ ...work, schedule: { cron: '0 7 31 2 *', timeZone: 'UTC' } }, home] }),
      /profiles\.0\.schedule\.cron/u,
    ],
    ['a hook by a relative path', withChange({ hooks: { failed: ['rm', '-rf'] } }), /hooks\.failed/u],
    ['an unknown hook', withChange({ hooks: { started: ['/bin/true'] } }), /hooks/u],
    [
      'a token file of an unknown profile',
      withChange({ tokenFiles: [{ ...tokenFile, profile: 'x' }] }),
      /tokenFiles\.0\.profile/u,
    ],
    ['a default that is not there', withChange({ defaultProfile: 'x' }), /defaultProfile/u],
    ['a profile twice', withChange({ profiles: [work, home, work] }), /profiles\.2\.id/u],
    [
      'a name that turns text around',
      withChange({ profiles: [{ ...work, name: 'a\u202eb' }] }),
      /profiles\.0\.name.*\\u202e/u,
    ],
  ])('is %s', (_, text, expected) => expect(refusal(text)).toMatch(expected));

  test('with a thousand errors lists twenty and counts the rest', () => {
    const profiles = Array.from({ length: 1000 }, (_, index) => ({
      ...work,
      id: `p${index}`,
      clientId: 'x',
    }));
    const sentences = refusal(withChange({ profiles, tokenFiles: [], defaultProfile: 'p1' })).split('\n');
    expect([sentences.length, sentences.at(-1)]).toEqual([21, 'And 980 more.']);
  });

  test.each([
    ['a command', { hooks: { failed: ['/bin/sh', '-c', `${' '.repeat(1000)}rm -rf /`] } }, /hooks\.failed/u],
    ['a path', { tokenFiles: [{ ...tokenFile, path: `/${'a/'.repeat(600)}x` }] }, /tokenFiles\.0\.path/u],
  ])('is one with %s that cannot be shown in full', (_, change, expected) =>
    expect(refusal(withChange(change))).toMatch(expected),
  );

  test('is one whose parts to confirm are too long together', () => {
    const command = (name: string): string[] => ['/bin/sh', '-c', name.repeat(850)];
    const hooks = { failed: command('a'), refreshed: command('b'), 'signed-out': command('c') };
    const others = { tokenFiles: [tokenFile], extraCaFile: undefined, loopback: false };
    expect(refusal(withChange({ hooks, ...others }))).toMatch(
      /^hooks, tokenFiles: The changes to confirm have 2\d{3} characters. The limit is 2500/u,
    );
    const two = { failed: hooks.failed, refreshed: hooks.refreshed };
    expect(taken(withChange({ hooks: two, ...others }), firstSettings).toConfirm).toHaveLength(3);
  });

  test.each([
    ['profiles', Array.from({ length: 1001 }, (_, index) => ({ ...work, id: `p${index}` }))],
    ['tokenFiles', Array.from({ length: 1001 }, (_, index) => ({ ...tokenFile, path: `/run/${index}` }))],
  ])('is one with more %s than anybody has', (name, list) =>
    expect(refusal(withChange({ [name]: list }))).toBe(
      `${name}: Must have at most 1000 entries; the file has 1001.`,
    ),
  );

  test('for its schedules is refused after the first twenty, without checking the rest', () => {
    const profiles = Array.from({ length: 1000 }, (_, index) => ({
      ...work,
      id: `p${index}`,
      schedule: { cron: `${index % 60} ${Math.floor(index / 60)} 31 4,6,9,11 *`, timeZone: 'UTC' },
    }));
    const text = withChange({ profiles, tokenFiles: [], defaultProfile: undefined });
    const said = withinLimit(() => refusal(text))?.split('\n');
    expect([said?.length, said?.at(-1)]).toEqual([20, expect.stringContaining('profiles.19.schedule.cron')]);
  });

  test('is one with more to confirm than a dialog can show', () => {
    const tokenFiles = Array.from({ length: 21 }, (_, index) => ({ ...tokenFile, path: `/run/${index}` }));
    expect(refusal(withChange({ tokenFiles, hooks: {}, extraCaFile: undefined, loopback: false }))).toContain(
      '21',
    );
  });
});

describe('what the user is shown', () => {
  test('contains nothing that could hide or reverse a part of it', () => {
    const { toConfirm } = taken(
      withChange({
        hooks: { failed: ['/bin/sh', 'a" "b', '\n\u202eevil\u001b[2J\u{e0041}'] },
        tokenFiles: [{ ...tokenFile, path: '/run/\u202eabc' }],
      }),
      firstSettings,
    );
    expect(toConfirm.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(toConfirm[0]).toContain('"a\\" \\"b"');
    // A tag character, which is invisible: one character of two surrogates.
    expect(toConfirm[0]).toContain('[2J\\u{e0041}"');
    expect(toConfirm[1]).toContain('\\u202e');
  });

  test('names parts of the file that are left out', () => {
    const read = taken(withChange({ clientSecret: 'x', theme: 'dark' }), firstSettings);
    expect(read.said.at(-1)).toContain('clientSecret, theme');
    expect(JSON.stringify(read.settings)).not.toContain('clientSecret');
  });
});

test('a thousand profiles take little time', () => {
  const profiles = Array.from({ length: 1000 }, (_, index) => ({
    ...work,
    id: `p${index}`,
    schedule: undefined,
  }));
  const text = exportSettings({ ...whole, profiles, defaultProfile: undefined, tokenFiles: [] });
  const read = withinLimit(() => taken(text, firstSettings));
  expect([read?.settings.profiles.length, read?.changes.length]).toEqual([1000, 21]);
});

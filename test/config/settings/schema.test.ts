import { describe, expect, it } from 'vitest';
import { sayIssue, showFound } from '../../../src/config/rules/issue.ts';
import { NO_HOOKS } from '../../../src/config/profile/profile.ts';
import { checkProfile } from '../../../src/config/profile/profile-schema.ts';
import { checkSettings } from '../../../src/config/settings/schema.ts';

const profile = {
  id: 'default',
  name: 'default',
  protocol: 'entra',
  extraScopes: [],
  authority: 'https://login.microsoftonline.com/contoso.onmicrosoft.com',
  clientId: '11111111-2222-3333-4444-55555555abcd',
  redirectUri: 'http://localhost:5000/getAToken',
  scopes: ['User.Read'],
  schedule: { cron: '0 7 * * *', timeZone: 'Asia/Seoul' },
  continuousAccess: true,
  signIn: 'window',
};
const settings = {
  schemaVersion: 1,
  profiles: [profile],
  defaultProfile: undefined,
  storage: 'auto',
  tokenFiles: [],
  extraCaFile: undefined,
  logLevel: 'info',
  network: 'system',
  loopback: false,
  shellCache: true,
  hooks: NO_HOOKS,
  clipboardClearSeconds: 60,
};

const tokenFile = { path: '/run/t', profile: 'default', scopes: undefined, format: 'bare' };
const encrypted = (key: unknown): unknown => ({ kind: 'encrypted-file', key });

/** The rules that a changed profile breaks, as `field rule`. */
function broken(change: Record<string, unknown>): string[] {
  const checked = checkProfile({ ...profile, ...change });
  return checked.kind === 'ok' ? [] : checked.issues.map(({ field, rule }) => `${field} ${rule.slice(14)}`);
}

function accepted(change: Record<string, unknown>): unknown {
  const checked = checkProfile({ ...profile, ...change });
  return checked.kind === 'ok' ? checked.value : checked.issues.map(sayIssue);
}

describe('an authority', () => {
  it.each([
    ['https://login.microsoftonline.com/common', 'https://login.microsoftonline.com/common'],
    ['https://LOGIN.microsoftonline.com/Contoso/', 'https://login.microsoftonline.com/Contoso'],
    ['  https://login.microsoftonline.com:443/t//  ', 'https://login.microsoftonline.com/t'],
    [
      'https://b2c.example/tfp/t.onmicrosoft.com/B2C_1_x',
      'https://b2c.example/tfp/t.onmicrosoft.com/B2C_1_x',
    ],
    ['https://localhost:8443/tenant', 'https://localhost:8443/tenant'],
    [
      'https://login.microsoftonline.com/99999999-8888-7777-6666-555555555555',
      'https://login.microsoftonline.com/99999999-8888-7777-6666-555555555555',
    ],
    ['https://login.microsoftonline.com/organizations', 'https://login.microsoftonline.com/organizations'],
    ['https://login.microsoftonline.com/consumers', 'https://login.microsoftonline.com/consumers'],
    ['https://login.microsoftonline.us/contoso.us', 'https://login.microsoftonline.us/contoso.us'],
    [
      'https://login.partner.microsoftonline.cn/contoso.cn',
      'https://login.partner.microsoftonline.cn/contoso.cn',
    ],
    ['https://contoso.ciamlogin.com', 'https://contoso.ciamlogin.com/contoso.onmicrosoft.com'],
    ['https://Contoso.ciamlogin.com/', 'https://contoso.ciamlogin.com/contoso.onmicrosoft.com'],
    ['https://contoso.ciamlogin.com/contoso.com', 'https://contoso.ciamlogin.com/contoso.com'],
  ])('%j is read as %s', (authority, wanted) => {
    expect(accepted({ authority })).toEqual({ ...profile, authority: wanted });
  });

  it.each([
    ['http://login.microsoftonline.com/t', 'authority.http'],
    ['ftp://login.microsoftonline.com/t', 'authority'],
    ['login.microsoftonline.com/t', 'authority'],
    ['', 'authority'],
    [undefined, 'authority'],
    [7, 'authority'],
    ['https://login.microsoftonline.com/t\t', undefined],
    ['https://login.microsoft\nonline.com/t', 'authority'],
    ['https:\\\\evil.example\\t', 'authority'],
    ['https://login.microsoftonline.com', 'authority.tenant'],
    ['https://login.microsoftonline.com/', 'authority.tenant'],
    ['https://a.b.ciamlogin.com/', 'authority.tenant'],
    ['https://evilciamlogin.com/', 'authority.tenant'],
    ['https://login.microsoftonline.com/a//b', 'authority.tenant'],
    ['https://login.microsoftonline.com/<TENANT_ID>', 'authority.tenant'],
    ['https://login.microsoftonline.com/a%2Fb', 'authority.tenant'],
    ['https://login.microsoftonline.com/t?x=1', 'authority.parts'],
    ['https://login.microsoftonline.com/t?', 'authority.parts'],
    ['https://login.microsoftonline.com/t#', 'authority.parts'],
    ['https://login.microsoftonline.com@evil.example/t', 'authority.parts'],
  ])('%j breaks the rule %s', (authority, rule) => {
    expect(broken({ authority })).toEqual(rule === undefined ? [] : [`authority ${rule}`]);
  });
});

describe('a client id', () => {
  it('is a GUID, in any case, with spaces around it forgiven', () => {
    expect(accepted({ clientId: ` ${profile.clientId} ` })).toEqual(profile);
    expect(broken({ clientId: profile.clientId.toUpperCase() })).toEqual([]);
  });

  it.each([
    '',
    'my-app',
    `{${profile.clientId}}`,
    `${profile.clientId}0`,
    profile.clientId.replaceAll('-', ''),
    null,
  ])('%j is refused', (clientId) => expect(broken({ clientId })).toEqual(['clientId client-id']));

  it('that is refused is shown with what is expected', () => {
    const checked = checkProfile({ ...profile, clientId: 'my-app' });
    expect(checked.kind === 'invalid' && checked.issues.map(sayIssue)).toEqual([
      expect.stringMatching(/^clientId: Must be the application \(client\) ID .* a GUID .* Found: my-app$/u),
    ]);
  });
});

describe('a redirect URI', () => {
  it.each([
    'http://localhost:5000/getAToken',
    'http://127.0.0.1:5000/',
    'http://[::1]:5000/cb',
    'http://localhost/getAToken',
    'https://app.example/cb',
    'https://localhost:5000/cb',
  ])('%s is kept letter by letter', (redirectUri) => {
    expect(accepted({ redirectUri })).toEqual({ ...profile, redirectUri });
  });

  it.each([
    ['http://app.example/cb', 'redirect-uri.http'],
    ['http://localhost.evil.example/cb', 'redirect-uri.http'],
    ['http://0.0.0.0:5000/cb', 'redirect-uri.http'],
    ['http://localhost:5000/cb#x', 'redirect-uri.parts'],
    ['http://localhost:5000/cb#', 'redirect-uri.parts'],
    ['http://localhost@127.0.0.1:5000/cb', 'redirect-uri.parts'],
    ['tokentray://cb', 'redirect-uri'],
    ['javascript:alert(1)', 'redirect-uri'],
    ['/getAToken', 'redirect-uri'],
    ['http://localhost:99999/cb', 'redirect-uri'],
    ['http://localhost:5000/a b', 'redirect-uri'],
  ])('%s breaks the rule %s', (redirectUri, rule) => {
    expect(broken({ redirectUri })).toEqual([`redirectUri ${rule}`]);
  });
});

describe('scopes', () => {
  it.each([
    [[], 'scopes scope.empty'],
    ['User.Read', 'scopes list'],
    [['User Read'], 'scopes.0 scope.token'],
    [['User.Read', 7], 'scopes.1 scope.token'],
    [['User.Read', 'api://x/y'], 'scopes scope.two-resources'],
    [['User.Read', '.default'], 'scopes scope.default-mixed'],
  ])('%j break a rule: %s', (scopes, rule) => expect(broken({ scopes })).toEqual([rule]));

  it('of two resources are refused with both resources named', () => {
    const checked = checkProfile({ ...profile, scopes: ['User.Read', 'api://x/y'] });
    expect(checked.kind === 'invalid' && checked.issues[0]?.found).toBe(
      'https://graph.microsoft.com api://x',
    );
  });
});

describe('a schedule', () => {
  it.each([
    { at: '00:00', timeZone: 'Asia/Seoul' },
    { at: '23:59', timeZone: 'Asia/Seoul' },
    { everyHours: 24, timeZone: 'Europe/Berlin' },
    { cron: '30 7 * * MON-FRI', timeZone: 'UTC' },
  ])('is kept as it is written: %j', (schedule) => {
    expect(accepted({ schedule })).toEqual({ ...profile, schedule });
  });

  it('that is broken shows its value and what is expected, also within the settings', () => {
    const schedule = { at: '7 o’clock', timeZone: 'UTC' };
    const checked = checkSettings({ ...settings, profiles: [{ ...profile, schedule }] });
    expect(checked.kind === 'invalid' && checked.issues.map(sayIssue)).toEqual([
      'profiles.0.schedule.at: Must be a time of day from 00:00 to 23:59, for example 07:00. Found: 7 o’clock',
    ]);
  });

  it('of two kinds has both named', () => {
    const checked = checkProfile({ ...profile, schedule: { at: '07:00', everyHours: 6, timeZone: 'UTC' } });
    expect(checked.kind === 'invalid' && checked.issues[0]?.found).toBe('at everyHours');
  });

  it.each([undefined, null])('may be left out: %s', (schedule) => {
    expect(accepted({ schedule })).toEqual({ ...profile, schedule: undefined });
  });

  it.each([
    [{ cron: '0 0 7 * * *', timeZone: 'UTC' }, 'schedule.cron cron.fields'],
    [{ cron: '7', timeZone: 'UTC' }, 'schedule.cron cron.fields'],
    [{ cron: '0 7 * * *', timeZone: '' }, 'schedule.timeZone time-zone'],
    [{ cron: '0 7 * * *' }, 'schedule.timeZone time-zone'],
    ['0 7 * * *', 'schedule schedule'],
    [[], 'schedule schedule'],
    [{ timeZone: 'UTC' }, 'schedule schedule'],
    [{ cron: '0 7 * * *', at: '07:00', timeZone: 'UTC' }, 'schedule schedule'],
    [{ at: '7:00', timeZone: 'UTC' }, 'schedule.at at'],
    [{ at: '24:00', timeZone: 'UTC' }, 'schedule.at at'],
    [{ at: 7, timeZone: 'UTC' }, 'schedule.at at'],
    [{ at: '07:00' }, 'schedule.timeZone time-zone'],
    [{ everyHours: 5, timeZone: 'UTC' }, 'schedule.everyHours every-hours'],
    [{ everyHours: '6', timeZone: 'UTC' }, 'schedule.everyHours every-hours'],
    [{ everyHours: 6, timeZone: 7 }, 'schedule.timeZone time-zone'],
  ])('%j breaks a rule: %s', (schedule, rule) => expect(broken({ schedule })).toEqual([rule]));
});

describe('settings', () => {
  it('as they are written pass unchanged', () => {
    expect(checkSettings(settings)).toEqual({ kind: 'ok', value: settings });
  });

  it('have defaults for what is not about the registration', () => {
    expect(checkSettings({ schemaVersion: 1, profiles: [profile] })).toEqual({ kind: 'ok', value: settings });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ schemaVersion: 2 }, 'schemaVersion version'],
    [{ schemaVersion: undefined }, 'schemaVersion version'],
    [{ profiles: [profile, { ...profile, id: 'b' }, profile] }, 'profiles.2.id profile-twice'],
    [{ defaultProfile: 'other' }, 'defaultProfile profile-unknown'],
    [{ defaultProfile: 'Other!' }, 'defaultProfile profile-id'],
    [{ profiles: [], defaultProfile: 'default' }, 'defaultProfile profile-unknown'],
    [{ tokenFiles: {} }, 'tokenFiles list'],
    [{ tokenFiles: [{ path: 'token', profile: 'default' }] }, 'tokenFiles.0.path path'],
    [{ tokenFiles: [{ path: '/a\u0000b', profile: 'default' }] }, 'tokenFiles.0.path path'],
    [{ tokenFiles: [{ profile: 'default' }] }, 'tokenFiles.0.path path'],
    [{ tokenFiles: [{ path: '/t', profile: 'gone' }] }, 'tokenFiles.0.profile profile-unknown'],
    [{ tokenFiles: [{ path: '/t' }] }, 'tokenFiles.0.profile profile-unknown'],
    [{ tokenFiles: [tokenFile, { ...tokenFile, path: '/run/./t' }] }, 'tokenFiles.1.path token-file-twice'],
    [{ tokenFiles: [{ ...tokenFile, format: 'xml' }] }, 'tokenFiles.0.format token-file-format'],
    [{ tokenFiles: [{ ...tokenFile, scopes: [] }] }, 'tokenFiles.0.scopes scope.empty'],
    [
      { tokenFiles: [{ ...tokenFile, scopes: ['User.Read', 'api://x/y'] }] },
      'tokenFiles.0.scopes scope.two-resources',
    ],
    [{ extraCaFile: 'ca.pem' }, 'extraCaFile path'],
    [{ extraCaFile: 7 }, 'extraCaFile path'],
    [{ logLevel: 'trace' }, 'logLevel log-level'],
    [{ storage: { kind: 'plain-file' } }, 'storage.kind storage'],
    [{ storage: {} }, 'storage.kind storage'],
    [{ storage: { kind: 'encrypted-file' } }, 'storage.key storage-key'],
    [{ storage: encrypted({ kind: 'password' }) }, 'storage.key.kind storage-key'],
    [{ storage: encrypted('passphrase') }, 'storage.key storage-key'],
    [{ storage: encrypted({ kind: 'key-file', path: 'key' }) }, 'storage.key.path path'],
    [{ storage: encrypted({ kind: 'key-file' }) }, 'storage.key.path path'],
    [
      { storage: encrypted({ kind: 'systemd-credential', name: '../x' }) },
      'storage.key.name systemd-credential',
    ],
    [{ storage: encrypted({ kind: 'systemd-credential' }) }, 'storage.key.name systemd-credential'],
    [{ profiles: {} }, 'profiles list'],
    [{ profiles: [{ ...profile, id: '../x' }] }, 'profiles.0.id profile-id'],
    [{ profiles: [{ ...profile, clientId: 'x' }] }, 'profiles.0.clientId client-id'],
    [{ storage: 'plain' }, 'storage storage'],
    [{ clipboardClearSeconds: -1 }, 'clipboardClearSeconds clipboard'],
    [{ clipboardClearSeconds: 1.5 }, 'clipboardClearSeconds clipboard'],
    [{ clipboardClearSeconds: '60' }, 'clipboardClearSeconds clipboard'],
    [{ clipboardClearSeconds: 86_401 }, 'clipboardClearSeconds clipboard'],
    [{ network: 'chromium' }, 'network network'],
    [{ loopback: 'on' }, 'loopback switch'],
    [{ shellCache: 1 }, 'shellCache switch'],
    [{ hooks: { refreshed: 'echo' } }, 'hooks.refreshed hook'],
    [{ hooks: { refreshed: [] } }, 'hooks.refreshed hook'],
    [{ hooks: { refreshed: ['echo', 'hi'] } }, 'hooks.refreshed hook'],
    [{ hooks: { failed: ['/bin/echo', 1] } }, 'hooks.failed.1 hook'],
    [{ hooks: { 'signed-out': ['/bin/echo', 'a\0b'] } }, 'hooks.signed-out hook'],
    [{ hooks: { refreshd: ['/bin/echo'] } }, 'hooks.refreshd hooks'],
  ])('%j break a rule: %s', (change, rule) => {
    const checked = checkSettings({ ...settings, ...change });
    const issues = checked.kind === 'invalid' ? checked.issues : [];
    expect(issues.map(({ field, rule: code }) => `${field} ${code.slice(14)}`)).toEqual([rule]);
  });

  it.each([null, [], 'text', 1])('that are %j are refused as a whole', (value) => {
    expect(checkSettings(value).kind).toBe('invalid');
  });

  it.each(['id', 'authority', 'clientId', 'redirectUri', 'scopes'])('name what is missing: %s', (key) => {
    const lacking = Object.fromEntries(Object.entries(profile).filter(([name]) => name !== key));
    const checked = checkProfile(lacking);
    const issues = checked.kind === 'invalid' ? checked.issues : [];
    expect(issues.map(({ field, found }) => [field, found])).toEqual([[key, undefined]]);
    expect(issues[0]?.rule).not.toBe('settings.rule.object');
  });

  it('list everything that is wrong at once', () => {
    const wrong = { ...profile, authority: 'http://x/y', clientId: '', redirectUri: 'x', scopes: [] };
    const checked = checkSettings({ ...settings, profiles: [wrong], storage: 1 });
    expect(checked.kind === 'invalid' && checked.issues.length).toBe(5);
  });
});

describe('many profiles', () => {
  it('are kept in their order, with the default one named', () => {
    const profiles = [profile, { ...profile, id: 'mail', name: 'Mail', scopes: ['Mail.Read'] }];
    const many = { ...settings, profiles, defaultProfile: 'mail', tokenFiles: [tokenFile] };
    expect(checkSettings(many)).toEqual({ kind: 'ok', value: many });
  });

  it('may be none', () => {
    const none = { ...settings, profiles: [] };
    expect(checkSettings(none)).toEqual({ kind: 'ok', value: none });
  });

  it('have all errors between them reported, even if one of them is broken itself', () => {
    const checked = checkSettings({
      ...settings,
      profiles: [profile, 7, { ...profile, clientId: 'x' }],
      defaultProfile: 'gone',
    });
    expect(checked.kind === 'invalid' && checked.issues.map(({ field }) => field).toSorted()).toEqual([
      'defaultProfile',
      'profiles.1',
      'profiles.2.clientId',
      'profiles.2.id',
    ]);
  });
});

describe('a profile’s name', () => {
  it.each([undefined, null])('is its ID if there is none: %s', (name) => {
    expect(accepted({ name })).toEqual(profile);
  });

  it.each(['A', 'Pošta 📧', 'x'.repeat(60), '📧'.repeat(60)])('may be %s', (name) => {
    expect(accepted({ name })).toEqual({ ...profile, name });
  });

  it.each(['', '  ', 'x'.repeat(61), 'a\nb', 'a\u202eb', 7])('%j is refused', (name) => {
    expect(broken({ name })).toEqual(['name profile-name']);
  });
});

describe('the protocol oidc', () => {
  const oidc = { protocol: 'oidc', clientId: 'My App_1', authority: 'https://idp.example.com' };

  it.each([
    ['https://idp.example.com', 'https://idp.example.com'],
    ['https://idp.example.com/', 'https://idp.example.com'],
    ['https://IDP.example.com:8443/realms/My%20Realm/', 'https://idp.example.com:8443/realms/My%20Realm'],
  ])('takes an issuer with a path or without: %s', (authority, taken) => {
    expect(accepted({ ...oidc, authority })).toEqual({ ...profile, ...oidc, authority: taken });
  });

  it.each([
    ['http://idp.example.com', 'authority.http'],
    ['idp.example.com', 'authority.issuer'],
    [undefined, 'authority.issuer'],
    ['https://idp.example.com/a//b', 'authority.issuer'],
    ['https://idp.example.com/?x', 'authority.parts'],
  ])('refuses %s', (authority, rule) => {
    expect(broken({ ...oidc, authority })).toEqual([`authority ${rule}`]);
  });

  it.each(['', '  ', 'a\tb', 'ä', 7, undefined])('refuses the client id %j', (clientId) => {
    expect(broken({ ...oidc, clientId })).toEqual(['clientId client-id.oidc']);
  });

  it('has no rule of Entra’s about scopes, in the profile and in its token files', () => {
    const scopes = ['openid', 'https://a.example/read', 'https://b.example/.default'];
    const foreign = { ...profile, ...oidc, scopes, extraScopes: [scopes] };
    expect(accepted({ ...oidc, scopes, extraScopes: [scopes] })).toEqual(foreign);
    const checked = checkSettings({
      ...settings,
      profiles: [foreign],
      tokenFiles: [{ ...tokenFile, scopes }],
    });
    expect(checked.kind).toBe('ok');
    expect(broken({ ...oidc, scopes: ['a b'] })).toEqual(['scopes.0 scope.token']);
    expect(broken({ ...oidc, scopes: [] })).toEqual(['scopes scope.empty']);
  });

  it('is the only other one', () => {
    expect(broken({ protocol: 'saml' })).toEqual(['protocol protocol']);
  });
});

describe('extra scopes', () => {
  it('are one list for each resource', () => {
    const extraScopes = [['https://management.azure.com/.default'], ['api://x/a', 'api://x/b']];
    expect(accepted({ extraScopes })).toEqual({ ...profile, extraScopes });
  });

  it.each<[unknown, string]>([
    ['User.Read', 'extraScopes list'],
    [['User.Read'], 'extraScopes.0 list'],
    [[['User.Read'], []], 'extraScopes.1 scope.empty'],
    [[['api://x/a', 'api://y/b']], 'extraScopes.0 scope.two-resources'],
    [[['User.Read'], ['api://x/a', 'api://x/.default']], 'extraScopes.1 scope.default-mixed'],
    [[['a b']], 'extraScopes.0.0 scope.token'],
  ])('%j break a rule: %s', (extraScopes, rule) => expect(broken({ extraScopes })).toEqual([rule]));
});

describe('storage', () => {
  it.each([
    'auto',
    'memory',
    'plain-file',
    encrypted({ kind: 'passphrase' }),
    encrypted({ kind: 'key-file', path: '/etc/tokentray/key' }),
    encrypted({ kind: 'systemd-credential', name: 'tokentray-key' }),
  ])('may be %j', (storage) => {
    expect(checkSettings({ ...settings, storage })).toEqual({ kind: 'ok', value: { ...settings, storage } });
  });
});

describe('what was found, as it is shown', () => {
  it('has its secrets masked before it is cut, so that no part of one is left', () => {
    const shown = showFound(`${'a'.repeat(76)}s3cret-value`, ['s3cret-value']);
    expect(shown).toBe(`${'a'.repeat(76)}[se…`);
  });

  it('masks an Entra secret wherever it was put', () => {
    expect(showFound(`id=abc8Q~${'x'.repeat(34)}`)).toBe('id=[secret]');
  });

  it('masks the longer of two secrets that begin alike', () => {
    expect(showFound('abcdefgh', ['abcd', 'abcdefgh'])).toBe('[secret]');
  });

  it('is at most 80 characters, with control characters escaped', () => {
    expect(showFound('x'.repeat(500))?.length).toBe(80);
    expect(showFound('a\u001b[31m\nb\u202e')).toBe('a\\u001b[31m\\u000ab\\u202e');
  });

  it('says no more than the kind of a list or an object', () => {
    expect([showFound(['s']), showFound({ secret: 1 }), showFound(null), showFound(0)]).toEqual([
      'a list',
      'an object',
      'null',
      '0',
    ]);
    expect([showFound(''), showFound(undefined)]).toEqual([undefined, undefined]);
  });
});

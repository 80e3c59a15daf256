import { describe, expect, it } from 'vitest';
import { sayIssue, showFound } from '../../src/config/issue.ts';
import { checkProfile, checkSettings } from '../../src/config/schema.ts';

const profile = {
  id: 'default',
  authority: 'https://login.microsoftonline.com/contoso.onmicrosoft.com',
  clientId: '11111111-2222-3333-4444-55555555abcd',
  redirectUri: 'http://localhost:5000/getAToken',
  scopes: ['User.Read'],
  schedule: { cron: '0 7 * * *', timeZone: 'Asia/Seoul' },
};
const settings = { schemaVersion: 1, profiles: [profile], storage: 'auto', clipboardClearSeconds: 60 };

/** The rules a changed profile breaks, as `field rule`. */
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
  ])('%j is taken as %s', (authority, wanted) => {
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

  it('that is refused is shown with what is wanted', () => {
    const checked = checkProfile({ ...profile, clientId: 'my-app' });
    expect(checked.kind === 'invalid' && checked.issues.map(sayIssue)).toEqual([
      expect.stringMatching(/^clientId: The application \(client\) id .* a GUID .* Found: my-app$/u),
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
  it.each([undefined, null])('may be left out: %s', (schedule) => {
    expect(accepted({ schedule })).toEqual({ ...profile, schedule: undefined });
  });

  it.each([
    [{ cron: '0 0 7 * * *', timeZone: 'UTC' }, 'schedule.cron cron.fields'],
    [{ cron: '7', timeZone: 'UTC' }, 'schedule.cron cron.fields'],
    [{ cron: '0 7 * * *', timeZone: '' }, 'schedule.timeZone time-zone'],
    [{ cron: '0 7 * * *' }, 'schedule.timeZone time-zone'],
    ['0 7 * * *', 'schedule object'],
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
    [{ profiles: [] }, 'profiles one-profile'],
    [{ profiles: [profile, { ...profile, id: 'other' }] }, 'profiles one-profile'],
    [{ profiles: {} }, 'profiles list'],
    [{ profiles: [{ ...profile, id: '../x' }] }, 'profiles.0.id profile-id'],
    [{ profiles: [{ ...profile, clientId: 'x' }] }, 'profiles.0.clientId client-id'],
    [{ storage: 'plain' }, 'storage storage'],
    [{ clipboardClearSeconds: -1 }, 'clipboardClearSeconds clipboard'],
    [{ clipboardClearSeconds: 1.5 }, 'clipboardClearSeconds clipboard'],
    [{ clipboardClearSeconds: '60' }, 'clipboardClearSeconds clipboard'],
    [{ clipboardClearSeconds: 86_401 }, 'clipboardClearSeconds clipboard'],
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

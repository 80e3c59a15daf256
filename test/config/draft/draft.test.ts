import { describe, expect, test } from 'vitest';
import {
  draftOf,
  freshDraft,
  profileIdFor,
  type DraftField,
  type ProfileDraft,
} from '../../../src/config/draft/draft.ts';
import {
  profileOfDraft,
  secretIssues,
  secretWarnings,
  storedCredentialIssues,
  warningsOfProfile,
} from '../../../src/config/draft/draft-check.ts';
import type { Profile } from '../../../src/config/profile/profile.ts';
import { checkProfile } from '../../../src/config/profile/profile-schema.ts';

const work: Profile = {
  id: 'work',
  name: 'At work',
  protocol: 'entra',
  authority: 'https://login.microsoftonline.com/contoso.onmicrosoft.com',
  clientId: '11111111-2222-3333-4444-55555555abcd',
  redirectUri: 'http://localhost:5000/getAToken',
  scopes: ['User.Read', 'openid'],
  extraScopes: [['https://vault.azure.net/.default'], ['api://a/read', 'api://a/write']],
  schedule: { at: '07:00', timeZone: 'Asia/Seoul' },
  continuousAccess: true,
  signIn: 'browser',
};
const good = draftOf(work);

function made(change: Partial<ProfileDraft>, secrets: readonly string[] = []): Profile {
  const result = profileOfDraft({ ...good, ...change }, 'work', secrets);
  if (result.kind === 'invalid') throw new Error(JSON.stringify(result.issues));
  return result.profile;
}

/** `field: sentence`, as on the form. */
function issues(change: Partial<ProfileDraft>, secrets: readonly string[] = []): readonly string[] {
  const result = profileOfDraft({ ...good, ...change }, 'work', secrets);
  return result.kind === 'ok' ? [] : result.issues.map(({ field, sentence }) => `${field}: ${sentence}`);
}

const fieldsOf = (change: Partial<ProfileDraft>): readonly string[] =>
  issues(change).map((issue) => issue.split(':')[0] ?? '');

describe('a profile opened in the form and saved unchanged', () => {
  test.each<[string, Partial<Profile>]>([
    ['a tenant of the public cloud', {}],
    ['a national cloud', { authority: 'https://login.microsoftonline.us/contoso.onmicrosoft.us' }],
    ['External ID', { authority: 'https://contoso.ciamlogin.com/contoso.onmicrosoft.com' }],
    ['B2C', { authority: 'https://login.microsoftonline.com/tfp/contoso.onmicrosoft.com/b2c_1_in' }],
    ['an address with its version', { authority: 'https://login.microsoftonline.com/contoso.com/v2.0' }],
    ['many tenants', { authority: 'https://login.microsoftonline.com/organizations' }],
    [
      'another provider',
      { protocol: 'oidc', authority: 'https://id.example/realms/a', clientId: 'any thing', scopes: ['read'] },
    ],
    [
      'a provider at the public cloud’s address',
      { protocol: 'oidc', authority: 'https://login.microsoftonline.com/contoso.com' },
    ],
    ['no name', { name: 'work' }],
    ['no schedule', { schedule: undefined }],
    ['hours', { schedule: { everyHours: 8, timeZone: 'UTC' } }],
    ['a cron line', { schedule: { cron: '30 7 * * 1-5', timeZone: 'Europe/Berlin' } }],
    ['no further scopes', { extraScopes: [] }],
    ['the window', { signIn: 'window' }],
  ])('stays what it was: %s', (_, change) => {
    const profile: Profile = { ...work, ...change };
    expect(checkProfile(profile).kind, 'the test’s own profile is a good one').toBe('ok');
    expect(profileOfDraft(draftOf(profile), profile.id)).toEqual({ kind: 'ok', profile });
  });
});

test('a profile without a name has none in the form, so that its ID does not become its name', () =>
  expect(draftOf({ ...work, name: 'work' }).name).toBe(''));

describe('a typed authority', () => {
  const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';
  test.each([
    [TENANT, `https://login.microsoftonline.com/${TENANT}`],
    [` ${TENANT}\n`, `https://login.microsoftonline.com/${TENANT}`],
    ['contoso.com', 'https://login.microsoftonline.com/contoso.com'],
    ['common', 'https://login.microsoftonline.com/common'],
    ['login.microsoftonline.us/contoso.us', 'https://login.microsoftonline.us/contoso.us'],
    ['contoso.ciamlogin.com', 'https://contoso.ciamlogin.com/contoso.onmicrosoft.com'],
    ['https://LOGIN.microsoftonline.com/contoso.com/', 'https://login.microsoftonline.com/contoso.com'],
  ])('%j is taken as %s', (authority, expected) => expect(made({ authority }).authority).toBe(expected));

  test.each([
    '',
    '   ',
    'Contoso Ltd',
    'contoso/b',
    'login.microsoftonline.com',
    'http://a.example/t',
    'ünïcode',
  ])('%j is refused at its field', (authority) => expect(fieldsOf({ authority })).toEqual(['authority']));

  test('that is not a tenant is reported as one or an address, not as an address alone', () =>
    expect(issues({ authority: 'Contoso Ltd' })).toEqual([
      'authority: Directory (tenant) ID: Enter the tenant’s ID or one of its domains, for example contoso.onmicrosoft.com, or the authority’s full address. Found: Contoso Ltd',
    ]));

  test('of another provider is its whole address', () => {
    const other = { protocol: 'oidc', clientId: 'any', scopes: 'read' } as const;
    expect(made({ ...other, authority: 'https://id.example/' }).authority).toBe('https://id.example');
    expect(issues({ ...other, authority: 'contoso.com' })[0]).toMatch(/^authority: Issuer: /u);
  });
});

describe('typed scopes', () => {
  test('may be separated by spaces, commas and line breaks, and count once', () =>
    expect(made({ scopes: ' User.Read,Mail.Read\n User.Read ' }).scopes).toEqual(['User.Read', 'Mail.Read']));

  test('of further resources have a line each, and empty lines are ignored', () =>
    expect(
      made({ extraScopes: '\r\nhttps://vault.azure.net/.default\r\n\n api://a/x , api://a/y\n' }).extraScopes,
    ).toEqual([['https://vault.azure.net/.default'], ['api://a/x', 'api://a/y']]));

  test('of another provider may have commas in them', () => {
    const provider = { protocol: 'oidc', authority: 'https://id.example', extraScopes: 'c,d e' } as const;
    const { scopes, extraScopes } = made({ ...provider, scopes: 'a,b\n c' });
    expect([scopes, extraScopes]).toEqual([['a,b', 'c'], [['c,d', 'e']]]);
  });

  test('is refused if it is wrong', () => {
    expect(fieldsOf({ scopes: '  ' })).toEqual(['scopes']);
    expect(issues({ scopes: 'User.Read https://vault.azure.net/.default' })[0]).toMatch(
      /^scopes: Scopes: .*vault\.azure\.net/u,
    );
    expect(fieldsOf({ extraScopes: 'User.Read\nMail.Read https://vault.azure.net/x' })).toEqual([
      'extraScopes',
    ]);
    expect(fieldsOf({ scopes: 'a"b c\\d' })).toEqual(['scopes', 'scopes']);
  });
});

describe('everything wrong', () => {
  test('is listed at once, each error at its field', () => {
    const all = fieldsOf({
      name: 'x'.repeat(61),
      authority: '',
      clientId: 'nope',
      redirectUri: 'ftp://a',
      scopes: '',
      extraScopes: '"',
      schedule: { kind: 'cron', cron: 'x', timeZone: 'Nowhere' },
    });
    const expected: readonly DraftField[] = [
      'name',
      'authority',
      'clientId',
      'redirectUri',
      'scopes',
      'extraScopes',
      'schedule.cron',
      'schedule.timeZone',
    ];
    expect(all).toEqual(expected);
  });

  test('has the form’s name of the field, what is expected and what was found', () =>
    expect(issues({ clientId: 'nope' })).toEqual([
      expect.stringMatching(/^clientId: Application \(client\) ID: .* Found: nope$/u),
    ]));

  test('shows no secret, wherever it was typed by mistake', () => {
    const secret = 'pa ss-word/1"x';
    const entras = 'abc8Q~0123456789012345678901234567890123';
    for (const typed of [secret, entras]) {
      const text = `x${typed}y \u202e`;
      const wrong = issues(
        {
          name: `${text}${'x'.repeat(60)}`,
          authority: text,
          clientId: text,
          redirectUri: text,
          scopes: `${text}"`,
          extraScopes: `${text}"`,
          schedule: { kind: 'cron', cron: text, timeZone: text },
        },
        [` ${secret} `],
      );
      expect(wrong.length).toBeGreaterThan(6);
      for (const part of typed.split(' ')) expect(wrong.join(' ')).not.toContain(part);
      expect(wrong.join(' ')).not.toContain('\u202e');
    }
    // A short secret may be an ordinary word: it is masked, but does not cause a field to be refused.
    expect(issues({ clientId: 'x-pass-x' }, ['pass']).join(' ')).toMatch(/Found: x-\[secret\]-x/u);
    expect(made({ name: 'My pass' }, ['pass']).name).toBe('My pass');
  });

  test.each<[DraftField, (secret: string) => Partial<ProfileDraft>]>([
    ['name', (secret) => ({ name: secret })],
    ['authority', (secret) => ({ protocol: 'oidc', authority: `https://id.example/${secret}` })],
    ['clientId', (secret) => ({ protocol: 'oidc', authority: 'https://id.example', clientId: secret })],
    ['redirectUri', (secret) => ({ redirectUri: `http://localhost:5000/${secret}` })],
    ['scopes', (secret) => ({ scopes: secret })],
    ['extraScopes', (secret) => ({ extraScopes: `User.Read\n${secret}` })],
    ['schedule.at', (secret) => ({ schedule: { kind: 'at', at: secret, timeZone: 'UTC' } })],
    ['schedule.cron', (secret) => ({ schedule: { kind: 'cron', cron: secret, timeZone: 'UTC' } })],
    ['schedule.timeZone', (secret) => ({ schedule: { kind: 'at', at: '07:00', timeZone: secret } })],
  ])('with the secret in %s is refused there, and is neither stored nor shown', (field, change) => {
    for (const [secret, given] of [
      ['a-Real-secret.1', [' a-Real-secret.1\n']],
      ['abc8Q~0123456789012345678901234567890123', []],
    ] as const) {
      const wrong = issues(change(secret), given);
      expect(wrong).toEqual([
        expect.stringMatching(new RegExp(`^${field}: .*This is the client secret`, 'u')),
      ]);
      expect(wrong.join('')).not.toContain(secret);
    }
  });

  test('about a text of ten thousand characters is a readable sentence', () => {
    for (const issue of issues({
      clientId: 'x'.repeat(10_000),
      redirectUri: '<img onerror=alert(1)>'.repeat(400),
    }))
      expect(issue.length).toBeLessThan(400);
  });
});

describe('the form of a new profile', () => {
  test('starts with the usual values, in the system’s zone, and lacks what only the portal shows', () => {
    const fresh = freshDraft('Europe/Berlin');
    expect(fresh.schedule).toEqual({ kind: 'at', at: '07:00', timeZone: 'Europe/Berlin' });
    const result = profileOfDraft(fresh, 'default');
    if (result.kind === 'ok') throw new Error('nothing was wanted');
    expect(result.issues.map(({ field }) => field)).toEqual(['authority', 'clientId']);
  });

  test('is in UTC if the system has no zone', () =>
    expect(freshDraft(undefined).schedule).toMatchObject({ timeZone: 'UTC' }));
});

describe('the id of a new profile', () => {
  test.each([
    ['Work', [], 'work'],
    ['  My  Büro, 2nd floor! ', [], 'my-buro-2nd-floor'],
    ['', [], 'default'],
    ['会社', [], 'default'],
    ['../../etc', [], 'etc'],
    ['Work', ['work'], 'work-2'],
    ['Work', ['work', 'work-2'], 'work-3'],
    ['', ['default'], 'default-2'],
    ['x'.repeat(60), [], 'x'.repeat(32)],
    ['x'.repeat(60), ['x'.repeat(32)], `${'x'.repeat(30)}-2`],
    [`${'x'.repeat(31)} y`, [], 'x'.repeat(31)],
  ])('of %j beside %j is %s', (name, taken, expected) => expect(profileIdFor(name, taken)).toBe(expected));

  test('is always valid and unique', () => {
    const taken: string[] = [];
    for (const name of ['a', 'A', '--', '🙂', '1', 'ﬁ', 'İ', '\u202ea', ' - ', 'ß'.repeat(60)]) {
      for (let time = 0; time < 12; time += 1) {
        const id = profileIdFor(name, taken);
        expect(taken).not.toContain(id);
        expect(checkProfile({ ...work, id }).kind, id).toBe('ok');
        taken.push(id);
      }
    }
  });
});

describe('the credential of a draft', () => {
  test.each(['', '  ', 'two words', 'a\nb', '<your secret>', 'your_client_secret'])(
    'typed as %j is refused without showing it',
    (secret) => {
      const [issue, ...others] = secretIssues(secret);
      expect([issue?.field, others]).toEqual(['credential', []]);
      if (secret.trim() !== '') expect(issue?.sentence).not.toContain(secret);
    },
  );

  test('typed with spaces around it is accepted', () => expect(secretIssues(' a-Real~secret ')).toEqual([]));

  test('that looks like its ID is accepted with a warning', () => {
    const id = '72f988bf-86f1-41af-91ab-2d7cd011db47';
    expect(secretIssues(id)).toEqual([]);
    expect(secretWarnings(` ${id} `)).toHaveLength(1);
    expect(secretWarnings('a-Real~secret')).toEqual([]);
  });

  test('may stay as stored for the same registration, but for no other', () => {
    const another = { ...work, clientId: '99999999-2222-3333-4444-55555555abcd' };
    const elsewhere = { ...work, authority: 'https://login.microsoftonline.com/fabrikam.com' };
    expect(storedCredentialIssues({ ...work, name: 'x', scopes: ['a'] }, work, 'secret')).toEqual([]);
    expect(
      storedCredentialIssues({ ...work, clientId: work.clientId.toUpperCase() }, work, 'secret'),
    ).toEqual([]);
    for (const changed of [another, elsewhere]) {
      const [issue] = storedCredentialIssues(changed, work, 'certificate');
      expect(issue).toMatchObject({ field: 'credential' });
      expect(issue?.sentence).toContain(work.clientId);
    }
    expect(storedCredentialIssues(work, work, 'none')).toHaveLength(1);
    expect(storedCredentialIssues(work, undefined, 'secret')).toHaveLength(1);
  });
});

test('an https redirect URI on this machine is accepted with a warning', () => {
  expect(warningsOfProfile(made({ redirectUri: 'https://localhost:5000/back' }))).toHaveLength(1);
  expect(warningsOfProfile(work)).toEqual([]);
});

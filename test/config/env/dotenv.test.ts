import { describe, expect, it } from 'vitest';
import { importDotEnv, type ImportOptions, type ImportResult } from '../../../src/config/env/dotenv.ts';
import { sayIssue } from '../../../src/config/rules/issue.ts';
import type { Profile } from '../../../src/config/profile/profile.ts';
import { Secret } from '../../../src/system/secret.ts';

const CLIENT = '11111111-2222-3333-4444-55555555abcd';
const TENANT = '99999999-8888-7777-6666-555555555555';
const SECRET = 'aBc8Q~notarealsecretnotarealsecret12345';

/** The old application's file, filled in. */
const sample = {
  CLIENT_ID: CLIENT,
  CLIENT_SECRET: SECRET,
  TENANT_ID: TENANT,
  AUTHORITY: 'https://login.microsoftonline.com/<TENANT_ID>',
  REDIRECT_URI: 'http://localhost:5000/getAToken',
  SCOPE: 'User.Read',
  PORT: '5000',
  HOST: 'localhost',
};
type Names = Partial<Record<keyof typeof sample, string | undefined>>;

const wanted: Profile = {
  id: 'default',
  name: 'default',
  protocol: 'entra',
  extraScopes: [],
  authority: `https://login.microsoftonline.com/${TENANT}`,
  clientId: CLIENT,
  redirectUri: 'http://localhost:5000/getAToken',
  scopes: ['User.Read'],
  schedule: undefined,
  continuousAccess: true,
  signIn: 'window',
};

function lines(names: Readonly<Record<string, string | undefined>>, prefix = ''): string {
  return Object.entries(names)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${prefix}${name}=${value ?? ''}\n`)
    .join('');
}

function imported(text: string, options?: ImportOptions): Profile | string[] {
  const result = importDotEnv(text, options);
  return result.kind === 'ok' ? result.profile : result.issues.map(sayIssue);
}

/** The refused names, as `NAME rule`. */
function refused(text: string, options?: ImportOptions): string[] {
  return issuesOf(importDotEnv(text, options)).map(({ field, rule }) => `${field} ${rule.slice(14)}`);
}

function issuesOf(result: ImportResult): Extract<ImportResult, { kind: 'refused' }>['issues'] {
  return result.kind === 'refused' ? result.issues : [];
}

const changed = (names: Names): string => lines({ ...sample, ...names });

describe('the old application’s file is imported', () => {
  it('with its secret apart, and nothing to warn about', () => {
    const result = importDotEnv(lines(sample));
    expect(result).toMatchObject({ kind: 'ok', profile: wanted, warnings: [] });
    expect(
      result.kind === 'ok' && result.credential.kind === 'secret' && result.credential.secret.reveal(),
    ).toBe(SECRET);
    expect(JSON.stringify(result)).not.toContain(SECRET);
  });

  it.each<[string, string]>([
    ['with a byte order mark', `\uFEFF${lines(sample)}`],
    ['with CRLF', lines(sample).replaceAll('\n', '\r\n')],
    ['with old Mac line ends', lines(sample).replaceAll('\n', '\r')],
    ['without an end of the last line', lines(sample).trimEnd()],
    ['with export', lines(sample, 'export ')],
    ['with double quotes', lines(sample).replaceAll(/=(.*)/gu, '="$1"')],
    ['with single quotes', lines(sample).replaceAll(/=(.*)/gu, "='$1'")],
    ['with spaces around =', lines(sample).replaceAll('=', ' = ')],
    ['with comments', `# mine\n${lines(sample).replaceAll(/$/gmu, ' # why')}`],
    ['with quotes and comments', lines(sample).replaceAll(/=(.*)/gu, '="$1" # it\'s')],
    ['with blank lines and an indent', lines(sample).replaceAll(/^/gmu, '\n  ')],
    ['with a prefix', lines(sample, 'EMAIL_')],
    [
      'among other names',
      `FLASK_DEBUG=1\nDATABASE_URL=postgres://u:p@h/d#x\n${lines(sample)}TOKEN_FILE=/etc/passwd\n`,
    ],
    ['after a quoted text that mentions its names', `NOTE="\nCLIENT_ID=other\nSCOPE=none"\n${lines(sample)}`],
  ])('%s', (_, text) => {
    expect(imported(text)).toEqual(wanted);
  });

  it.each<[string, Names, Partial<Profile>]>([
    ['${TENANT_ID} in AUTHORITY', { AUTHORITY: 'https://login.microsoftonline.com/${TENANT_ID}' }, {}],
    ['no AUTHORITY', { AUTHORITY: undefined }, {}],
    ['an empty AUTHORITY', { AUTHORITY: '' }, {}],
    ['an AUTHORITY without tenant', { AUTHORITY: 'https://login.microsoftonline.com/' }, {}],
    [
      'the tenant in both',
      { AUTHORITY: `https://login.microsoftonline.com/${TENANT.toUpperCase()}/` },
      {
        authority: `https://login.microsoftonline.com/${TENANT.toUpperCase()}`,
      },
    ],
    ['the issuer as AUTHORITY', { AUTHORITY: `https://login.microsoftonline.com/${TENANT}/v2.0` }, {}],
    [
      'no TENANT_ID',
      { TENANT_ID: undefined, AUTHORITY: 'https://login.microsoftonline.com/common' },
      {
        authority: 'https://login.microsoftonline.com/common',
      },
    ],
    ['no PORT and HOST', { PORT: undefined, HOST: undefined }, {}],
    ['several scopes', { SCOPE: 'User.Read Mail.Read' }, { scopes: ['User.Read', 'Mail.Read'] }],
    ['commas', { SCOPE: 'User.Read, Mail.Read,' }, { scopes: ['User.Read', 'Mail.Read'] }],
    ['a JSON list', { SCOPE: '["User.Read", "Mail.Read"]' }, { scopes: ['User.Read', 'Mail.Read'] }],
    ['a quoted JSON list', { SCOPE: '\'["User.Read"]\'' }, {}],
    ['a scope twice', { SCOPE: 'User.Read User.Read' }, {}],
    [
      'a scope of its own API',
      { SCOPE: 'api://x.example/api/read' },
      { scopes: ['api://x.example/api/read'] },
    ],
  ])('with %s', (_, names, change) => {
    expect(imported(changed(names))).toEqual({ ...wanted, ...change });
  });

  it('with the prefix inside AUTHORITY, as Python would fill it in', () => {
    const names = { ...sample, AUTHORITY: 'https://login.microsoftonline.com/${EMAIL_TENANT_ID}' };
    expect(imported(lines(names, 'EMAIL_'))).toEqual(wanted);
  });

  it('with names without prefix standing in for those that the prefix lacks', () => {
    const { SCOPE, TENANT_ID, ...rest } = sample;
    const other = { SCOPE, TENANT_ID, REDIRECT_URI: 'http://localhost:7000/other' };
    expect(imported(lines(other) + lines(rest, 'EMAIL_'))).toEqual(wanted);
  });

  it('with the schedule that the caller offers, and none from the file', () => {
    const schedule = { cron: '0 7 * * *', timeZone: 'Asia/Seoul' };
    const text = `${lines(sample)}SCHEDULE=* * * * *\nCRON=* * * * *\n`;
    expect(imported(text, { schedule })).toEqual({ ...wanted, schedule });
    expect(imported(text)).toEqual(wanted);
  });
});

describe('several registrations in one file', () => {
  const text = lines(sample, 'EMAIL_') + lines({ ...sample, SCOPE: 'Mail.Read' }, 'CHAT_');

  it('are refused with their prefixes named', () => {
    expect(refused(text)).toEqual(['CLIENT_ID env.prefixes']);
    expect(issuesOf(importDotEnv(text))[0]?.found).toBe('EMAIL_ CHAT_');
  });

  it.each(['CHAT_', 'CHAT'])('are distinguished by the chosen prefix: %s', (prefix) => {
    expect(imported(text, { prefix })).toEqual({ ...wanted, scopes: ['Mail.Read'] });
  });

  it('a prefix that is not there has its names missing', () => {
    expect(refused(text, { prefix: 'WEB_' })).toContain('WEB_CLIENT_ID env.missing');
  });
});

describe('what is missing is listed at once', () => {
  it.each([
    [
      '',
      [
        'CLIENT_ID env.missing',
        'TENANT_ID env.missing-tenant',
        'REDIRECT_URI env.missing',
        'SCOPE env.missing',
        'CLIENT_SECRET env.missing',
      ],
    ],
    [
      'CLIENT_ID=\nCLIENT_SECRET=""\n',
      [
        'CLIENT_ID env.missing',
        'TENANT_ID env.missing-tenant',
        'REDIRECT_URI env.missing',
        'SCOPE env.missing',
        'CLIENT_SECRET env.missing',
      ],
    ],
    [
      lines({ ...sample, SCOPE: undefined, REDIRECT_URI: undefined }, 'EMAIL_'),
      ['EMAIL_REDIRECT_URI env.missing', 'EMAIL_SCOPE env.missing'],
    ],
    [lines({ ...sample, CLIENT_ID: undefined }, 'EMAIL_'), ['EMAIL_CLIENT_ID env.missing']],
    [changed({ TENANT_ID: undefined }), ['TENANT_ID env.missing']],
  ])('%j', (text, issues) => expect(refused(text)).toEqual(issues));

  it('together with what is wrong', () => {
    const text = changed({
      CLIENT_ID: 'my-app',
      SCOPE: undefined,
      AUTHORITY: 'http://x.example/t',
      TENANT_ID: undefined,
    });
    expect(refused(text).toSorted()).toEqual([
      'AUTHORITY authority.http',
      'CLIENT_ID client-id',
      'SCOPE env.missing',
    ]);
  });
});

describe('placeholders of a sample are refused by name', () => {
  const secrets = [
    '<your key>',
    'your_client_secret',
    'your-secret-here',
    'YOUR_SECRET',
    'xxxxx',
    'changeme',
    'change-me',
    '...',
    '***',
    '${CLIENT_SECRET}',
    'Enter_the_Client_Secret_Here',
    'client_secret',
    'yourSecret',
    '{secret}',
  ];
  it.each(secrets)('CLIENT_SECRET=%s', (value) => {
    expect(refused(changed({ CLIENT_SECRET: value }))).toEqual(['CLIENT_SECRET env.placeholder']);
  });

  it.each<[keyof typeof sample, string]>([
    ['CLIENT_ID', '<your client id>'],
    ['CLIENT_ID', 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx'],
    ['CLIENT_ID', '00000000-0000-0000-0000-000000000000'],
    ['TENANT_ID', 'your_tenant_id'],
    ['AUTHORITY', 'https://login.microsoftonline.com/<your tenant>'],
    ['AUTHORITY', 'https://login.microsoftonline.com/your-tenant-id'],
    ['REDIRECT_URI', 'http://localhost:${PORT}/getAToken'],
    ['SCOPE', '<scope>'],
    ['SCOPE', 'User.Read api://<client id>/read'],
    ['SCOPE', '["your_scope"]'],
  ])('%s=%s', (name, value) => {
    expect(refused(changed({ [name]: value }))).toEqual([`${name} env.placeholder`]);
  });

  it('all of them at once', () => {
    const names = Object.keys(sample).filter((name) => name !== 'PORT' && name !== 'HOST');
    const text = names.map((name) => `${name}=<your ${name}>\n`).join('');
    expect(refused(text)).toEqual(names.map((name) => `${name} env.placeholder`));
  });

  it.each([SECRET, 'exampleQ~xyz', 'a<b>c', 'p@ss{w}ord', '~~here~~', 'xX12'])(
    'but %s may be a secret',
    (value) => {
      expect(refused(changed({ CLIENT_SECRET: value }))).toEqual([]);
    },
  );
});

describe('a mistake is refused by name', () => {
  it.each<[string, string, string[]]>([
    [
      'another tenant in AUTHORITY',
      changed({ AUTHORITY: 'https://login.microsoftonline.com/contoso.com' }),
      ['TENANT_ID env.tenant-differs'],
    ],
    ['TENANT_ID that is an address', changed({ TENANT_ID: 'https://x.example' }), ['TENANT_ID env.tenant']],
    [
      'http',
      changed({ AUTHORITY: 'http://login.microsoftonline.com/<TENANT_ID>' }),
      ['AUTHORITY authority.http'],
    ],
    [
      'http redirect elsewhere',
      changed({ REDIRECT_URI: 'http://app.example/x' }),
      ['REDIRECT_URI redirect-uri.http'],
    ],
    ['another PORT', changed({ PORT: '8080' }), ['PORT env.port-differs']],
    [
      'PORT beside the default port',
      changed({ REDIRECT_URI: 'http://localhost/x' }),
      ['PORT env.port-differs'],
    ],
    ['PORT that is not a port', changed({ PORT: 'http' }), ['PORT env.port']],
    ['PORT too large', changed({ PORT: '65536' }), ['PORT env.port']],
    ['a Python list', changed({ SCOPE: "['User.Read']" }), ['SCOPE env.scope-list']],
    ['a broken JSON list', changed({ SCOPE: '["User.Read"' }), ['SCOPE env.scope-list']],
    ['a JSON list of numbers', changed({ SCOPE: '["User.Read", 1]' }), ['SCOPE env.scope-list']],
    ['an empty list', changed({ SCOPE: ',' }), ['SCOPE scope.empty']],
    ['two resources', changed({ SCOPE: 'User.Read api://x/y' }), ['SCOPE scope.two-resources']],
    ['.default mixed', changed({ SCOPE: 'User.Read .default' }), ['SCOPE scope.default-mixed']],
    ['an open quotation mark', changed({ CLIENT_SECRET: `"${SECRET}` }), ['CLIENT_SECRET env.quotes']],
    [
      'quotes over several lines',
      changed({ CLIENT_SECRET: `"${SECRET}\nA=1"` }),
      ['CLIENT_SECRET env.quotes'],
    ],
    ['a # that dotenv would cut at', changed({ CLIENT_SECRET: 'abcd#efgh' }), ['CLIENT_SECRET env.hash']],
    [
      'a fragment',
      changed({ REDIRECT_URI: '"http://localhost:5000/x#y"' }),
      ['REDIRECT_URI redirect-uri.parts'],
    ],
    ['a name with two values', `${lines(sample)}CLIENT_ID=${TENANT}\n`, ['CLIENT_ID env.duplicate']],
    ['a NUL byte', `${lines(sample)}\0`, ['.env env.binary']],
    ['UTF-16', Buffer.from(lines(sample), 'utf16le').toString('utf8'), ['.env env.binary']],
    ['bytes that are not UTF-8', `${lines(sample)}\uFFFD`, ['.env env.binary']],
  ])('%s', (_, text, issues) => expect(refused(text)).toEqual(issues));

  it('two values are found by their line numbers, also behind a quoted text over several lines', () => {
    const text = `NOTE="\nSCOPE=none\n"\n${lines(sample)}\nSCOPE=Mail.Read\n`;
    expect(issuesOf(importDotEnv(text)).map(sayIssue)).toEqual([
      'SCOPE: Lines 9 and 13 set different values. Keep one of them. Found: Mail.Read',
    ]);
  });

  it('a file of more than 1 MB is refused, one of exactly that size is read', () => {
    const fill = (bytes: number): string => {
      const text = `${lines(sample)}#`;
      return text + 'x'.repeat(bytes - text.length);
    };
    expect(imported(fill(1_000_000))).toEqual(wanted);
    expect(refused(fill(1_000_001))).toEqual(['.env env.too-large']);
  });

  it.each([
    [{ cron: '0 7 30 2 *', timeZone: 'UTC' }, ['schedule.cron cron.never']],
    [{ cron: '7', timeZone: 'UTC' }, ['schedule.cron cron.fields']],
    [{ cron: '*/90 * * * *', timeZone: 'UTC' }, ['schedule.cron cron.step']],
    [{ cron: '0 7 * * *', timeZone: 'Nowhere' }, ['schedule.timeZone time-zone']],
    [{ cron: '0 7 * * *', timeZone: '' }, ['schedule.timeZone time-zone']],
  ])('a schedule that cannot be kept: %j', (schedule, issues) => {
    expect(refused(lines(sample), { schedule })).toEqual(issues);
  });
});

describe('everything wrong is named at once', () => {
  it.each<[string, Names, string[]]>([
    [
      'http and another tenant',
      { AUTHORITY: 'http://login.microsoftonline.com/contoso.com' },
      ['AUTHORITY authority.http', 'TENANT_ID env.tenant-differs'],
    ],
    [
      'http and no tenant to fill in',
      { AUTHORITY: 'http://login.microsoftonline.com/<TENANT_ID>', TENANT_ID: undefined },
      ['AUTHORITY authority.http', 'TENANT_ID env.missing'],
    ],
    [
      'http and an invalid tenant',
      { AUTHORITY: 'http://login.microsoftonline.com/<TENANT_ID>', TENANT_ID: 'a b' },
      ['AUTHORITY authority.http', 'TENANT_ID env.tenant'],
    ],
    [
      'http and everything else',
      {
        AUTHORITY: 'http://login.microsoftonline.com/',
        CLIENT_ID: 'x',
        SCOPE: 'User.Read .default',
        REDIRECT_URI: 'http://app.example/x',
        PORT: '0',
        CLIENT_SECRET: '<secret>',
      },
      [
        'AUTHORITY authority.http',
        'CLIENT_ID client-id',
        'CLIENT_SECRET env.placeholder',
        'PORT env.port',
        'REDIRECT_URI redirect-uri.http',
        'SCOPE scope.default-mixed',
      ],
    ],
    [
      'an invalid tenant, without AUTHORITY',
      { AUTHORITY: undefined, TENANT_ID: 'a b' },
      ['TENANT_ID env.tenant'],
    ],
  ])('%s', (_, names, issues) => {
    expect(refused(changed(names)).toSorted()).toEqual(issues);
  });
});

describe('what the caller adds', () => {
  const fields = {
    ...{ cron: '--cron', at: '--at', everyHours: '--every', timeZone: '--zone' },
    ...{ id: '--profile', name: '--name', protocol: '--protocol', extraScopes: '--extra-scope' },
  };

  it('is in the profile', () => {
    const profile = { id: 'mail', name: 'Mail', extraScopes: [['https://management.azure.com/.default']] };
    expect(imported(lines(sample), { profile })).toEqual({ ...wanted, ...profile });
    expect(imported(lines(sample), { profile: { id: 'mail' } })).toEqual({
      ...wanted,
      id: 'mail',
      name: 'mail',
    });
  });

  it('and breaks a rule is reported by its option', () => {
    const profile = { id: 'Not An Id', name: '', extraScopes: [['User.Read', 'api://x/y']] };
    const schedule = { at: '25:00', timeZone: 'Nowhere' };
    expect(refused(lines(sample), { profile, schedule, fields }).toSorted()).toEqual([
      '--at at',
      '--extra-scope scope.two-resources',
      '--name profile-name',
      '--profile profile-id',
      '--zone time-zone',
    ]);
  });

  it('makes it an OpenID provider’s, whose issuer is taken as it is and needs no tenant', () => {
    const options: ImportOptions = { profile: { protocol: 'oidc' } };
    const names = { CLIENT_ID: 'my-app', SCOPE: 'openid https://a.example/x https://b.example/y' };
    const own = { protocol: 'oidc', clientId: 'my-app', scopes: names.SCOPE.split(' ') };
    for (const authority of ['https://idp.example.com', 'https://idp.example.com/x/v2.0'])
      expect(imported(changed({ ...names, AUTHORITY: authority }), options)).toEqual({
        ...wanted,
        ...own,
        authority,
      });
    expect(refused(changed({ ...names, AUTHORITY: undefined }), options)).toEqual(['AUTHORITY env.missing']);
    expect(refused(changed({ ...names, AUTHORITY: 'http://idp.example.com' }), options)).toEqual([
      'AUTHORITY authority.http',
    ]);
  });
});

describe('a credential beside the file', () => {
  const credential = { kind: 'assertion-file', path: '/run/assertion' } as const;

  it.each<[string, Names, string[]]>([
    ['replaces a missing secret', { CLIENT_SECRET: undefined }, []],
    ['replaces a placeholder', { CLIENT_SECRET: '<secret>' }, []],
    ['wins over the file’s, and says so', {}, ['settings.warning.credential']],
    ['wins over a secret’s id', { CLIENT_SECRET: TENANT }, ['settings.warning.credential']],
  ])('%s', (_, names, warnings) => {
    expect(importDotEnv(changed(names), { credential })).toEqual({
      kind: 'ok',
      profile: wanted,
      credential,
      warnings,
    });
  });

  it('does not hide a quotation mark that has eaten other names', () => {
    expect(refused(changed({ CLIENT_SECRET: `"${SECRET}` }), { credential })).toEqual([
      'CLIENT_SECRET env.quotes',
    ]);
  });

  it('is never shown, wherever else it occurs', () => {
    const secret = new Secret('given-on-the-command-line');
    const result = importDotEnv(changed({ CLIENT_ID: 'given-on-the-command-line' }), {
      credential: { kind: 'secret', secret },
    });
    expect(JSON.stringify(result)).not.toContain('given-on-the');
  });
});

describe('an https redirect URI', () => {
  it.each<[string, string[]]>([
    ['https://localhost:5000/x', ['settings.warning.redirect-https']],
    ['https://127.0.0.1:5000/x', ['settings.warning.redirect-https']],
    ['https://[::1]:5000/x', ['settings.warning.redirect-https']],
    ['https://app.example:5000/x', []],
  ])('of this machine is for the tray only: %s', (redirectUri, warnings) => {
    const result = importDotEnv(changed({ REDIRECT_URI: redirectUri }));
    expect(result).toMatchObject({ kind: 'ok', warnings });
  });
});

describe('a warning', () => {
  it.each<[string, string, string[]]>([
    ['HOST=0.0.0.0', changed({ HOST: '0.0.0.0' }), ['settings.warning.host']],
    ['HOST=::', changed({ HOST: '::' }), ['settings.warning.host']],
    ['HOST of a name', changed({ HOST: 'app.example' }), ['settings.warning.host']],
    ['HOST=127.0.0.2', changed({ HOST: '127.0.0.2' }), []],
    ['HOST=::1', changed({ HOST: '::1' }), []],
    [
      'the secret’s id in place of its value',
      changed({ CLIENT_SECRET: TENANT }),
      ['settings.warning.secret-id'],
    ],
    ['a name twice with one value', `${lines(sample)}SCOPE=User.Read\n`, ['settings.warning.duplicate']],
  ])('%s', (_, text, warnings) => {
    const result = importDotEnv(text);
    expect(result.kind === 'ok' && result.warnings).toEqual(warnings);
    expect(result.kind === 'ok' && result.profile).toEqual(wanted);
  });
});

describe('no issue ever contains the secret', () => {
  /** Each value of the file in turn replaced by the secret, and the secret itself broken. */
  const places = Object.keys(sample).filter((name) => name !== 'CLIENT_SECRET');
  const secrets = [
    SECRET,
    'short1',
    'p@ss word "x"',
    `tab\there-${'y'.repeat(90)}`,
    'https://x.example/secret',
    'a'.repeat(79),
  ];
  const shapes: ((secret: string) => string)[] = [
    (secret) => secret,
    (secret) => `https://${secret}@login.example/x y`,
    (secret) => `${'z'.repeat(75)}${secret}`,
    (secret) => `<${secret}>`,
    (secret) => `User.Read api://${secret}/x`,
    (secret) => `["${secret}", 1]`,
  ];

  it.each(places)('wherever it was put: %s', (name) => {
    for (const secret of secrets)
      for (const shape of shapes) {
        const text = lines({ ...sample, CLIENT_SECRET: `'${secret}'`, [name]: `\`${shape(secret)}\`` });
        const result = importDotEnv(text);
        const said = JSON.stringify(issuesOf(result)) + issuesOf(result).map(sayIssue).join('\n');
        expect(said).not.toContain(secret);
        expect(said).not.toContain(secret.slice(0, Math.max(6, secret.length / 2)));
      }
  });

  it.each<[string, string]>([
    ['given twice', `${lines(sample)}CLIENT_SECRET=another-${SECRET}\n`],
    ['not closed', changed({ CLIENT_SECRET: `"${SECRET}` })],
    ['cut at a #', changed({ CLIENT_SECRET: `${SECRET}#${SECRET}` })],
    ['put into CLIENT_ID by mistake', changed({ CLIENT_ID: SECRET, CLIENT_SECRET: CLIENT })],
    ['put into CLIENT_ID, of another kind', changed({ CLIENT_ID: 'hunter2-hunter2', CLIENT_SECRET: CLIENT })],
    ['of another registration', lines({ ...sample, CLIENT_ID: 'z' }, 'A_') + `B_CLIENT_SECRET=${SECRET}2\n`],
  ])('that is %s', (_, text) => {
    const result = importDotEnv(text);
    expect(result.kind).toBe('refused');
    const said = issuesOf(result).map(sayIssue).join('\n');
    expect(said).not.toContain(SECRET);
    expect(said).not.toContain('hunter2');
  });
});

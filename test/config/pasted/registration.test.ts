import { describe, expect, test } from 'vitest';
import { readPasted } from '../../../src/config/pasted/registration.ts';
import { withinLimit } from '../../house/fixtures/within-limit.ts';

const CLIENT = '11111111-2222-3333-4444-55555555abcd';
const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const OBJECT = '99999999-8888-7777-6666-555555555555';
const SECRET = 'abc8Q~0123456789012345678901234567890123';

function read(text: string): {
  readonly fields: object;
  readonly secret: string | undefined;
  readonly said: string;
} {
  const found = readPasted(text);
  if (found.kind === 'refused') throw new Error(found.sentences.join('\n'));
  expect(JSON.stringify(found)).not.toContain(SECRET);
  return { fields: found.fields, secret: found.secret?.reveal(), said: found.sentences.join('\n') };
}

function refusal(text: string): string {
  const found = readPasted(text);
  if (found.kind === 'read') throw new Error(JSON.stringify(found));
  expect(found.sentences.length).toBeGreaterThan(0);
  return found.sentences.join('\n');
}

describe('a .env file', () => {
  const whole = `# the old application
CLIENT_ID=${CLIENT}
CLIENT_SECRET="${SECRET}"
AUTHORITY=https://login.microsoftonline.com/<TENANT_ID>
TENANT_ID=${TENANT}
REDIRECT_URI=http://localhost:5000/getAToken
SCOPE=User.Read,Mail.Read
PORT=5000
HOST=localhost`;
  const all = {
    authority: TENANT,
    clientId: CLIENT,
    redirectUri: 'http://localhost:5000/getAToken',
    scopes: 'User.Read Mail.Read',
  };

  test.each([
    ['as it is', whole],
    ['with Windows’ line ends and a byte order mark', `\uFEFF${whole.replaceAll('\n', '\r\n')}`],
    ['with a prefix', whole.replaceAll(/^(?=[A-Z]+_|SCOPE|PORT|HOST)/gmu, 'AZURE_')],
    ['as a shell’s', whole.replaceAll(/^(?=[A-Z])/gmu, 'export ')],
  ])('is read whole %s', (_, text) => {
    const found = read(text);
    expect([found.fields, found.secret]).toEqual([all, SECRET]);
    expect(found.said).toMatch(/^Filled in: .*Credential.*Redirect URI.*\.$/u);
  });

  test('that is incomplete gives its parts and lists what is missing', () => {
    const found = read(`AZURE_CLIENT_ID=${CLIENT}\nAZURE_TENANT_ID=${TENANT}`);
    expect([found.fields, found.secret]).toEqual([{ authority: TENANT, clientId: CLIENT }, undefined]);
    expect(found.said).toContain('Not found in the text: Credential, Redirect URI.');
  });

  test('may contain only the secret', () => {
    const found = read(`CLIENT_SECRET=${SECRET}`);
    expect([found.fields, found.secret]).toEqual([{}, SECRET]);
  });

  test('of a national cloud keeps its address', () =>
    expect(
      read(`CLIENT_ID=${CLIENT}\nAUTHORITY=https://login.microsoftonline.us/contoso.us/v2.0`).fields,
    ).toEqual({
      authority: 'https://login.microsoftonline.us/contoso.us',
      clientId: CLIENT,
    }));

  test.each([
    [
      'a placeholder',
      `CLIENT_ID=<your client id>\nTENANT_ID=${TENANT}`,
      'placeholder',
      { authority: TENANT },
    ],
    [
      'two values',
      `CLIENT_ID=${CLIENT}\nCLIENT_ID=${OBJECT}\nTENANT_ID=${TENANT}`,
      'different values',
      { authority: TENANT },
    ],
    ['no tenant', `CLIENT_ID=${CLIENT}\nTENANT_ID=Contoso Ltd`, 'tenant', { clientId: CLIENT }],
    [
      'another tenant than its authority’s',
      `CLIENT_ID=${CLIENT}\nTENANT_ID=${TENANT}\nAUTHORITY=https://login.microsoftonline.com/contoso.com`,
      'not the tenant',
      { clientId: CLIENT },
    ],
    [
      'an open quotation mark',
      `TENANT_ID=${TENANT}\nCLIENT_SECRET="${SECRET}`,
      'not closed',
      { authority: TENANT },
    ],
    [
      'another port than its redirect URI’s',
      'REDIRECT_URI=http://localhost:5000/a\nPORT=8080',
      'port 5000',
      { redirectUri: 'http://localhost:5000/a' },
    ],
  ])('with %s says so, and gives the rest', (_, text, said, fields) => {
    const found = read(text);
    expect(found.said).toContain(said);
    expect(found.said).not.toContain(SECRET.slice(4));
    expect(found.fields).toEqual(fields);
  });

  test('with several registrations is refused', () =>
    expect(refusal(`A_CLIENT_ID=${CLIENT}\nB_CLIENT_ID=${OBJECT}`)).toContain('A_CLIENT_ID, B_CLIENT_ID'));

  test('whose secret is an ID gives a warning', () =>
    expect(read(`CLIENT_ID=${CLIENT}\nCLIENT_SECRET=${OBJECT}`).said).toContain('secret’s ID'));

  test('that listens on the whole network is reported as not imported', () =>
    expect(read(`CLIENT_ID=${CLIENT}\nHOST=0.0.0.0`).said).toContain('HOST'));
});

describe('a secret in the wrong place', () => {
  test.each([
    ['in a .env file', `CLIENT_ID=${SECRET}\nCLIENT_SECRET=${CLIENT}\nTENANT_ID=${TENANT}`],
    ['of another form', `CLIENT_ID=not-of-Entras-form\nCLIENT_SECRET=${CLIENT}\nTENANT_ID=${TENANT}`],
    ['in both', `CLIENT_ID=s3cret-of-ours\nCLIENT_SECRET=s3cret-of-ours\nTENANT_ID=${TENANT}`],
    ['in JSON', JSON.stringify({ appId: SECRET, password: CLIENT, tenant: TENANT })],
    ['in a name', JSON.stringify({ displayName: `old ${SECRET}`, tenant: TENANT, appId: OBJECT, a: 1 })],
  ])('is not imported %s and does not reach the page', (_, text) => {
    const found = readPasted(text);
    expect(found).toMatchObject({ kind: 'read', fields: { authority: TENANT } });
    for (const secret of [SECRET, 'not-of-Entras-form', 's3cret-of-ours'])
      expect(JSON.stringify(found)).not.toContain(secret);
    expect(JSON.stringify(found)).toContain('One of the values is a secret in the wrong place');
  });
});

describe('what the portal’s Overview page shows', () => {
  const expected = { name: 'My app', authority: TENANT, clientId: CLIENT };

  test.each([
    [
      'below each other',
      `Essentials\nDisplay name\n:\nMy app\nApplication (client) ID\n:\n${CLIENT}\nObject ID\n:\n${OBJECT}\nDirectory (tenant) ID\n:\n${TENANT}\nSupported account types\n: My organization only`,
    ],
    [
      'beside each other',
      `Display name: My app\r\nApplication (client) ID: ${CLIENT}\r\nObject ID: ${OBJECT}\r\nDirectory (tenant) ID: ${TENANT}\r\n`,
    ],
    [
      'without anything between',
      `Display name\tMy app\tApplication (client) ID${CLIENT}Object ID${OBJECT}Directory (tenant) ID${TENANT}`,
    ],
  ])('is read %s', (_, text) => expect(read(text).fields).toEqual(expected));

  test('is read with the table of secrets, and the redirect URI', () => {
    const found = read(
      `Client ID: ${CLIENT}\nTenant ID = ${TENANT}\nDescription\tExpires\tValue\tSecret ID\nfirst\t1/1/2027\t${SECRET}\t${OBJECT}\nRedirect URIs: http://localhost:5000/getAToken`,
    );
    expect(found).toMatchObject({
      fields: { authority: TENANT, clientId: CLIENT, redirectUri: 'http://localhost:5000/getAToken' },
      secret: SECRET,
    });
  });

  test('is read with the endpoints, in any cloud', () =>
    expect(
      read(
        `Client ID ${CLIENT}\nOAuth 2.0 authorization endpoint (v2)\nhttps://login.microsoftonline.us/${TENANT}/oauth2/v2.0/authorize`,
      ).fields,
    ).toEqual({ authority: `https://login.microsoftonline.us/${TENANT}`, clientId: CLIENT }));

  test('gives the parts that exist', () => {
    const found = read(`Application (client) ID\n${CLIENT}`);
    expect(found.fields).toEqual({ clientId: CLIENT });
    expect(found.said).toContain('Not found in the text: Directory (tenant) ID, Credential, Redirect URI.');
  });
});

describe('JSON', () => {
  const json = (value: unknown): string => JSON.stringify(value, undefined, 2);

  test('of az ad app show', () => {
    const app = {
      '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#applications/$entity',
      appId: CLIENT,
      displayName: 'My app',
      id: OBJECT,
      passwordCredentials: [{ displayName: 'first', hint: 'abc', keyId: OBJECT, secretText: null }],
      publisherDomain: 'contoso.onmicrosoft.com',
      requiredResourceAccess: [{ resourceAppId: OBJECT, resourceAccess: [{ id: OBJECT, type: 'Scope' }] }],
      web: { redirectUris: ['http://localhost:5000/getAToken', 'https://b.example'] },
    };
    expect(read(json(app)).fields).toEqual({
      name: 'My app',
      authority: 'contoso.onmicrosoft.com',
      clientId: CLIENT,
      redirectUri: 'http://localhost:5000/getAToken',
    });
    expect(read(json([app])).fields).toMatchObject({ clientId: CLIENT });
  });

  test('of az ad sp create-for-rbac', () => {
    const made = { appId: CLIENT, displayName: 'azure-cli-2026', password: SECRET, tenant: TENANT };
    const found = read(`\n  ${json(made)}`);
    expect(found).toMatchObject({
      fields: { name: 'azure-cli-2026', authority: TENANT, clientId: CLIENT },
      secret: SECRET,
    });
  });

  test('of az ad sp create-for-rbac --json-auth', () =>
    expect(
      read(
        json({
          clientId: CLIENT,
          clientSecret: SECRET,
          subscriptionId: OBJECT,
          tenantId: TENANT,
          activeDirectoryEndpointUrl: 'https://login.microsoftonline.us',
        }),
      ),
    ).toMatchObject({
      fields: { authority: `https://login.microsoftonline.us/${TENANT}`, clientId: CLIENT },
      secret: SECRET,
    }));

  test('of appsettings.json, with its comments and commas', () => {
    const found = read(`{
  // Microsoft.Identity.Web
  "Logging": { "LogLevel": { "Default": "Information" } },
  "AzureAd": {
    "Instance": "https://login.microsoftonline.com/", /* the public cloud */
    "TenantId": "${TENANT}",
    "ClientId": "${CLIENT}",
    "CallbackPath": "/signin-oidc",
    "Scopes": "access_as_user",
    "ClientCredentials": [{ "SourceType": "ClientSecret", "ClientSecret": "${SECRET}" }],
  },
}`);
    expect(found).toMatchObject({
      fields: { authority: TENANT, clientId: CLIENT, scopes: 'access_as_user' },
      secret: SECRET,
    });
    expect(found.said).toContain('/signin-oidc');
  });

  test('of MSAL’s samples', () => {
    expect(
      read(
        json({
          authority: 'https://login.microsoftonline.com/contoso.com',
          client_id: CLIENT,
          scope: ['User.Read', 'Mail.Read'],
          secret: SECRET,
        }),
      ),
    ).toMatchObject({
      fields: { authority: 'contoso.com', clientId: CLIENT, scopes: 'User.Read Mail.Read' },
      secret: SECRET,
    });
  });

  test('with a sample’s placeholders reports them and gives the rest', () => {
    const found = read(
      json({ AzureAd: { ClientId: CLIENT, TenantId: '<your tenant id>', ClientSecret: 'your_secret' } }),
    );
    expect([found.fields, found.secret]).toEqual([{ clientId: CLIENT }, undefined]);
    expect(found.said).toContain('TenantId: This is still a sample placeholder');
  });

  test('of several applications is refused', () =>
    expect(refusal(json([{ appId: CLIENT }, { appId: OBJECT }]))).toContain(CLIENT));

  test('with names of the prototype ignores them', () =>
    expect(read(`{"__proto__":{"appId":"${OBJECT}"},"appId":"${CLIENT}"}`).fields).toEqual({
      clientId: CLIENT,
    }));
});

describe('any other text', () => {
  test.each([
    '',
    '   \n',
    'hello',
    OBJECT,
    '{"a":1}',
    '[]',
    '{',
    'NAME=value\nOTHER=1',
    '\u202e<img onerror=alert(1)>',
  ])('is refused with what is expected: %j', (text) => expect(refusal(text)).toContain('.env'));

  test('is refused if it is binary or too large', () => {
    expect(refusal(`CLIENT_ID=${CLIENT}\0`)).toContain('plain text');
    expect(refusal('\uFFFD\uFFFDELF')).toContain('plain text');
    expect(refusal('x'.repeat(1_000_001))).toContain('1 MB');
  });
});

describe('a value longer than any registration has', () => {
  const long = `https://a.example/${'x'.repeat(2000)}`;

  test.each([
    ['a .env file', `CLIENT_ID=${CLIENT}\nREDIRECT_URI=${long}\n`, 'REDIRECT_URI'],
    ['JSON', JSON.stringify({ clientId: CLIENT, redirectUri: long }), 'redirectUri'],
  ])('of %s is named and left out, and the rest is taken', (_, text, name) => {
    const { fields, said } = read(text);
    expect(fields).toEqual({ clientId: CLIENT });
    expect(said).toContain(`${name}: Must be at most 2000 characters`);
    expect(said).not.toContain('xxx');
  });

  test('of a secret is left out too', () => {
    const { secret, said } = read(`CLIENT_ID=${CLIENT}\nCLIENT_SECRET=${'x'.repeat(2001)}\n`);
    expect(secret).toBeUndefined();
    expect(said).toContain('CLIENT_SECRET: Must be at most 2000 characters');
  });
});

describe('a hostile text of a megabyte', () => {
  const fill = (part: string, before = '', after = ''): string =>
    before + part.repeat(Math.floor((1_000_000 - before.length - after.length) / part.length)) + after;

  test.each([
    ['one word', fill('x')],
    ['open quotation marks', fill('CLIENT_ID="\n')],
    ['open quotation marks, escaped', fill('\\"', '{"a":"')],
    ['quotation marks of all kinds', fill(`CLIENT_ID='"\``)],
    ['open comments', fill('/* ', '{')],
    ['commas', fill(', ', '{')],
    ['brackets', fill('[')],
    ['objects', fill('{"a":', '')],
    ['labels', fill('Application (client) ID ')],
    ['names', fill('Display name ')],
    ['redirects', fill('Redirect URI http://')],
    ['blanks', fill(' ', 'Display name', 'x')],
    ['half GUIDs', fill('11111111-2222-3333-')],
    ['addresses', fill('https://login.')],
    ['half secrets', fill('abc8Q~')],
    ['dots and hyphens', fill('.-')],
    ['equal signs', fill('CLIENT_ID=')],
    ['line ends', fill('\n', 'CLIENT_ID=')],
    ['names of a .env', fill('A_B_CLIENT_ID', '')],
    ['old line ends', fill('\r')],
    ['old line ends in a .env', fill('\r', 'CLIENT_ID=')],
    ['line separators', '\u2028'.repeat(330_000)],
    ['line separators in a .env', `CLIENT_ID=${'\u2028'.repeat(330_000)}`],
    ['tenants', fill('tenant')],
    ['a tenant’s hyphens', fill('tenant-id-')],
    [
      'an endless address',
      JSON.stringify({ clientId: CLIENT, authority: `https://a/${'/v2.0/.well-known/'.repeat(55_000)}\nx` }),
    ],
    ['many assignments', fill(`A=1\n`, `CLIENT_ID=${CLIENT}\n`)],
    [
      'many registrations',
      Array.from({ length: 4999 }, (_, index) => `P${index}_CLIENT_ID=${CLIENT}`).join('\n'),
    ],
    ['many prefixes', Array.from({ length: 40_000 }, (_, index) => `P${index}_CLIENT_ID=1\n`).join('')],
    ['many keys', `{${Array.from({ length: 60_000 }, (_, index) => `"k${index}":1`).join(',')}}`],
    ['many applications', JSON.stringify(Array.from({ length: 20_000 }, () => ({ appId: CLIENT })))],
  ])('is read in little time: %s', (_, text) => {
    expect(text.length).toBeLessThanOrEqual(1_000_000);
    const read = withinLimit(() => readPasted(text));
    expect(read?.sentences.join('').length).toBeLessThan(3000);
  });
});

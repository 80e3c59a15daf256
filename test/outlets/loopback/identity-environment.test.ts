import { execFileSync } from 'node:child_process';
import { parse } from 'dotenv';
import { describe, expect, test } from 'vitest';
import { identityEnvironment } from '../../../src/outlets/loopback/identity-environment.ts';
import { envLines } from '../../../src/terminal/env/lines.ts';

const made = (env: Readonly<Record<string, string>> = {}): ReturnType<typeof identityEnvironment> =>
  identityEnvironment({ port: 4321, key: 'the-key', env });

describe('the variables of the managed-identity protocol', () => {
  test('lead an Azure SDK to this address by number, and nowhere else', () => {
    const { set, unset } = made();
    expect(set).toEqual({
      IDENTITY_ENDPOINT: 'http://127.0.0.1:4321/msi/token',
      IDENTITY_HEADER: 'the-key',
      NO_PROXY: '127.0.0.1,localhost',
      no_proxy: '127.0.0.1,localhost',
      // The one value that every SDK takes that reads it: the first releases refuse a credential’s name.
      AZURE_TOKEN_CREDENTIALS: 'prod',
    });
    expect(unset).toEqual(
      expect.arrayContaining([
        'IDENTITY_SERVER_THUMBPRINT',
        'AZURE_CLIENT_SECRET',
        'AZURE_FEDERATED_TOKEN_FILE',
      ]),
    );
  });

  test.each([
    [{ NO_PROXY: 'a.example,  .b.example' }, 'a.example,.b.example,127.0.0.1,localhost'],
    [{ no_proxy: 'localhost' }, 'localhost,127.0.0.1'],
    [{ NO_PROXY: '', no_proxy: 'c.example' }, 'c.example,127.0.0.1,localhost'],
    [{ NO_PROXY: 'a.example', no_proxy: 'b.example,a.example' }, 'a.example,b.example,127.0.0.1,localhost'],
    [{ NO_PROXY: '*,a.example' }, '*,a.example,127.0.0.1,localhost'],
  ])('exceptions from the proxy stay: %j', (env, wanted) => {
    const { set, unset } = made(env);
    expect(set).toMatchObject({ NO_PROXY: wanted, no_proxy: wanted });
    expect(unset).not.toContain('HTTP_PROXY');
  });

  // curl and Python read it as “all hosts” only if it is the only entry; Azure’s SDK for JavaScript takes it for a
  // host name, and would send the key to the proxy.
  test.each([{ NO_PROXY: '*' }, { no_proxy: ' * ' }, { NO_PROXY: 'a.example', no_proxy: '*' }])(
    'no proxy for any host stays so, also for programs that cannot read it: %j',
    (env) => {
      const { set, unset } = made(env);
      expect(set).toMatchObject({ NO_PROXY: '*', no_proxy: '*' });
      const proxies = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'];
      expect(unset).toEqual(expect.arrayContaining(proxies));
    },
  );
});

describe('their lines', () => {
  const awkward = { NO_PROXY: `it's "$(id)" \`id\` $HOME \\` };
  const wanted = `it's "$(id)" \`id\` $HOME \\,127.0.0.1,localhost`;

  test.each(['/bin/sh', '/bin/bash'])('%s reads back the original value', (shell) => {
    const lines = envLines(made(awkward), 'sh').join('\n');
    const out = execFileSync(shell, ['-c', `${lines}\nprintf %s "$NO_PROXY"; echo; echo "$AZURE_USERNAME"`], {
      encoding: 'utf8',
      // Without HOME, bash would look up the developer's and read its .bashrc.
      env: { AZURE_USERNAME: 'somebody', HOME: process.env['HOME'] },
    });
    expect(out).toBe(`${wanted}\n\n`);
  });

  test('a .env file holds the same', () => {
    const { set } = made({ NO_PROXY: 'a.example' });
    expect(parse(envLines(made({ NO_PROXY: 'a.example' }), 'dotenv').join('\n'))).toEqual(set);
  });

  test('PowerShell’s quotes are doubled, the curled ones as well', () => {
    const [, , line] = envLines(made({ NO_PROXY: "a’b'c" }), 'powershell');
    expect(line).toBe(`$env:NO_PROXY = 'a’’b''c,127.0.0.1,localhost'`);
  });
});

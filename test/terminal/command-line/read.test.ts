import { describe, expect, test } from 'vitest';
import { say } from '../../../src/words/say.ts';
import { readLine } from '../fixtures/read-line.ts';

const words = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/gu)].map(([, quoted, bare]) => quoted ?? bare ?? '');

function read(line: string): ReturnType<typeof readLine> {
  const [name = '', ...args] = words(line);
  return readLine(name, args);
}

describe('what a command gets', () => {
  test.each<[string, object]>([
    ['serve', {}],
    ['serve --json', { json: true }],
    ['serve --verbose --from-env .env', { verbose: true, fromEnv: '.env' }],
    ['token', {}],
    ['token --scope A --scope=B', { scope: ['A', 'B'] }],
    ['token --resource https://x/ --profile work', { resource: 'https://x/', profile: 'work' }],
    ['token --profile=--odd', { profile: '--odd' }],
    ['token --min-lifetime 10m --json', { minLifetime: 600, json: true }],
    ['token --refresh --header', { refresh: true, header: true }],
    ['token --exec-credential', { execCredential: true }],
    ['status --json', { json: true }],
    ['status --watch --profile work', { watch: true, profile: 'work' }],
    ['refresh', {}],
    ['sign-in --json', { json: true }],
    ['sign-out --profile work', { profile: 'work' }],
    ['doctor', {}],
    ['doctor --profile work --json', { profile: 'work', json: true }],
    ['import .env', { file: '.env' }],
    ['import -- --odd', { file: '--odd' }],
    ['import --prefix EMAIL_ .env', { file: '.env', prefix: 'EMAIL_' }],
    ['import --prefix= .env', { file: '.env', prefix: '' }],
    ['import .env --at 07:05', { file: '.env', at: '07:05' }],
    ['import .env --at 7:00 --zone Asia/Seoul', { file: '.env', at: '07:00', zone: 'Asia/Seoul' }],
    ['import .env --cron "0 7 * * 1-5"', { file: '.env', cron: '0 7 * * 1-5' }],
    ['import .env --every 6h', { file: '.env', every: 6 }],
    ['import .env --every 12', { file: '.env', every: 12 }],
    [
      'import .env --profile work --name "At work" --default --protocol oidc --ca-file ca.pem --json',
      {
        file: '.env',
        profile: 'work',
        name: 'At work',
        default: true,
        protocol: 'oidc',
        caFile: 'ca.pem',
        json: true,
      },
    ],
    [
      'import .env --extra-scope "A B" --extra-scope C,D',
      {
        file: '.env',
        extraScope: [
          ['A', 'B'],
          ['C', 'D'],
        ],
      },
    ],
    ['import .env --sign-in browser', { file: '.env', signIn: 'browser' }],
    ['import .env --certificate c.pem --key k.pem', { file: '.env', certificate: 'c.pem', key: 'k.pem' }],
    ['import .env --certificate c.pem', { file: '.env', certificate: 'c.pem' }],
    ['import .env --assertion-file a.jwt', { file: '.env', assertionFile: 'a.jwt' }],
    ['import .env --token-file t', { file: '.env', tokenFile: 't' }],
    [
      'import .env --token-file t --token-file-format env',
      { file: '.env', tokenFile: 't', tokenFileFormat: 'env' },
    ],
    ['profiles', {}],
    ['profiles --json', { json: true }],
    ['profiles default work', { action: 'default', id: 'work' }],
    ['profiles remove work', { action: 'remove', id: 'work' }],
    ['settings', {}],
    ['settings loopback on --json', { name: 'loopback', value: 'on', json: true }],
    ['settings clipboardClearSeconds 30', { name: 'clipboardClearSeconds', value: '30' }],
    ['settings clipboardClearSeconds -5', { name: 'clipboardClearSeconds', value: '-5' }],
    ['token-files', {}],
    [
      'token-files add /t --profile work --scope a --scope b --format env',
      { action: 'add', path: '/t', profile: 'work', scope: ['a', 'b'], format: 'env' },
    ],
    ['token-files remove t', { action: 'remove', path: 't' }],
    ['reload', {}],
    ['storage', {}],
    ['storage auto', { choice: 'auto' }],
    ['storage memory --json', { choice: 'memory', json: true }],
    ['storage plain-file', { choice: 'plain-file' }],
    ['storage encrypted-file --key-file k', { choice: 'encrypted-file', keyFile: 'k' }],
    [
      'storage encrypted-file --systemd-credential tokentray',
      { choice: 'encrypted-file', systemdCredential: 'tokentray' },
    ],
    ['storage encrypted-file --passphrase', { choice: 'encrypted-file', passphrase: true }],
    ['service', {}],
    ['service install --credential k', { action: 'install', credential: 'k' }],
    ['completion zsh', { shell: 'zsh' }],
    ['env --format dotenv', { format: 'dotenv' }],
    ['exec --profile work -- az login', { profile: 'work', program: ['az', 'login'] }],
    ['exec -- echo --help --json --', { program: ['echo', '--help', '--json', '--'] }],
  ])('%s', async (line, options) => {
    expect(await read(line)).toEqual({ kind: 'read', options });
  });

  test.each([
    'token --help',
    'import x -h',
    'import -h',
    'token --nonsense -h',
    'token --min-lifetime x --help',
    'token --profile --help',
    'exec --help -- echo',
  ])('help: %s', async (line) => {
    expect(await read(line)).toEqual({ kind: 'help' });
  });
});

const option = (
  code: 'cli.usage.value-missing' | 'cli.usage.value-extra' | 'cli.usage.twice',
  name: string,
) => say(code, { option: name });
const both = (first: string, second: string): string => say('cli.usage.both', { first, second });
const alone = (name: string, wanted: string): string => say('cli.usage.alone', { option: name, wanted });
const choice = (name: string, wanted: string, found: string): string =>
  say('cli.usage.choice', { option: name, wanted, found });
const action = (command: string, wanted: string, found: string): string =>
  say('cli.usage.action', { command, wanted, found });
const argument = (command: string, wanted: string): string => say('cli.usage.argument', { command, wanted });
const extra = (command: string, found: string): string => say('cli.usage.extra', { command, found });
const duration = (found: string): string => say('cli.usage.duration', { option: '--min-lifetime', found });

const TOKEN_OPTIONS =
  '--scope, --resource, --min-lifetime, --refresh, --profile, --json, --header, --exec-credential';
const SETTINGS = 'loopback, shellCache, network, clipboardClearSeconds, logLevel';

describe('wrong usage: the message says what was found and what is expected', () => {
  test.each<[string, string]>([
    [
      'token --scopes A',
      say('cli.usage.option-meant', { command: 'token', found: '--scopes', meant: '--scope' }),
    ],
    [
      'token --bananas A',
      say('cli.usage.option', { command: 'token', found: '--bananas', wanted: TOKEN_OPTIONS }),
    ],
    [
      'token --__proto__ A',
      say('cli.usage.option', { command: 'token', found: '--__proto__', wanted: TOKEN_OPTIONS }),
    ],
    ['token -x', say('cli.usage.option', { command: 'token', found: '-x', wanted: TOKEN_OPTIONS })],
    [
      'completion bash --bananas',
      say('cli.usage.option', { command: 'completion', found: '--bananas', wanted: say('cli.usage.none') }),
    ],
    ['token --scope', option('cli.usage.value-missing', '--scope')],
    ['token --profile --json', option('cli.usage.value-missing', '--profile')],
    ['token --profile=', option('cli.usage.value-missing', '--profile')],
    ['status --json=yes', option('cli.usage.value-extra', '--json')],
    ['token --json --header', both('--json', '--header')],
    ['token --header --exec-credential', both('--header', '--exec-credential')],
    ['token --scope A --resource B', both('--scope', '--resource')],
    ['env --format sh --json', both('--format', '--json')],
    ['token --min-lifetime soon', duration('soon')],
    ['token --min-lifetime 9999999h', duration('9999999h')],
    ['token --min-lifetime 1m --min-lifetime 2m', option('cli.usage.twice', '--min-lifetime')],
    ['token User.Read', extra('token', 'User.Read')],
    ['import', argument('import', 'FILE')],
    ['import a b', extra('import', 'b')],
    ['import a --at 25:00', say('cli.usage.clock', { option: '--at', found: '25:00' })],
    ['import a --at 07:00 --cron x', both('--at', '--cron')],
    ['import a --every 6h --cron x', both('--cron', '--every')],
    ['import a --every 5h', choice('--every', '1h, 2h, 3h, 4h, 6h, 8h, 12h, 24h', '5h')],
    ['import a --zone Asia/Seoul', alone('--zone', '--at, --cron, --every')],
    ['import a --protocol saml', choice('--protocol', 'entra, oidc', 'saml')],
    ['import a --key k', alone('--key', '--certificate')],
    ['import a --certificate c --assertion-file f', both('--certificate', '--assertion-file')],
    ['import a --token-file-format json', alone('--token-file-format', '--token-file')],
    [
      'import a --token-file t --token-file-format xml',
      choice('--token-file-format', 'bare, json, env', 'xml'),
    ],
    ['import a --extra-scope " "', option('cli.usage.value-missing', '--extra-scope')],
    ['import a --sign-in tray', choice('--sign-in', 'window, browser', 'tray')],
    ['settings lopback on', action('settings', SETTINGS, 'lopback')],
    ['settings hooks x', action('settings', SETTINGS, 'hooks')],
    ['settings loopback', argument('settings loopback', 'VALUE')],
    ['token-files drop x', action('token-files', 'add, remove', 'drop')],
    ['token-files add', argument('token-files add', 'PATH')],
    ['token-files add /t --format xml', choice('--format', 'bare, json, env', 'xml')],
    ['token-files --scope a', alone('--scope', 'add')],
    ['token-files remove /t --profile a', alone('--profile', 'add')],
    ['profiles add x', action('profiles', 'default, remove', 'add')],
    ['profiles remove', argument('profiles remove', 'ID')],
    ['profiles default a b', extra('profiles', 'b')],
    ['storage keyring', action('storage', 'auto, encrypted-file, memory, plain-file', 'keyring')],
    ['storage encrypted-file --key-file a --passphrase', both('--key-file', '--passphrase')],
    ['storage auto --key-file a', alone('--key-file', 'encrypted-file')],
    ['storage --passphrase', alone('--passphrase', 'encrypted-file')],
    ['completion fish', action('completion', 'bash, zsh', 'fish')],
    ['completion', argument('completion', 'SHELL')],
    ['env --format fish', choice('--format', 'sh, powershell, dotenv', 'fish')],
    ['exec', argument('exec', '-- CMD')],
    ['exec --', argument('exec', '-- CMD')],
    ['exec echo', extra('exec', 'echo')],
    ['exec echo -- x', extra('exec', 'echo')],
    ['service start', action('service', 'print, install, uninstall', 'start')],
  ])('%s', async (line, message) => {
    expect(await read(line)).toEqual({ kind: 'usage', message });
  });

  test('an empty path, and options of another action', async () => {
    expect(await readLine('token-files', ['add', ''])).toMatchObject({ kind: 'usage' });
    expect(await read('token-files remove add --scope X')).toEqual({
      kind: 'usage',
      message: alone('--scope', 'add'),
    });
  });

  test('control characters do not reach the terminal', async () => {
    for (const args of [['--\u001b[31mred'], ['\u001b[31mred'], ['--min-lifetime', '\u001b[31mred']]) {
      const { message } = (await readLine('token', args)) as { message: string };
      expect(message).toContain('\\u001b[31mred');
      expect(message).not.toContain('\u001b');
    }
  });
});

describe('durations', () => {
  test.each<[string, number]>([
    ['600', 600],
    ['90s', 90],
    ['10m', 600],
    ['2h', 7200],
    ['0', 0],
  ])('%s', async (text, minLifetime) => {
    expect(await readLine('token', ['--min-lifetime', text])).toMatchObject({ options: { minLifetime } });
  });

  test.each(['1.5h', '-1', '10 m', 'h', '12345678'])('not a duration: %s', async (found) => {
    expect(await readLine('token', ['--min-lifetime', found])).toEqual({
      kind: 'usage',
      message: duration(found),
    });
  });
});

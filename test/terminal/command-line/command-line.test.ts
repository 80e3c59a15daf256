import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCommandLine } from '../../../src/terminal/command-line/command-line.ts';
import { COMMAND_NAMES } from '../../../src/terminal/command-line/command.ts';
import { readDuration } from '../../../src/terminal/command-line/duration.ts';
import { catalogue } from '../../../src/words/catalogue.ts';

const words = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/gu)].map(([, quoted, bare]) => quoted ?? bare ?? '');
const read = (line: string): unknown => readCommandLine(words(line));
const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;

describe('commands', () => {
  const token = {
    name: 'token',
    profile: undefined,
    scopes: [],
    resource: undefined,
    minLifetimeSeconds: undefined,
    fresh: 'if-needed',
    format: 'bare',
  };
  const imported = {
    name: 'import',
    file: '.env',
    profile: undefined,
    displayName: undefined,
    rank: 'further',
    protocol: 'entra',
    prefix: undefined,
    extraScopes: [],
    credential: { kind: 'env' },
    schedule: undefined,
    tokenFile: undefined,
    caFile: undefined,
    format: 'words',
  };
  const serve = { name: 'serve', logLevel: 'warn', envFile: undefined, format: 'words' };
  const status = { name: 'status', profile: undefined, format: 'words', mode: 'once' };
  const plain = { profile: undefined, format: 'words' };
  const profiles = { name: 'profiles', action: { kind: 'list' }, format: 'words' };
  const storage = { name: 'storage', action: { kind: 'show' }, format: 'words' };
  const encrypted = (key: object): object => ({
    ...storage,
    action: { kind: 'switch', choice: { kind: 'encrypted-file', key } },
  });
  test.each<[string, object]>([
    ['--help', { name: 'help', topic: undefined }],
    ['-h', { name: 'help', topic: undefined }],
    ['help', { name: 'help', topic: undefined }],
    ['help token', { name: 'help', topic: 'token' }],
    ['--help storage', { name: 'help', topic: 'storage' }],
    ['token --help', { name: 'help', topic: 'token' }],
    ['import x -h', { name: 'help', topic: 'import' }],
    ['--version', { name: 'version' }],
    ['serve', serve],
    ['serve --json', { ...serve, format: 'json' }],
    ['serve --verbose --from-env .env', { ...serve, logLevel: 'debug', envFile: '.env' }],
    ['token', token],
    ['token --scope A --scope=B', { ...token, scopes: ['A', 'B'] }],
    ['token --resource https://x/ --profile work', { ...token, resource: 'https://x/', profile: 'work' }],
    ['token --min-lifetime 10m --json', { ...token, minLifetimeSeconds: 600, format: 'json' }],
    ['token --refresh --header', { ...token, fresh: 'always', format: 'header' }],
    ['status --json', { ...status, format: 'json' }],
    ['status --watch --profile work', { ...status, mode: 'watch', profile: 'work' }],
    ['refresh', { ...plain, name: 'refresh' }],
    ['sign-in --json', { ...plain, name: 'sign-in', format: 'json' }],
    ['sign-out --profile work', { ...plain, name: 'sign-out', profile: 'work' }],
    ['doctor', { ...plain, name: 'doctor' }],
    ['doctor --profile work --json', { name: 'doctor', profile: 'work', format: 'json' }],
    ['import .env', imported],
    ['import --prefix EMAIL_ .env', { ...imported, prefix: 'EMAIL_' }],
    ['import .env --at 07:05', { ...imported, schedule: { at: '07:05', timeZone: zone } }],
    [
      'import .env --at 7:00 --zone Asia/Seoul',
      { ...imported, schedule: { at: '07:00', timeZone: 'Asia/Seoul' } },
    ],
    ['import .env --cron "0 7 * * 1-5"', { ...imported, schedule: { cron: '0 7 * * 1-5', timeZone: zone } }],
    ['import .env --every 6h', { ...imported, schedule: { everyHours: 6, timeZone: zone } }],
    [
      'import .env --profile work --name "At work" --default --protocol oidc --ca-file ca.pem --json',
      {
        ...imported,
        profile: 'work',
        displayName: 'At work',
        rank: 'default',
        protocol: 'oidc',
        caFile: 'ca.pem',
        format: 'json',
      },
    ],
    [
      'import .env --extra-scope "A B" --extra-scope C,D',
      {
        ...imported,
        extraScopes: [
          ['A', 'B'],
          ['C', 'D'],
        ],
      },
    ],
    ['import .env --sign-in browser', { ...imported, signIn: 'browser' }],
    [
      'import .env --certificate c.pem --key k.pem',
      { ...imported, credential: { kind: 'certificate', file: 'c.pem', keyFile: 'k.pem' } },
    ],
    [
      'import .env --certificate c.pem',
      { ...imported, credential: { kind: 'certificate', file: 'c.pem', keyFile: undefined } },
    ],
    [
      'import .env --assertion-file a.jwt',
      { ...imported, credential: { kind: 'assertion-file', file: 'a.jwt' } },
    ],
    ['import .env --token-file t', { ...imported, tokenFile: { path: 't', format: 'bare' } }],
    [
      'import .env --token-file t --token-file-format env',
      { ...imported, tokenFile: { path: 't', format: 'env' } },
    ],
    ['profiles', profiles],
    ['profiles --json', { ...profiles, format: 'json' }],
    ['profiles default work', { ...profiles, action: { kind: 'default', id: 'work' } }],
    ['settings', { name: 'settings', action: { kind: 'show' }, format: 'words' }],
    [
      'settings loopback on --json',
      { name: 'settings', action: { kind: 'set', setting: 'loopback', value: true }, format: 'json' },
    ],
    [
      'settings clipboardClearSeconds 30',
      {
        name: 'settings',
        action: { kind: 'set', setting: 'clipboardClearSeconds', value: 30 },
        format: 'words',
      },
    ],
    ['token-files', { name: 'token-files', action: { kind: 'list' }, format: 'words' }],
    [
      'token-files add /t --profile work --scope a --scope b --format env',
      {
        name: 'token-files',
        action: { kind: 'add', path: '/t', profile: 'work', scopes: ['a', 'b'], format: 'env' },
        format: 'words',
      },
    ],
    [
      'token-files remove t',
      { name: 'token-files', action: { kind: 'remove', path: path.resolve('t') }, format: 'words' },
    ],
    ['reload', { name: 'reload', format: 'words' }],
    ['profiles remove work', { ...profiles, action: { kind: 'remove', id: 'work' } }],
    ['storage', storage],
    ['storage auto', { ...storage, action: { kind: 'switch', choice: 'auto' } }],
    ['storage memory --json', { ...storage, action: { kind: 'switch', choice: 'memory' }, format: 'json' }],
    ['storage plain-file', { ...storage, action: { kind: 'switch', choice: 'plain-file' } }],
    ['storage encrypted-file --key-file k', encrypted({ kind: 'key-file', path: 'k' })],
    [
      'storage encrypted-file --systemd-credential tokentray',
      encrypted({ kind: 'systemd-credential', name: 'tokentray' }),
    ],
    ['storage encrypted-file --passphrase', encrypted({ kind: 'passphrase' })],
  ])('%s', (line, command) => {
    expect(read(line)).toEqual({ kind: 'command', command });
  });
});

describe('wrong usage says what was found and what is wanted', () => {
  test.each([
    ['', 'A command is wanted: serve,'],
    ['gettoken', 'no command “gettoken”. Wanted: serve, sign-in, token,'],
    ['tokne', 'no command “tokne”. Did you mean token?'],
    ['help tokn', 'no command “tokn”. Did you mean token?'],
    ['constructor', 'no command “constructor”'],
    ['token --scopes A', 'no option “--scopes”. Did you mean --scope?'],
    ['token --lifetime A', 'no option “--lifetime”. Wanted: --scope, --resource'],
    ['token --__proto__ A', 'no option “--__proto__”'],
    ['token --scope', '--scope wants a value; nothing was found.'],
    ['token --profile --json', '--profile wants a value; nothing was found.'],
    ['token --profile=', '--profile wants a value; nothing was found.'],
    ['status --json=yes', '--json takes no value.'],
    ['token --json --header', 'One of --json and --header is wanted; both were found.'],
    ['token --scope A --resource B', 'One of --scope and --resource is wanted; both were found.'],
    ['token --min-lifetime soon', '--min-lifetime wants a duration like 10m, 600s or 1h; found: “soon”.'],
    ['token --min-lifetime 9999999h', '--min-lifetime wants a duration like 10m, 600s or 1h; found'],
    ['token --min-lifetime 1m --min-lifetime 2m', '--min-lifetime is wanted once'],
    ['token User.Read', 'does not know what to do with “User.Read”'],
    ['import', 'tokentray import wants FILE; nothing was found.'],
    ['import a b', 'does not know what to do with “b”'],
    ['import a --at 25:00', '--at wants a time like 07:00; found: “25:00”.'],
    ['import a --at 07:00 --cron x', 'One of --at and --cron is wanted'],
    ['import a --every 6h --cron x', 'One of --cron and --every is wanted'],
    ['import a --every 5h', '--every wants one of 1h, 2h, 3h, 4h, 6h, 8h, 12h, 24h; found: “5h”.'],
    ['import a --zone Asia/Seoul', '--zone belongs to one of --at, --cron, --every'],
    ['import a --protocol saml', '--protocol wants one of entra, oidc; found: “saml”.'],
    ['import a --key k', '--key belongs to one of --certificate'],
    ['import a --certificate c --assertion-file f', 'One of --certificate and --assertion-file is wanted'],
    ['import a --token-file-format json', '--token-file-format belongs to one of --token-file'],
    ['import a --token-file t --token-file-format xml', '--token-file-format wants one of bare, json, env'],
    ['import a --extra-scope " "', '--extra-scope wants a value'],
    ['import a --sign-in tray', '--sign-in wants one of window, browser; found: “tray”.'],
    ['settings lopback on', 'tokentray settings wants one of loopback; found: “lopback”.'],
    ['settings hooks x', 'loopback, shellCache, network, clipboardClearSeconds, logLevel; found: “hooks”.'],
    ['settings loopback', 'tokentray settings loopback wants VALUE; nothing was found.'],
    ['token-files drop x', 'wants one of add PATH, remove PATH; found: “drop”.'],
    ['token-files add', 'tokentray token-files add wants PATH; nothing was found.'],
    ['token-files add /t --format xml', 'wants one of bare, json, env; found: “xml”.'],
    ['token-files --scope a', '--scope'],
    ['profiles add x', 'tokentray profiles wants one of default ID, remove ID; found: “add”.'],
    ['profiles remove', 'tokentray profiles remove wants ID; nothing was found.'],
    ['profiles default a b', 'does not know what to do with “b”'],
    ['storage keyring', 'wants one of auto, memory, plain-file, encrypted-file; found: “keyring”.'],
    ['storage encrypted-file', 'wants one of --key-file FILE, --systemd-credential NAME, --passphrase'],
    ['storage encrypted-file --key-file a --passphrase', 'One of --key-file and --passphrase is wanted'],
    ['storage auto --key-file a', '--key-file belongs to tokentray storage encrypted-file'],
    ['storage --passphrase', '--passphrase belongs to tokentray storage encrypted-file'],
  ])('%s', (line, message) => {
    expect(read(line)).toMatchObject({ kind: 'usage', message: expect.stringContaining(message) as unknown });
  });

  test('the help of the command is named, and JSON is kept to where it was asked for', () => {
    expect(read('token --sope A --json')).toMatchObject({ kind: 'usage', topic: 'token', format: 'json' });
    expect(read('tokne')).toMatchObject({ kind: 'usage', topic: undefined, format: 'words' });
  });

  test('control characters do not reach the terminal', () => {
    const { message } = readCommandLine(['\u001b[31mred']) as { message: string };
    expect(message).toContain('\\u001b[31mred');
    expect(message).not.toContain('\u001b');
  });
});

describe('help', () => {
  /** What a terminal has where nobody made it larger (VT100). */
  const ROWS = 24;
  const COLUMNS = 80;

  test('the general one fits one screen and names every command', () => {
    const lines = catalogue['cli.help'].split('\n');
    // One row is left for the prompt that follows.
    expect(lines.length).toBeLessThan(ROWS);
    for (const name of COMMAND_NAMES) expect(lines.some((line) => line.startsWith(`  ${name} `))).toBe(true);
  });

  test.each(['', ...COMMAND_NAMES.map((name) => `.${name}` as const)] as const)(
    'no line is cut off: %s',
    (topic) => {
      for (const line of catalogue[`cli.help${topic}`].split('\n'))
        expect(line.length, line).toBeLessThanOrEqual(COLUMNS);
    },
  );

  /** What `tokentray X --nonsense` lists is what its help explains. */
  test.each(COMMAND_NAMES)('%s explains every option that it knows, and no other', (name) => {
    const { message } = readCommandLine([name, '--no-such-option']) as { message: string };
    const known = new Set(message.split('Wanted:')[1]?.match(/--[a-z-]+/gu) ?? []);
    const help = catalogue[`cli.help.${name}`];
    const explained = new Set(
      [...help.matchAll(/^ +(?:\w+ )?(--[a-z-]+)|in (--[a-z-]+) FILE|\[(--json)\]/gmu)].map(
        ([, first, second, third]) => first ?? second ?? third ?? '',
      ),
    );
    expect([...explained].toSorted()).toEqual([...known].toSorted());
  });
});

test.each([
  ['600', 600],
  ['90s', 90],
  ['10m', 600],
  ['2h', 7200],
  ['0', 0],
  ['1.5h', undefined],
  ['-1', undefined],
  ['', undefined],
  ['10 m', undefined],
])('the duration %s', (text, seconds) => {
  expect(readDuration(text)).toBe(seconds);
});

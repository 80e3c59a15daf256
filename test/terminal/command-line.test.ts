import { describe, expect, test } from 'vitest';
import { readCommandLine } from '../../src/terminal/command-line.ts';
import { readDuration } from '../../src/terminal/duration.ts';

const read = (line: string): unknown => readCommandLine(line === '' ? [] : line.split(' '));
const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;

describe('commands', () => {
  const token = {
    name: 'token',
    scopes: [],
    minLifetimeSeconds: undefined,
    fresh: 'if-needed',
    format: 'bare',
  };
  const imported = { name: 'import', file: '.env', prefix: undefined, schedule: undefined };
  const serve = { name: 'serve', logLevel: 'warn', envFile: undefined };
  test.each<[string, object]>([
    ['--help', { name: 'help' }],
    ['token --help', { name: 'help' }],
    ['--version', { name: 'version' }],
    ['serve', serve],
    ['serve --verbose --from-env .env', { ...serve, logLevel: 'debug', envFile: '.env' }],
    ['token', token],
    ['token --scope A --scope=B', { ...token, scopes: ['A', 'B'] }],
    ['token --min-lifetime 10m --json', { ...token, minLifetimeSeconds: 600, format: 'json' }],
    ['token --refresh --header', { ...token, fresh: 'always', format: 'header' }],
    ['status --json', { name: 'status', format: 'json' }],
    ['refresh', { name: 'refresh' }],
    ['sign-in', { name: 'sign-in' }],
    ['sign-out', { name: 'sign-out' }],
    ['import .env', imported],
    ['import --prefix EMAIL_ .env', { ...imported, prefix: 'EMAIL_' }],
    ['import .env --at 07:05', { ...imported, schedule: { cron: '5 7 * * *', timeZone: zone } }],
    [
      'import .env --at 7:00 --zone Asia/Seoul',
      { ...imported, schedule: { cron: '0 7 * * *', timeZone: 'Asia/Seoul' } },
    ],
  ])('%s', (line, command) => {
    expect(read(line)).toEqual({ kind: 'command', command });
  });
});

describe('wrong usage says what was found and what is wanted', () => {
  test.each([
    ['', 'A command is wanted: serve,'],
    ['tokne', 'no command “tokne”. Wanted: serve, token,'],
    ['constructor', 'no command “constructor”'],
    ['token --scopes A', 'no option “--scopes”. Wanted: --scope, --min-lifetime'],
    ['token --__proto__ A', 'no option “--__proto__”'],
    ['refresh --json', 'no option “--json”. Wanted: no option.'],
    ['token --scope', '--scope wants a value; nothing was found.'],
    ['status --json=yes', '--json takes no value.'],
    ['token --json --header', 'One of --json and --header is wanted; both were found.'],
    ['token --min-lifetime soon', '--min-lifetime wants a duration like 10m, 600s or 1h; found: “soon”.'],
    ['token --min-lifetime 1m --min-lifetime 2m', '--min-lifetime is wanted once'],
    ['token User.Read', 'does not know what to do with “User.Read”'],
    ['import', 'tokentray import wants FILE; nothing was found.'],
    ['import a b', 'does not know what to do with “b”'],
    ['import a --at 25:00', '--at wants a time like 07:00; found: “25:00”.'],
    ['import a --at 07:00 --cron x', 'One of --at and --cron is wanted'],
    ['import a --zone Asia/Seoul', '--zone belongs to --at or --cron'],
  ])('%s', (line, words) => {
    expect(read(line)).toMatchObject({ kind: 'usage', message: expect.stringContaining(words) as unknown });
  });

  test('control characters do not reach the terminal', () => {
    const { message } = readCommandLine(['\u001b[31mred']) as { message: string };
    expect(message).toContain('\\u001b[31mred');
    expect(message).not.toContain('\u001b');
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

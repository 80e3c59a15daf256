import { expect, test } from 'vitest';
import { createLog, logWith } from '../../../src/system/log/log.ts';
import { Secret } from '../../../src/system/secret.ts';

function capture(level: 'debug' | 'info' | 'warn' | 'error' = 'debug') {
  const lines: string[] = [];
  const now = () => Date.parse('2026-11-22T08:00:00Z');
  return { lines, log: createLog({ write: (line) => lines.push(line), now, level }) };
}

test('a line has the time, the level, the message and the fields', () => {
  const { log, lines } = capture();
  log.info('token refreshed', { profile: 'default', left: 3600, reason: 'two words', none: undefined });
  expect(lines).toEqual([
    '2026-11-22T08:00:00.000Z info  token refreshed profile=default left=3600 reason="two words"\n',
  ]);
});

test('a log with its own fields has them in each line, before the line’s fields', () => {
  const { log, lines } = capture('info');
  const work = logWith(log, { profile: 'work' });
  work.warn('refresh failed', { cause: 'user' });
  work.debug('not wanted');
  expect(lines).toEqual(['2026-11-22T08:00:00.000Z warn  refresh failed profile=work cause=user\n']);
});

test('lines below the level are not written', () => {
  const { log, lines } = capture('warn');
  log.debug('a');
  log.info('b');
  log.warn('c');
  log.error('d');
  expect(lines.map((line) => line.slice(25))).toEqual(['warn  c\n', 'error d\n']);
});

test('secrets in fields, in objects, in errors and in the message are masked', () => {
  const { log, lines } = capture();
  log.error('GET /token?code=0.AXoA-secret&state=s', {
    key: new Secret('hunter2'),
    deep: { client: { secret: new Secret('hunter2') }, refresh_token: '0.hunter2' },
    error: new Error('Authorization: Bearer hunter2hunter2'),
    body: '{"access_token":"hunter2"}',
  });
  expect(lines.join('')).not.toMatch(/hunter2|0\.AXoA/u);
  expect(lines.join('')).toContain('key=[secret]');
});

test.each(['\n', '\r\n', '\u2028', '\u001b[2K\u001b[1A', '\u0085', '\u202e'])(
  'no value or message can forge a line or turn text round (%j)',
  (evil) => {
    const { log, lines } = capture();
    log.warn(`m${evil}2026-11-22T08:00:00.000Z info  forged`, {
      a: `v${evil}2026-11-22T08:00:00.000Z info  forged`,
      b: { c: `v${evil}w` },
      d: new Error(`v${evil}w`),
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/u);
  },
);

test('each of several sinks gets the lines of its level, always redacted', () => {
  const stderr: string[] = [];
  const file: string[] = [];
  const log = createLog({
    now: () => Date.parse('2026-11-22T08:00:00Z'),
    sinks: [
      { write: (line) => stderr.push(line), level: 'warn' },
      { write: (line) => file.push(line), level: 'info' },
    ],
  });
  log.debug('too fine for both');
  log.info('started', { access_token: 'hunter2', body: 'refresh_token=hunter2', key: new Secret('hunter2') });
  log.warn('Authorization: Bearer hunter2hunter2');
  const warned = '2026-11-22T08:00:00.000Z warn  Authorization: Bearer [secret]\n';
  expect(stderr).toEqual([warned]);
  expect(file).toEqual([
    '2026-11-22T08:00:00.000Z info  started access_token=[secret] body="refresh_token=[secret]" key=[secret]\n',
    warned,
  ]);
});

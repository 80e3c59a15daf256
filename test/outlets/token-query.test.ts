import { expect, test } from 'vitest';
import { readTokenQuery } from '../../src/outlets/token-query.ts';

const read = (query: string): unknown => readTokenQuery(new URLSearchParams(query));
const ok = (request: object): unknown => ({ kind: 'ok', request });
const wrong = (code: string): unknown =>
  expect.objectContaining({ problem: expect.objectContaining({ code }) as unknown });

test('nothing asked for is the profile’s own token, with a wish', () => {
  expect(read('')).toEqual(ok({}));
});

test('scopes may be repeated or stand together', () => {
  expect(read('scope=User.Read&scope=Mail.Read+Files.Read')).toEqual(
    ok({ scopes: ['User.Read', 'Mail.Read', 'Files.Read'] }),
  );
  expect(read('scope=')).toEqual(ok({ scopes: [] }));
});

test('a lifetime is a demand in seconds, refresh wants a new token', () => {
  expect(read('min_lifetime=600&refresh=1')).toEqual(ok({ minLifetimeMs: 600_000, fresh: 'always' }));
  expect(read('refresh=0')).toEqual(ok({}));
});

test.each([
  ['min_lifetime=10m', 'request.min-lifetime'],
  ['min_lifetime=-1', 'request.min-lifetime'],
  ['min_lifetime=', 'request.min-lifetime'],
  ['refresh=yes', 'request.refresh'],
  ['scopes=User.Read', 'request.unknown'],
  ['key=abc', 'request.key-in-url'],
  ['access_token=abc', 'request.key-in-url'],
])('%s is refused by name', (query, code) => {
  expect(read(query)).toEqual(wrong(code));
});

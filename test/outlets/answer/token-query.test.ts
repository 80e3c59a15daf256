import { expect, test } from 'vitest';
import { readTokenQuery } from '../../../src/outlets/answer/token-query.ts';

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

test('a lifetime is required in seconds, refresh requests a new token', () => {
  expect(read('min_lifetime=600&refresh=1')).toEqual(ok({ minLifetimeMs: 600_000, fresh: 'always' }));
  expect(read('refresh=0')).toEqual(ok({}));
});

test('a resource means all its permissions; its own trailing slash stays', () => {
  expect(read('resource=https://graph.microsoft.com')).toEqual(
    ok({ scopes: ['https://graph.microsoft.com/.default'] }),
  );
  expect(read('resource=https%3A%2F%2Fmanagement.core.windows.net%2F')).toEqual(
    ok({ scopes: ['https://management.core.windows.net//.default'] }),
  );
});

test('the profile does not change the request', () => {
  expect(read('profile=work&scope=User.Read')).toEqual(ok({ scopes: ['User.Read'] }));
});

test.each([
  ['resource=https://a.example&scope=User.Read', 'request.resource-and-scope'],
  ['resource=', 'request.resource'],
  ['resource=https://a.example%20b', 'request.resource'],
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

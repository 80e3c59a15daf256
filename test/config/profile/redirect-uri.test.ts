import { expect, test } from 'vitest';
import { receivablePort } from '../../../src/config/profile/redirect-uri.ts';

test.each([
  ['http://localhost:5000/getAToken', 5000],
  ['http://127.0.0.1/getAToken', 80],
  ['http://[::1]:5001/cb', 5001],
  ['https://localhost:5000/getAToken', undefined],
  ['http://localhost.evil.example:5000/getAToken', undefined],
  ['https://login.microsoftonline.com/common/oauth2/nativeclient', undefined],
])('only a redirect to this machine over http can be received: %s', (redirectUri, port) => {
  expect(receivablePort(redirectUri)).toBe(port);
});

import { beforeEach, expect, test } from 'vitest';
import { Browsers } from '../../src/terminal/browsers.ts';

let now = 0;
let browsers: Browsers;
beforeEach(() => {
  now = 1_000_000;
  browsers = new Browsers(5000, () => now);
});

const MINUTE = 60_000;

test('a ticket works once, within ten minutes', () => {
  const [first, second] = [browsers.mintTicket(), browsers.mintTicket()];
  expect(browsers.redeem(first, undefined).kind).toBe('printed');
  expect(browsers.redeem(first, undefined).kind).toBe('refused');
  now += 10 * MINUTE;
  expect(browsers.redeem(second, undefined).kind).toBe('refused');
  expect(browsers.redeem('', undefined).kind).toBe('refused');
});

test('several tickets may be outstanding, and the oldest of too many gives way', () => {
  const tickets = Array.from({ length: 17 }, () => browsers.mintTicket());
  const kinds = tickets.map((ticket) => browsers.redeem(ticket, undefined).kind);
  expect(kinds).toEqual(['refused', ...Array.from({ length: 16 }, () => 'printed')]);
});

test('the link on a page works in that page’s browser only, and does not push printed tickets out', () => {
  const printed = browsers.mintTicket();
  const { browser } = browsers.admit();
  const { browser: other } = browsers.admit();
  for (let reload = 0; reload < 50; reload += 1) browsers.mintRetry(browser);
  const retry = browsers.mintRetry(browser) ?? '';
  expect(browsers.redeem(retry, undefined).kind).toBe('refused');
  expect(browsers.redeem(retry, other).kind).toBe('refused');
  expect(browsers.redeem(retry, browser)).toEqual({ kind: 'retry', browser });
  expect(browsers.redeem(retry, browser).kind).toBe('refused');
  expect(browsers.redeem(printed, browser).kind).toBe('printed');
});

test('the link is offered no longer than the ticket was good: the cookie alone begins no sign-in', () => {
  const { browser } = browsers.admit();
  const early = browsers.mintRetry(browser) ?? '';
  now += 10 * 60_000;
  expect(browsers.mintRetry(browser)).toBeUndefined();
  expect(browsers.redeem(early, browser).kind).toBe('refused');
});

test('after a sign-out no cookie counts', () => {
  const { setCookie } = browsers.admit();
  browsers.forget();
  expect(browsers.find(setCookie.split(';')[0])).toBeUndefined();
});

test('the cookie is for this port, for a working day, and hidden from scripts', () => {
  const { browser, setCookie } = browsers.admit();
  expect(setCookie).toBe(`tokentray-5000=${browser.cookie}; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax`);
  const header = `other=1; tokentray-5000=planted; tokentray-5000=${browser.cookie}`;
  expect(browsers.find(header)).toBe(browser);
  expect(browsers.find(`tokentray-5001=${browser.cookie}`)).toBeUndefined();
  expect(browsers.find('tokentray-5000=')).toBeUndefined();
  expect(browsers.find(undefined)).toBeUndefined();
  now += 43_200_000;
  expect(browsers.find(header)).toBeUndefined();
});

test('no more than sixteen browsers are remembered', () => {
  const cookies = Array.from({ length: 17 }, () => browsers.admit().setCookie.split(';')[0]);
  expect(cookies.filter((cookie) => browsers.find(cookie) === undefined)).toEqual([cookies[0]]);
});

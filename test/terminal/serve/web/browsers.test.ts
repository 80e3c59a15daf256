import { beforeEach, expect, test } from 'vitest';
import { Browsers } from '../../../../src/terminal/serve/web/browsers.ts';

let now = 0;
let browsers: Browsers;
beforeEach(() => {
  now = 1_000_000;
  browsers = new Browsers(5000, () => now);
});

const MINUTE = 60_000;

test('a ticket works once, within ten minutes', () => {
  const [first, second] = [browsers.mintTicket('work'), browsers.mintTicket('work')];
  expect(browsers.redeem(first, undefined).kind).toBe('printed');
  expect(browsers.redeem(first, undefined).kind).toBe('refused');
  now += 10 * MINUTE;
  expect(browsers.redeem(second, undefined).kind).toBe('refused');
  expect(browsers.redeem('', undefined).kind).toBe('refused');
});

test('several tickets can be valid at once, and the oldest of too many is dropped', () => {
  const tickets = Array.from({ length: 17 }, () => browsers.mintTicket('work'));
  const kinds = tickets.map((ticket) => browsers.redeem(ticket, undefined).kind);
  expect(kinds).toEqual(['refused', ...Array.from({ length: 16 }, () => 'printed')]);
});

test('the link on a page works in that page’s browser only, and does not displace printed tickets', () => {
  const printed = browsers.mintTicket('work');
  const { browser } = browsers.admit('work');
  const { browser: other } = browsers.admit('work');
  for (let reload = 0; reload < 50; reload += 1) browsers.mintRetry(browser);
  const retry = browsers.mintRetry(browser) ?? '';
  expect(browsers.redeem(retry, undefined).kind).toBe('refused');
  expect(browsers.redeem(retry, other).kind).toBe('refused');
  expect(browsers.redeem(retry, browser)).toEqual({ kind: 'retry', browser, profile: 'work' });
  expect(browsers.redeem(retry, browser).kind).toBe('refused');
  expect(browsers.redeem(printed, browser).kind).toBe('printed');
});

test('the link is offered only as long as the ticket was valid: the cookie alone starts no sign-in', () => {
  const { browser } = browsers.admit('work');
  const early = browsers.mintRetry(browser) ?? '';
  now += 10 * 60_000;
  expect(browsers.mintRetry(browser)).toBeUndefined();
  expect(browsers.redeem(early, browser).kind).toBe('refused');
});

test('after a sign-out, no cookie is valid', () => {
  const { setCookie } = browsers.admit('work');
  browsers.forget('work');
  expect(browsers.find(setCookie.split(';')[0])).toBeUndefined();
});

test('a sign-out of one profile keeps the browsers of another, without their sign-in to the first', () => {
  const { browser: first } = browsers.admit('work');
  first.signIns.set('work', { attempt: undefined, trouble: undefined });
  const { browser, setCookie } = browsers.admit('home', first);
  expect([...browser.signIns.keys()]).toEqual(['work']);
  browsers.forget('work');
  expect(browsers.find(setCookie.split(';')[0])).toBe(browser);
  expect([...browser.signIns.keys()]).toEqual([]);
});

test('a ticket is for one profile, which it names', () => {
  const tickets = [browsers.mintTicket('work'), browsers.mintTicket('home')];
  expect(tickets.map((ticket) => browsers.redeem(ticket, undefined))).toEqual([
    { kind: 'printed', profile: 'work' },
    { kind: 'printed', profile: 'home' },
  ]);
});

test('a browser with another ticket gets a new cookie, which replaces the old one', () => {
  const { browser: first, setCookie: before } = browsers.admit('work');
  const { browser, setCookie } = browsers.admit('home', first);
  expect(browsers.find(before.split(';')[0])).toBeUndefined();
  expect(browsers.find(setCookie.split(';')[0])).toBe(browser);
  expect(browser.shown).toBe('home');
});

test('the cookie is for this port, for a working day, and hidden from scripts', () => {
  const { browser, setCookie } = browsers.admit('work');
  expect(setCookie).toBe(`tokentray-5000=${browser.cookie}; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax`);
  const header = `other=1; tokentray-5000=planted; tokentray-5000=${browser.cookie}`;
  expect(browsers.find(header)).toBe(browser);
  expect(browsers.find(`tokentray-5001=${browser.cookie}`)).toBeUndefined();
  expect(browsers.find('tokentray-5000=')).toBeUndefined();
  expect(browsers.find(undefined)).toBeUndefined();
  now += 43_200_000;
  expect(browsers.find(header)).toBeUndefined();
});

test('at most sixteen browsers are remembered', () => {
  const cookies = Array.from({ length: 17 }, () => browsers.admit('work').setCookie.split(';')[0]);
  expect(cookies.filter((cookie) => browsers.find(cookie) === undefined)).toEqual([cookies[0]]);
});

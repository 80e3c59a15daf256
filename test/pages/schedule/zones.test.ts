import { describe, expect, test } from 'vitest';
import { findZones, isZone, offsetOf, zoneNames } from '../../../src/pages/schedule/zones.ts';

const names = ['UTC', 'America/New_York', 'America/North_Dakota/New_Salem', 'Asia/Tokyo', 'Europe/Berlin'];

describe('a zone is found', () => {
  test.each([
    ['new y', ['America/New_York']],
    ['NEW', ['America/New_York', 'America/North_Dakota/New_Salem']],
    ['asia tok', ['Asia/Tokyo']],
    ['Asia/Tokyo', ['Asia/Tokyo']],
    ['america', ['America/New_York', 'America/North_Dakota/New_Salem']],
    ['  ', names],
    ['nowhere', []],
    ['.*', []],
  ])('by “%s”', (query, found) => expect(findZones(query, names)).toEqual(found));

  test('first if its city starts with the typed text', () => {
    expect(findZones('ber', ['America/Bermuda_Ber', 'Asia/Bera', 'Atlantic/Xber', 'Europe/Berlin'])).toEqual([
      'America/Bermuda_Ber',
      'Asia/Bera',
      'Europe/Berlin',
      'Atlantic/Xber',
    ]);
  });
});

test('the list starts with UTC and contains each zone once, also by new names', () => {
  const all = zoneNames();
  expect(all[0]).toBe('UTC');
  expect(new Set(all).size).toBe(all.length);
  expect(all).toEqual(expect.arrayContaining(['Europe/Berlin', 'Asia/Kolkata', 'Europe/Kyiv']));
  expect(all.filter((name) => !isZone(name))).toEqual([]);
});

test('an offset follows daylight saving time', () => {
  expect(offsetOf('Europe/Berlin', Date.parse('2026-01-15T12:00:00Z'))).toBe('UTC+01:00');
  expect(offsetOf('Europe/Berlin', Date.parse('2026-07-15T12:00:00Z'))).toBe('UTC+02:00');
  expect(offsetOf('Asia/Kolkata', 0)).toBe('UTC+05:30');
  expect(offsetOf('UTC', 0)).toMatch(/^UTC(?:\+00:00)?$/u);
  expect(isZone('Mars/Olympus')).toBe(false);
});

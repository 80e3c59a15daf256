import { expect, test } from 'vitest';
import { aboutPage, versionsOf } from '../../../src/tray/windows/about-page.ts';

const page = aboutPage(
  { tokentray: '1.2.3', electron: '45.4.1', chromium: '156.0.1', node: '24.9.0' },
  '/home/R&D <b>/"logs"',
);

test('the page shows the versions and the log folder', () => {
  for (const [name, value] of [
    ['Version', '1.2.3'],
    ['Electron', '45.4.1'],
    ['Chromium', '156.0.1'],
    ['Node.js', '24.9.0'],
  ])
    expect(page).toMatch(new RegExp(`<dt>${name}</dt>\\s*<dd>${value}</dd>`, 'u'));
  expect(page).toContain('MIT license');
});

test('the folder’s name is escaped', () => {
  expect(page).toContain('/home/R&amp;D &lt;b&gt;/&quot;logs&quot;');
  expect(page).not.toContain('<b>');
});

test('an unknown version is a dash', () => {
  const versions = { electron: '–', chromium: '–', node: '20.20.2' };
  expect(versionsOf({ node: '20.20.2' })).toMatchObject(versions);
});

test('the page contains no script or style, and only what its scheme’s policy allows', () => {
  expect(page).not.toMatch(/<script|<style|\son\w+=|style=|javascript:|https?:/iu);
  expect([...page.matchAll(/(?:href|src)="([^"]*)"/gu)].map(([, address]) => address)).toEqual(['/page.css']);
});

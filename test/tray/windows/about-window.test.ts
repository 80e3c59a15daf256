import { expect, test } from 'vitest';
import { aboutPage } from '../../../src/tray/windows/about-window.ts';

const facts = {
  version: '1.2.3',
  runsOn: { electron: '45.4.1', chrome: '156.0.1', node: '24.9.0' },
  logDirectory: '/home/R&D <b>/"logs"',
};

test('the page says what this is, what it runs on, and where the logs are', () => {
  const page = aboutPage(facts);
  for (const [name, value] of [
    ['Version', '1.2.3'],
    ['Electron', '45.4.1'],
    ['Chromium', '156.0.1'],
    ['Node.js', '24.9.0'],
  ])
    expect(page).toMatch(new RegExp(`<dt>${name}</dt>\\s*<dd>${value}</dd>`, 'u'));
  expect(page).toContain('MIT licence');
});

test('a folder is text, whatever it is called', () => {
  const page = aboutPage(facts);
  expect(page).toContain('/home/R&amp;D &lt;b&gt;/&quot;logs&quot;');
  expect(page).not.toContain('<b>');
});

test('what is not known is left out', () => {
  const page = aboutPage({ ...facts, runsOn: { node: '20.20.2' } });
  expect(page).toContain('20.20.2');
  expect(page).not.toMatch(/Electron|Chromium|undefined/u);
});

test('nothing in it could run, and all of it is allowed by the policy of its scheme', () => {
  const page = aboutPage(facts);
  expect(page).not.toMatch(/<script|<style|\son\w+=|style=|javascript:|https?:/iu);
  expect([...page.matchAll(/(?:href|src)="([^"]*)"/gu)].map(([, address]) => address)).toEqual(['/page.css']);
});

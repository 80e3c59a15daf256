import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { sentencesIn, shownText } from './sentences-in.ts';

const src = fileURLToPath(new URL('../../src', import.meta.url));
const read = (file: string): string => readFileSync(path.join(src, file), 'utf8');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll(path.sep, '/'))
  .toSorted();

/** What looks like a sentence and is none; each with the reason. */
const NO_SENTENCES: Readonly<Record<string, string>> = {
  'Application Support': 'a folder of macOS',
  'Remove-Item Env:{} -ErrorAction SilentlyContinue': 'a command of PowerShell',
  'Bearer realm="tokentray"': 'a header of HTTP',
  'Path=/; Max-Age={}; HttpOnly; SameSite=Lax': 'a header of HTTP',
  'Windows data protection': 'a name, as Microsoft writes it',
  Electron: 'a name',
  Chromium: 'a name',
  'Node.js': 'a name',
  Files: 'what HTML calls files that are dragged',
};

/** The catalogue itself; and the demo, which is a tool of ours and never shipped. */
const rooms = files.filter((file) => /\.ts$/u.test(file) && !/^(?:words|demo-tenant)\//u.test(file));

const found = rooms.flatMap((file) => sentencesIn(read(file), file).map((each) => ({ file, ...each })));

describe('no sentence lives outside of the catalogue', () => {
  test('in no room of the sources', () => {
    expect(rooms.length).toBeGreaterThan(200);
    const wrong = found.filter(({ text }) => !(text in NO_SENTENCES));
    expect(wrong.map(({ file, line, text }) => `${file}:${line} ${text}`)).toEqual([]);
  });

  test('in no page: before its script speaks it shows the name alone', () => {
    const pages = files.filter((file) => file.endsWith('.html'));
    expect(pages).toContain('pages/status/status.html');
    for (const page of pages)
      expect(shownText(read(page)).split(/\s+/u), page).toEqual(['Tokentray', 'Tokentray']);
  });

  test('every exception is one still', () => {
    const there = new Set(found.map(({ text }) => text));
    expect(Object.keys(NO_SENTENCES).filter((text) => !there.has(text))).toEqual([]);
  });
});

describe('what is looked for', () => {
  test.each([
    ['a sentence', "tell('Your token was lost.')", 'Your token was lost.'],
    ['a label of several words', "const label = 'Sign in';", 'Sign in'],
    ['a question that begins small', "ask('really go on?')", 'really go on?'],
    ['with something put in', 'say2(`There is no profile ${id} here`)', 'There is no profile {} here'],
    ['in an error for people', "new VaultError('The disk is full.')", 'The disk is full.'],
    ['a single word that a page shows', "element('p', {}, 'Version')", 'Version'],
    ['a single word that is said', "element('p', { 'aria-label': 'Version' })", 'Version'],
    ['a text that is set', "node.textContent = 'Loading';", 'Loading'],
    ['in markup', 'html`<p class="soft">Version ${it}</p>`', 'Version'],
    ['in an attribute of markup', 'html`<p class="soft" title="Version">${it}</p>`', 'Version'],
    ['an attribute that is set', "node.setAttribute('aria-label', 'Version')", 'Version'],
  ])('is found: %s', (_what, source, text) =>
    expect(sentencesIn(source).map((each) => each.text)).toEqual([text]),
  );

  test.each([
    ['an error’s message, which is shown', "throw new Error('This cannot be.')", 'This cannot be.'],
    ['a word that is added', "node.append('version')", 'version'],
    ['a word for a function that shows it', "part('Scopes', help)", 'Scopes'],
    ['a word in a list that is shown', "factList([['Version', value]])", 'Version'],
    ['a word where there is no other', "return name ?? 'Unknown';", 'Unknown'],
    ['a word that is chosen', "const said = isOpen ? 'Close' : 'Open';", 'Close,Open'],
  ])('is found in a page: %s', (_what, source, texts) =>
    expect(sentencesIn(source, 'pages/any.ts').map((each) => each.text)).toEqual(texts.split(',')),
  );

  test.each([
    ['a key of the keyboard', "if (event.key === 'Enter') open();"],
    ['a key of the keyboard, in a list of cases', "switch (key) { case 'Home': go(); }"],
    ['a time zone', "const ZONES = ['Asia/Kolkata'];"],
    ['a name of a type', "type Key = 'Enter' | 'Escape';"],
    ['a name of an attribute', "node.setAttribute('title', name)"],
    ['a value of an attribute', "node.setAttribute('role', 'tabpanel')"],
    ['a class', "node.classList.add('inline')"],
  ])('is not found in a page: %s', (_what, source) =>
    expect(sentencesIn(source, 'pages/any.ts')).toEqual([]),
  );

  test('is found in a page’s own file: an attribute that is said', () => {
    const markup = `<main class="wide" aria-label="Your settings"><img alt='A key' title=Key /></main>`;
    expect(shownText(markup).split(/\s+/u)).toEqual(['Your', 'settings', 'A', 'key', 'Key']);
  });

  test.each([
    ['a code', "say('session.signed-out')"],
    ['a detail for a sentence', "refuse('it is no regular file')"],
    ['a message for developers', "throw new Error('This cannot be.')"],
    ['a line of the log', "log.warn('Something went wrong.', { error })"],
    ['classes and attributes', "element('p', { class: 'button primary' }, name)"],
    ['markup', 'html`<p class="soft one">${it}</p>`'],
    ['a type', "type A = 'one' | 'two';"],
  ])('is not found: %s', (_what, source) => expect(sentencesIn(source)).toEqual([]));
});

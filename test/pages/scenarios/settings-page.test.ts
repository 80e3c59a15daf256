import type { Locator, Page } from 'playwright-core';
import { describe, expect, test, vi } from 'vitest';
import type { CallName, DraftAsked } from '../../../src/pages/bridge/contract.ts';
import { axeFindings } from '../fixtures/axe-findings.ts';
import type { SettingsState } from '../fixtures/fake-settings.ts';
import {
  HOSTILE,
  preview,
  sceneNames,
  sceneOf,
  view,
  work,
  type SceneName,
} from '../fixtures/settings-states.ts';
import { stageOf } from '../fixtures/stage.ts';
import { LONG } from '../fixtures/states.ts';

// The real module would download Electron's binary.
vi.mock('electron', () => ({}));
const { answer } = await import('../../../src/tray/windows/app-scheme.ts');

const SECRET = 'hunter2-typed~secret';

const stage = stageOf(answer);

const open = (state: SettingsState): Promise<Page> => stage.openSettings(state);

async function openScene(name: SceneName): Promise<Page> {
  const { state, steps } = sceneOf(name);
  const page = await open(state);
  await steps?.(page);
  return page;
}

const set = (page: Page, next: Partial<SettingsState>): Promise<void> =>
  page.evaluate((each) => window.fakeSettings.set(each), next);
const push = (page: Page, next: typeof view): Promise<void> =>
  page.evaluate((each) => window.fakeSettings.push(each), next);
/** The questions of all calls with this name. */
const asked = (page: Page, name: CallName): Promise<unknown[]> =>
  page.evaluate(
    (wanted) => window.fakeSettings.calls.filter((call) => call.name === wanted).map((call) => call.asked),
    name,
  );
const lastDraft = async (page: Page, name: 'draft.check' | 'draft.save' | 'draft.test') =>
  (await asked(page, name)).at(-1) as DraftAsked | undefined;
/** Without the marks that isolate the direction of names. */
const textOf = async (page: Page): Promise<string> =>
  (await page.locator('body').innerText()).replaceAll(/[\u2066-\u2069]/gu, '');
const field = (page: Page, label: string): Locator => page.getByLabel(label, { exact: true });
const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });
const said = (page: Page): Locator => page.locator('.dock .said');

const SHOWN: Readonly<Record<SceneName, readonly string[]>> = {
  'settings-loading': ['Loading…'],
  'settings-failed': ['Could not load this.', 'Tokentray ends. Start it again.', 'Try again'],
  'settings-first': [
    'Welcome to Tokentray',
    'Use a .env file',
    'Paste what you have',
    'Application (client) ID',
  ],
  'settings-read': ['Filled in.', 'SESSION_KEY is not used.', 'The credential was read'],
  'settings-not-read': ['Found: a binary file.'],
  'settings-profile': ['Work', 'A client secret, stored 12 days ago.', 'Test connection', 'The next 5 runs'],
  'settings-oidc': ['Lab <b>', 'Issuer', 'A certificate, stored today', 'Cron expression'],
  'settings-issues': ['Fix the 5 marked fields', 'a GUID is wanted. Found: “4f3a”'],
  'settings-tested': ['AADSTS7000215', 'Copy the secret’s value', '1 of 6'],
  'settings-testing': ['The authority describes itself.', 'Testing… 2 of 6'],
  'settings-changed': ['Not saved: Name, Credential', 'The name is used by another profile too.'],
  'settings-discard': ['Discard unsaved changes?', 'Keep editing'],
  'settings-zone': ['America/New York', 'UTC-05:00'],
  'settings-cron': ['Five fields are wanted.'],
  'settings-new': ['New profile', 'Nothing is saved yet.'],
  'settings-general': [
    'Start at login',
    'After 1 min',
    'In the keyring',
    '/home/ada/.config/tokentray/settings.json',
  ],
  'settings-passing': ['its own .env file', 'Not available', 'After 45 s'],
  'settings-trouble': ['New profile', 'The settings file cannot be used.'],
  'settings-outlets': [
    '/run/user/1000/tokentray/agent.sock',
    'Listening on 127.0.0.1:45678.',
    'could not be written (EACCES)',
    '/home/ada/bin/on-refresh --quiet',
  ],
  'settings-no-outlets': ['the port is taken', 'this system has no private in-memory file system'],
  'settings-transfer': ['no secrets, certificates or tokens', 'Export…', 'Import…'],
  'settings-hostile': ['<img src=x onerror="window.hit=1">', LONG, 'שלום'],
  'settings-hostile-outlets': ['<img src=x onerror="window.hit=1">', LONG, 'שלום'],
  'settings-hostile-general': ['<img src=x onerror="window.hit=1">', LONG, 'שלום'],
  'settings-hundred': ['Profile number 97'],
};

/** Scenes that share one page, because opening a page takes as long as all checks. */
const TOURS: readonly (readonly SceneName[])[] = [
  [
    'settings-profile',
    'settings-oidc',
    'settings-new',
    'settings-general',
    'settings-outlets',
    'settings-transfer',
  ],
  ['settings-first', 'settings-not-read', 'settings-read', 'settings-issues'],
  [
    'settings-changed',
    'settings-zone',
    'settings-cron',
    'settings-tested',
    'settings-testing',
    'settings-discard',
  ],
  ['settings-hostile', 'settings-hostile-outlets', 'settings-hostile-general'],
];
const ALONE = sceneNames.filter((name) => !TOURS.flat().includes(name)).map((name) => [name]);

/** The checks of every scene. */
async function lookAt(page: Page, name: SceneName): Promise<void> {
  for (const words of SHOWN[name]) await expect.poll(() => textOf(page), { message: name }).toContain(words);
  expect(await axeFindings(page), name).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await axeFindings(page, { runOnly: 'color-contrast' }), name).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  const before = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 740 });
  for (const size of ['200%', '100%']) {
    await page.evaluate((each) => void (document.documentElement.style.fontSize = each), size);
    const [wide, room] = await page.evaluate(
      () => [document.documentElement.scrollWidth, innerWidth] as const,
    );
    expect(wide, `${name} at ${size}`).toBeLessThanOrEqual(room);
  }
  if (before !== null) await page.setViewportSize(before);
  expect(await page.evaluate(() => 'hit' in window)).toBe(false);
  expect(await page.locator('#page img, #page script').count()).toBe(0);
}

describe.each([...TOURS, ...ALONE].map((tour) => ({ tour, names: tour.join(', ') })))(
  'in the state $names',
  ({ tour }) => {
    test('the page says it in words, without findings of axe-core in light and dark, and fits into 360 pixels, also at 200 %', async () => {
      const [first] = tour;
      const page = await open(sceneOf(first ?? 'settings-profile').state);
      for (const name of tour) {
        const { state, steps } = sceneOf(name);
        await set(page, state);
        await steps?.(page);
        await lookAt(page, name);
      }
    });
  },
);

describe('a profile’s form', () => {
  test('explains every field, and where to find its value', async () => {
    const page = await openScene('settings-first');
    for (const [label, where] of [
      ['Name', 'in the tray menu'],
      ['Directory (tenant) ID', 'App registrations › your app › Overview'],
      ['Application (client) ID', 'App registrations › your app › Overview'],
      ['Redirect URI', 'Authentication'],
      ['Scopes', 'API permissions'],
      ['Other resources', 'Scopes of other resources'],
    ] as const) {
      const help = await field(page, label).evaluate((control) =>
        (control.getAttribute('aria-describedby') ?? '')
          .split(' ')
          .map((id) => document.querySelector(`#${id}`)?.textContent)
          .join(' '),
      );
      expect(help, label).toContain(where);
    }
    await button(page, 'Copy the redirect URI').click();
    await expect.poll(() => said(page).innerText()).toContain('copied');
    expect(await asked(page, 'text.copy')).toEqual([{ text: 'http://localhost:5000/getAToken' }]);
  });

  test('is checked while the user types, and shows issues only of visited fields', async () => {
    const page = await openScene('settings-first');
    const issues = [
      { field: 'name', sentence: 'No name is there.' },
      { field: 'authority', sentence: 'That is no tenant.' },
    ] as const;
    await set(page, { checked: { issues, warnings: [] }, saved: { kind: 'refused', issues } });
    const tenant = field(page, 'Directory (tenant) ID');
    await tenant.pressSequentially('my company', { delay: 10 });
    await page.getByText('That is no tenant.').waitFor();
    expect(await tenant.getAttribute('aria-invalid')).toBe('true');
    expect(await tenant.getAttribute('aria-describedby')).toContain('-errors');
    expect(await page.getByText('No name is there.').count()).toBe(0);
    expect((await lastDraft(page, 'draft.check'))?.draft.authority).toBe('my company');

    await button(page, 'Save').click();
    await page.getByText('No name is there.').waitFor();
    await expect
      .poll(() => field(page, 'Name').evaluate((name) => name === document.activeElement))
      .toBe(true);
    await set(page, { checked: { issues: [], warnings: [] } });
    await tenant.fill('contoso.example');
    await expect.poll(() => tenant.getAttribute('aria-invalid')).toBeNull();
  });

  test('sends a typed secret only to the main process, and keeps nothing of it after the save', async () => {
    const page = await openScene('settings-profile');
    await set(page, { saved: { kind: 'saved', profile: 'work', said: 'Saved.' } });
    await button(page, 'Replace…').click();
    const input = page.locator('input[type="password"]');
    await input.fill(SECRET);
    await expect
      .poll(async () => (await lastDraft(page, 'draft.check'))?.credential)
      .toEqual({ kind: 'secret', secret: SECRET });
    expect(await page.content()).not.toContain(SECRET);
    await button(page, 'Save').click();
    await expect.poll(() => said(page).innerText()).toContain('Saved.');
    expect((await lastDraft(page, 'draft.save'))?.credential).toEqual({ kind: 'secret', secret: SECRET });
    const left = await page.evaluate(() => [
      document.documentElement.outerHTML,
      document.title,
      JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]),
      ...[...document.querySelectorAll<HTMLInputElement>('input, textarea')].map(({ value }) => value),
    ]);
    expect(left.join('\n')).not.toContain(SECRET);
    // The next save does not send it again.
    await field(page, 'Name').fill('Office');
    await button(page, 'Save').click();
    await expect.poll(async () => (await asked(page, 'draft.save')).length).toBe(2);
    expect((await lastDraft(page, 'draft.save'))?.credential).toEqual({ kind: 'stored' });
  });

  test('takes a certificate by its handle, and shows the main process’s description', async () => {
    const page = await openScene('settings-first');
    await set(page, { chosen: { kind: 'refused', sentences: ['It has no private key.'] } });
    await page.getByRole('radio', { name: 'Certificate' }).check();
    const choose = page.locator('.form-part').getByRole('button', { name: 'Choose file…' });
    await choose.click();
    await page.getByText('It has no private key.').waitFor();
    const credential = { kind: 'held', handle: 'c1' } as const;
    await set(page, { chosen: { kind: 'chosen', credential, said: 'A certificate of contoso.example.' } });
    await choose.click();
    await page.getByText('A certificate of contoso.example.').waitFor();
    await expect.poll(async () => (await lastDraft(page, 'draft.check'))?.credential).toEqual(credential);
    expect(await asked(page, 'credential.choose')).toEqual([
      { kind: 'certificate' },
      { kind: 'certificate' },
    ]);
  });

  test('keeps edits when the settings change elsewhere, and names the parts that both changed', async () => {
    const page = await openScene('settings-profile');
    await field(page, 'Name').fill('Mine');
    const elsewhere = { ...work, draft: { ...work.draft, name: 'Theirs', scopes: 'Files.Read' } };
    await push(page, { ...view, profiles: [elsewhere] });
    await expect.poll(() => field(page, 'Scopes').inputValue()).toBe('Files.Read');
    expect(await field(page, 'Name').inputValue()).toBe('Mine');
    await page.getByText('Changed elsewhere in the meantime: Name').waitFor();
    expect(await page.getByRole('tab', { name: 'Lab' }).count()).toBe(0);
  });

  test('is saved by Ctrl+S, and asks before edits are lost', async () => {
    const page = await openScene('settings-profile');
    const office = { ...work, draft: { ...work.draft, name: 'Office' } };
    await set(page, {
      saved: { kind: 'saved', profile: 'work', said: 'Saved as typed.' },
      view: { ...view, profiles: [office] },
    });
    await field(page, 'Name').fill('Office');
    await button(page, 'Discard').click();
    await page.keyboard.press('Escape');
    expect(await field(page, 'Name').inputValue()).toBe('Office');
    await field(page, 'Name').press('Control+s');
    await expect.poll(() => said(page).innerText()).toBe('Saved as typed.');
    expect((await lastDraft(page, 'draft.save'))?.draft.name).toBe('Office');
    await field(page, 'Name').fill('Away');
    await button(page, 'Discard').click();
    await button(page, 'Discard changes').click();
    await expect.poll(() => field(page, 'Name').inputValue()).toBe('Office');
    expect(await button(page, 'Save').count()).toBe(0);
  });

  test('makes a profile the default one, and removes it', async () => {
    const page = await openScene('settings-oidc');
    await button(page, 'Make default').click();
    await button(page, 'Remove profile…').click();
    await expect.poll(() => asked(page, 'profile.remove')).toEqual([{ profile: 'lab' }]);
    expect(await asked(page, 'profile.set-default')).toEqual([{ profile: 'lab' }]);
    await push(page, { ...view, profiles: [work] });
    await page.getByRole('heading', { name: 'Work' }).waitFor();
    await expect.poll(() => textOf(page)).toContain('“Lab <b>” was removed.');
  });

  test('shows each line of a test as it arrives, and none of an earlier test', async () => {
    const page = await openScene('settings-testing');
    expect(await page.locator('.test-line[data-kind="waiting"]').count()).toBe(4);
    const [first] = (await asked(page, 'draft.test')) as readonly (DraftAsked & { readonly run: number })[];
    expect(first?.profile).toBe('work');
    expect(await button(page, 'Test connection').getAttribute('aria-disabled')).toBe('true');
    await button(page, 'Test connection').click({ force: true });
    expect(await asked(page, 'draft.test')).toHaveLength(1);
  });
});

describe('a .env file', () => {
  /** Drops files on the page. */
  const drop = (page: Page, files: readonly { readonly name: string; readonly parts: readonly string[] }[]) =>
    page.evaluate((each) => {
      const dataTransfer = new DataTransfer();
      for (const { name, parts } of each) dataTransfer.items.add(new File([...parts], name));
      for (const type of ['dragover', 'drop'])
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }, files);
  const bring = (page: Page): Locator => page.locator('.bring-said');

  test('that is dropped fills in the form; its secret stays in the main process', async () => {
    const page = await openScene('settings-first');
    const draft = { name: 'Contoso', authority: 'contoso.example', clientId: work.draft.clientId };
    const credential = { kind: 'held', handle: 'h1' } as const;
    await set(page, {
      read: { kind: 'read', draft, credential, said: ['SESSION_KEY is not used.'] },
      saved: { kind: 'saved', profile: 'contoso', said: 'Saved.' },
    });
    await drop(page, [{ name: '.env', parts: [`CLIENT_SECRET=${SECRET}\n`] }]);
    await expect.poll(() => bring(page).innerText()).toContain('SESSION_KEY is not used.');
    expect(await asked(page, 'draft.read')).toEqual([{ text: `CLIENT_SECRET=${SECRET}\n` }]);
    expect(await field(page, 'Name').inputValue()).toBe('Contoso');
    expect(await page.content()).not.toContain(SECRET);
    await button(page, 'Save').click();
    await expect
      .poll(() => lastDraft(page, 'draft.save'))
      .toMatchObject({ draft: { ...draft, scopes: 'User.Read' }, credential });
  });

  test('is refused with a reason if it is too large, one of several, or a directory; if it is binary, by the reader', async () => {
    const page = await openScene('settings-first');
    await set(page, { read: { kind: 'refused', sentences: [HOSTILE] } });
    await drop(page, [{ name: '.env', parts: Array.from({ length: 10 }, () => 'A'.repeat(1_000_000)) }]);
    await expect
      .poll(() => bring(page).innerText())
      .toContain('Must be at most 1 MB; a .env file is much smaller. Found: 10 MB');
    await drop(page, [
      { name: 'a', parts: ['A=1'] },
      { name: 'b', parts: ['B=1'] },
    ]);
    await expect.poll(() => bring(page).innerText()).toContain('Found: 2 files.');
    expect(await asked(page, 'draft.read')).toEqual([]);
    await drop(page, [{ name: '.env', parts: ['\0\u0001\uFFFD'] }]);
    await expect.poll(() => bring(page).innerText()).toBe(HOSTILE);
    expect(await page.evaluate(() => 'hit' in window)).toBe(false);
  });

  test('that is pasted is read at once, and not shown', async () => {
    const page = await openScene('settings-first');
    await set(page, { read: { kind: 'read', draft: { name: 'Pasted' }, said: [] } });
    const text = `CLIENT_SECRET=${SECRET}`;
    await field(page, 'Copied values').evaluate((area, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
    await expect.poll(() => field(page, 'Name').inputValue()).toBe('Pasted');
    expect(await asked(page, 'draft.read')).toEqual([{ text }]);
    expect(await field(page, 'Copied values').inputValue()).toBe('');
  });
});

describe('the schedule', () => {
  test('shows its next runs in both zones, and follows edits', async () => {
    const page = await openScene('settings-profile');
    const cells = page.locator('.runs td');
    await expect.poll(() => cells.first().innerText()).toBe('Fri, 16 Jan 2026, 07:00');
    expect(await cells.nth(1).innerText()).toBe('Thu, 15 Jan 2026, 23:00');
    expect(await page.locator('.runs th').allInnerTexts()).toEqual([
      expect.stringContaining('Asia/Tokyo'),
      expect.stringContaining('Europe/Berlin'),
    ]);
    await field(page, 'Time of day').fill('08:30');
    await expect
      .poll(async () => (await asked(page, 'schedule.preview')).at(-1))
      .toEqual({ kind: 'at', at: '08:30', timeZone: 'Asia/Tokyo' });
    await page.getByRole('radio', { name: 'Every few hours' }).check();
    await page.getByLabel('How often').selectOption('8');
    await expect
      .poll(async () => (await asked(page, 'schedule.preview')).at(-1))
      .toEqual({ kind: 'every-hours', everyHours: 8, timeZone: 'Asia/Tokyo' });
    // Issues of hidden fields are not shown.
    expect(await field(page, 'Time of day').isVisible()).toBe(false);
    await page.getByRole('radio', { name: 'Never' }).check();
    await expect.poll(() => cells.count()).toBe(0);
    expect(await field(page, 'Time zone').isVisible()).toBe(false);
    await expect
      .poll(async () => (await lastDraft(page, 'draft.check'))?.draft.schedule)
      .toEqual({ kind: 'none' });
    // The earlier input is still there.
    await page.getByRole('radio', { name: 'Once a day' }).check();
    expect(await field(page, 'Time of day').inputValue()).toBe('08:30');
  });

  test('drops a preview that arrives after a newer one', async () => {
    const page = await openScene('settings-profile');
    await page.locator('.runs td').first().waitFor();
    await set(page, { preview: { kind: 'never' } });
    await field(page, 'Time of day').fill('09:00');
    await expect.poll(async () => (await asked(page, 'schedule.preview')).length).toBe(2);
    await set(page, { preview: { ...preview, at: preview.at.slice(3) } });
    await field(page, 'Time of day').fill('10:00');
    await expect.poll(() => page.locator('.runs tbody tr').count()).toBe(2);
    await page.evaluate((late) => window.fakeSettings.answerLate(late), preview);
    await expect.poll(() => page.locator('.runs tbody tr').count()).toBe(2);
  });

  test('finds a zone by a part of its name, by keyboard alone, without saving the form', async () => {
    const page = await openScene('settings-profile');
    const zone = page.getByRole('combobox', { name: 'Time zone' });
    await zone.fill('new y');
    expect(await zone.getAttribute('aria-expanded')).toBe('true');
    const active = await zone.getAttribute('aria-activedescendant');
    expect(await page.locator(`#${active ?? ''}`).innerText()).toContain('America/New York');
    await zone.press('Enter');
    expect(await zone.inputValue()).toBe('America/New_York');
    expect(await zone.getAttribute('aria-expanded')).toBe('false');
    expect(await asked(page, 'draft.save')).toEqual([]);
    await zone.fill('kolkata');
    await zone.press('ArrowDown');
    await zone.press('Escape');
    expect(await zone.inputValue()).toBe('kolkata');
    await zone.fill('berl');
    await page.getByRole('option', { name: 'Europe/Berlin' }).click();
    expect(await zone.inputValue()).toBe('Europe/Berlin');
    // It is this machine's zone, so there is only one column.
    await expect.poll(() => page.locator('.runs th').count()).toBe(1);
    await zone.fill('nowhere at all');
    await page.getByText('No matching time zone.').waitFor();
  });
});

describe('a setting of all profiles', () => {
  test('is saved as soon as it is changed, and reverts if the save fails', async () => {
    const page = await openScene('settings-general');
    const start = page.getByRole('checkbox', { name: 'Start at login' });
    await start.uncheck();
    await expect.poll(() => said(page).innerText()).toBe('Saved.');
    await page.getByLabel('Clear a copied token').selectOption('300');
    await page.getByLabel('Network').selectOption('node');
    await page.getByLabel('Log file').selectOption('debug');
    await expect
      .poll(() => asked(page, 'settings.change'))
      .toEqual([
        { startAtLogin: 'off' },
        { clipboardClearSeconds: 300 },
        { network: 'node' },
        { logLevel: 'debug' },
      ]);
    const problem = {
      kind: 'storage',
      code: 'token-file.write',
      message: 'Disk full.',
      next: 'Make room.',
    } as const;
    await set(page, { acted: { kind: 'failed', problem } });
    await start.click();
    await expect.poll(() => said(page).innerText()).toContain('Disk full.');
    expect(await start.isChecked()).toBe(false);
    await push(page, { ...view, startAtLogin: 'on', logLevel: 'warn' });
    await expect.poll(() => start.isChecked()).toBe(true);
    expect(await page.getByLabel('Log file').inputValue()).toBe('warn');
    await button(page, 'Copy the path of the settings file').click();
    await expect.poll(() => asked(page, 'text.copy')).toEqual([{ text: view.settingsFile }]);
  });

  test('is saved one change at a time, and a choice made during a save is saved last', async () => {
    const page = await openScene('settings-general');
    await set(page, { acted: { kind: 'never' } });
    const network = page.getByLabel('Network');
    await network.selectOption('node');
    await network.selectOption('system');
    await network.selectOption('node');
    expect(await asked(page, 'settings.change')).toHaveLength(1);
    await network.selectOption('system');
    // An update during the save does not revert the choice.
    await push(page, { ...view, network: 'node' });
    expect(await network.inputValue()).toBe('system');
    await set(page, { acted: { kind: 'done' } });
    await page.evaluate(() => window.fakeSettings.answerLate({ kind: 'done' }));
    await expect
      .poll(() => asked(page, 'settings.change'))
      .toEqual([{ network: 'node' }, { network: 'system' }]);
    expect(await network.inputValue()).toBe('system');
  });

  test('about outlets: switches, the socket’s path, and token files of a profile', async () => {
    const page = await openScene('settings-outlets');
    await button(page, 'Copy the path of the socket').click();
    await page.getByRole('checkbox', { name: 'Local HTTP server' }).uncheck();
    await page.getByRole('checkbox', { name: 'Fast answers' }).check();
    await expect
      .poll(() => asked(page, 'settings.change'))
      .toEqual([{ loopback: false }, { shellCache: true }]);
    await field(page, 'Profile').selectOption('lab');
    await field(page, 'Format').selectOption('env');
    await button(page, 'Add a file…').click();
    await expect.poll(() => asked(page, 'token-file.add')).toEqual([{ profile: 'lab', format: 'env' }]);
    const [first] = view.outlets.tokenFiles;
    await page.getByRole('button', { name: `Remove` }).first().click();
    await expect.poll(() => asked(page, 'token-file.remove')).toEqual([{ path: first?.path }]);
    await push(page, { ...view, outlets: { ...view.outlets, tokenFiles: [] } });
    await expect.poll(() => page.locator('.token-files li').count()).toBe(0);
    // The keyboard focus stays in the section.
    expect(await field(page, 'Profile').evaluate((choice) => choice === document.activeElement)).toBe(true);
  });

  test('is exported and imported once at a time, and the result is announced', async () => {
    const page = await openScene('settings-transfer');
    await set(page, { acted: { kind: 'never' } });
    await button(page, 'Export…').dblclick();
    await button(page, 'Import…').click();
    expect(await asked(page, 'settings.export')).toHaveLength(1);
    expect(await asked(page, 'settings.import')).toHaveLength(0);
    await page.reload();
    await page.getByRole('tab', { name: 'Export and import' }).click();
    await set(page, { acted: { kind: 'done', said: '2 profiles were added.' } });
    await button(page, 'Import…').click();
    await expect.poll(() => said(page).innerText()).toBe('2 profiles were added.');
  });
});

test('the keyboard reaches everything in order, and the focus is always visible', async () => {
  const page = await openScene('settings-profile');
  await page.locator('.runs td').first().waitFor();
  const stops: string[] = [];
  for (let count = 0; count < 30; count += 1) {
    await page.keyboard.press('Tab');
    const [stop, outline] = await page.evaluate((): readonly [string, string] => {
      const { activeElement: at } = document;
      if (!(at instanceof HTMLElement) || at === document.body) return ['', ''];
      const label =
        at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement ? at.labels?.[0] : null;
      return [
        label?.textContent ?? at.getAttribute('aria-label') ?? at.innerText,
        getComputedStyle(at).outlineStyle,
      ];
    });
    if (stop === '') break;
    stops.push(stop);
    expect(outline, stop).toBe('solid');
  }
  expect(stops.map((stop) => stop.split('\n')[0])).toEqual([
    'Work',
    'Show status',
    'Remove profile…',
    'Fill in from a .env file or copied values',
    'Name',
    'Microsoft Entra ID',
    'Directory (tenant) ID',
    'Application (client) ID',
    'Redirect URI',
    'Copy the redirect URI',
    'Replace…',
    'Scopes',
    'Other resources',
    'Once a day',
    'Time of day',
    'Time zone',
    'In a Tokentray window',
    'Test connection',
  ]);
  await page.getByRole('tab', { name: 'Work' }).focus();
  await page.keyboard.press('End');
  await page.getByRole('heading', { name: 'Export and import' }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Export and import');
});

test('with 100 profiles, only the forms that were opened are made', async () => {
  const page = await openScene('settings-hundred');
  await expect.poll(() => page.getByRole('tab').count()).toBe(104);
  for (const number of [3, 4, 5, 6, 7]) await page.getByRole('tab').nth(number).click();
  await page.getByRole('heading', { name: 'Profile number 5' }).waitFor();
  // Forms are numbered: the first that was shown, and five more.
  expect(await page.locator('.schedule input').first().getAttribute('name')).toBe('schedule-6');
});

test('the page is less than 150 kB, with everything that it loads', async () => {
  const loaded: number[] = [];
  const page = await open({ view });
  page.on('response', (response) => void response.body().then((body) => loaded.push(body.length)));
  await page.reload();
  await expect.poll(() => loaded.length).toBeGreaterThanOrEqual(3);
  const bytes = loaded.reduce((sum, each) => sum + each, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(150_000);
});

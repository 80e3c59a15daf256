import type { Locator, Page } from 'playwright-core';
import { describe, expect, test, vi } from 'vitest';
import type {
  CallName,
  DraftAsked,
  ProfileSettings,
  SettingsView,
} from '../../../src/pages/bridge/contract.ts';
import type { SettingsState } from '../fixtures/fake-settings.ts';
import { preview, sceneOf, view, work } from '../fixtures/settings-states.ts';
import { stageOf } from '../fixtures/stage.ts';

// The real module would download Electron's binary.
vi.mock('electron', () => ({}));
const { answer } = await import('../../../src/tray/windows/app-scheme.ts');
const stage = stageOf(answer);

const well: SettingsState = { view, preview };
const [, lab] = view.profiles;
const withWork = (next: Partial<ProfileSettings>): SettingsView => ({
  ...view,
  profiles: [{ ...work, ...next }, lab!],
});
const withoutWork: SettingsView = { ...view, profiles: [{ ...lab!, isDefault: true }] };

const open = (state: SettingsState = well): Promise<Page> => stage.openSettings(state);
const set = (page: Page, next: Partial<SettingsState>): Promise<void> =>
  page.evaluate((each) => window.fakeSettings.set(each), next);
const push = (page: Page, next: SettingsView): Promise<void> =>
  page.evaluate((each) => window.fakeSettings.push(each), next);
/** Answers the pending calls. */
const answerLate = (page: Page, late: unknown): Promise<void> =>
  page.evaluate((each) => window.fakeSettings.answerLate(each), late);
const asked = (page: Page, name: CallName): Promise<unknown[]> =>
  page.evaluate(
    (wanted) => window.fakeSettings.calls.filter((call) => call.name === wanted).map((call) => call.asked),
    name,
  );
const field = (page: Page, label: string): Locator => page.getByLabel(label, { exact: true });
const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });
const tab = (page: Page, name: string): Locator => page.getByRole('tab', { name });
const chosenTab = (page: Page): Promise<string> =>
  page.locator('[role="tab"][aria-selected="true"]').innerText();
/** The announcement at the lower edge, without the marks that isolate the direction of names. */
const said = async (page: Page): Promise<string> =>
  (await page.locator('.dock .said').innerText()).replaceAll(/[\u2066-\u2069]/gu, '');
const drop = (page: Page, text: string): Promise<void> =>
  page.evaluate((each) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([each], '.env'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, text);

describe('the credential', () => {
  test('that is stored but not used says why, above the field that replaces it; after its removal that field stays open', async () => {
    const why = 'What is stored belongs to another registration.';
    const page = await open();
    await button(page, 'Replace…').focus();
    await push(page, withWork({ credential: { kind: 'none', said: why } }));
    await page.getByText(why).waitFor();
    expect(await button(page, 'Replace…').isVisible()).toBe(false);
    const secret = page.locator('input[type="password"]');
    expect(await secret.evaluate((input) => input === document.activeElement)).toBe(true);
    await secret.fill('typed');
    expect(await page.getByText(why).isVisible()).toBe(true);
  });

  test('that is chosen during a save or an update stays, and is unsaved', async () => {
    const page = await open({ ...well, chosen: { kind: 'never' } });
    await set(page, { saved: { kind: 'saved', profile: 'work', said: 'Saved.' } });
    await field(page, 'Name').fill('Office');
    await button(page, 'Replace…').click();
    await page.getByRole('radio', { name: 'Certificate' }).check();
    await page.locator('.credential-more').getByRole('button', { name: 'Choose file…' }).click();
    await button(page, 'Save').click();
    await expect.poll(() => said(page)).toBe('Saved.');
    const credential = { kind: 'held', handle: 'c1' };
    await answerLate(page, { kind: 'chosen', credential, said: 'A certificate of contoso.example.' });
    await page.getByText('A certificate of contoso.example.').waitFor();
    await button(page, 'Save').click();
    await expect.poll(async () => (await asked(page, 'draft.save')).at(-1)).toMatchObject({ credential });
  });

  test('is explained for the chosen provider', async () => {
    const page = await open();
    await tab(page, 'Lab').click();
    await button(page, 'Replace…').click();
    for (const [kind, help] of [
      ['Certificate', 'The certificate must be registered with the provider'],
      ['Assertion file', 'the provider trusts'],
    ] as const) {
      await page.getByRole('radio', { name: kind }).check();
      const words = await page.locator('.credential-more .help').innerText();
      expect(words).toContain(help);
      expect(words).not.toContain('Certificates & secrets');
    }
    await page.getByRole('radio', { name: 'Microsoft Entra ID' }).check();
    expect(await page.locator('.credential-more .help').innerText()).toContain('Federated credentials');
  });
});

describe('a save that answers late', () => {
  test('leaves the user at another profile, and names the saved one', async () => {
    const page = await open({ ...well, saved: { kind: 'never' } });
    await field(page, 'Name').fill('Office');
    await button(page, 'Save').click();
    await tab(page, 'Lab').click();
    await field(page, 'Scopes').fill('openid');
    await answerLate(page, { kind: 'saved', profile: 'work', said: 'Saved.' });
    await expect.poll(() => said(page)).toBe('Work: Saved.');
    expect(await chosenTab(page)).toContain('Lab');
    expect(await field(page, 'Scopes').evaluate((input) => input === document.activeElement)).toBe(true);
    await tab(page, 'Work').click();
    await field(page, 'Name').fill('Office 2');
    await button(page, 'Save').click();
    await tab(page, 'Lab').click();
    await field(page, 'Client ID').focus();
    await answerLate(page, { kind: 'refused', issues: [{ field: 'name', sentence: 'Not that one.' }] });
    await expect.poll(() => said(page)).toContain('Work: Fix the marked field first');
    expect(await field(page, 'Client ID').evaluate((input) => input === document.activeElement)).toBe(true);
  });

  test('blocks the form: nothing can be clicked, and a dropped file is filled in afterwards', async () => {
    const page = await open({ ...well, saved: { kind: 'never' } });
    await set(page, { read: { kind: 'read', draft: { clientId: 'dropped' }, said: ['It was read.'] } });
    await field(page, 'Name').fill('Office');
    await button(page, 'Save').click();
    expect(await page.locator('.panel-parts').evaluate((node: HTMLElement) => node.inert)).toBe(true);
    await drop(page, 'CLIENT_ID=dropped');
    await expect.poll(() => asked(page, 'draft.read')).toHaveLength(1);
    expect(await field(page, 'Application (client) ID').inputValue()).toBe(work.draft.clientId);
    await set(page, { view: withWork({ draft: { ...work.draft, name: 'Office' } }) });
    await answerLate(page, { kind: 'saved', profile: 'work', said: 'Saved.' });
    await page.getByText('It was read.').waitFor();
    expect(await field(page, 'Application (client) ID').inputValue()).toBe('dropped');
    await page.getByText('Not saved: Application (client) ID').waitFor();
    expect(await page.locator('.panel-parts').evaluate((node: HTMLElement) => node.inert)).toBe(false);
  });

  test('of a new profile: a file dropped during it goes into the form of another new one', async () => {
    const page = await open({ ...well, saved: { kind: 'never' } });
    await set(page, { read: { kind: 'read', draft: { name: 'Dropped' }, said: [] } });
    await tab(page, 'Add profile').click();
    await field(page, 'Name').fill('Third');
    await button(page, 'Save').click();
    await drop(page, 'NAME=Dropped');
    await expect.poll(() => asked(page, 'draft.read')).toHaveLength(1);
    const third = { ...work, id: 'third', isDefault: false, draft: { ...work.draft, name: 'Third' } };
    await set(page, { view: { ...view, profiles: [...view.profiles, third] } });
    await answerLate(page, { kind: 'saved', profile: 'third', said: 'Saved.' });
    await expect.poll(() => chosenTab(page)).toContain('Third');
    await tab(page, 'Add profile').click();
    await expect.poll(() => field(page, 'Name').inputValue()).toBe('Dropped');
  });
});

describe('a profile that is removed elsewhere while its form has edits', () => {
  test('stays visible with the edits, and is saved as a new one', async () => {
    const page = await open();
    await field(page, 'Name').fill('Mine');
    await push(page, withoutWork);
    await expect.poll(() => said(page)).toContain('“Work” was removed elsewhere. Your entries are kept');
    expect(await field(page, 'Name').inputValue()).toBe('Mine');
    expect(await chosenTab(page)).toContain('Work');
    expect(await button(page, 'Remove profile…').isVisible()).toBe(false);
    await page.getByText('If you save it, it becomes a new profile').waitFor();
    const anew = { ...work, id: 'mine', isDefault: false, draft: { ...work.draft, name: 'Mine' } };
    await set(page, {
      saved: { kind: 'saved', profile: 'mine', said: 'Saved.' },
      view: { ...withoutWork, profiles: [...withoutWork.profiles, anew] },
    });
    await button(page, 'Save').click();
    await expect.poll(() => chosenTab(page)).toContain('Mine');
    const [sent] = (await asked(page, 'draft.save')) as readonly DraftAsked[];
    expect(sent).toMatchObject({ draft: { name: 'Mine' }, credential: { kind: 'stored' } });
    expect(sent).not.toHaveProperty('profile');
    expect(await tab(page, 'Work').count()).toBe(0);
  });

  test('is announced while another one is shown, and disappears when discarded', async () => {
    const page = await open();
    await field(page, 'Name').fill('Mine');
    await tab(page, 'General').click();
    await push(page, withoutWork);
    await expect.poll(() => said(page)).toContain('“Work” was removed elsewhere.');
    await tab(page, 'Work').click();
    await button(page, 'Discard').click();
    await button(page, 'Discard changes').click();
    await expect.poll(() => tab(page, 'Work').count()).toBe(0);
    expect(await chosenTab(page)).toContain('Lab');
  });

  test('disappears with its edits if it was removed here', async () => {
    const page = await open({ ...well, acted: { kind: 'never' } });
    await field(page, 'Name').fill('Mine');
    await button(page, 'Remove profile…').click();
    await push(page, withoutWork);
    await expect.poll(() => tab(page, 'Work').count()).toBe(0);
    await expect.poll(() => said(page)).toBe('“Work” was removed.');
  });
});

test('a test is outdated when the form changes, also by a discard or from elsewhere; a failed test is announced', async () => {
  const outdated = 'The form has changed since this test.';
  const { state } = sceneOf('settings-tested');
  const page = await open(state);
  const verdict = page.locator('.test-said');
  await button(page, 'Test connection').click();
  await expect.poll(() => verdict.innerText()).toContain('1 of 6');
  expect(await page.getByText(outdated).count()).toBe(0);
  await push(page, withWork({ draft: { ...work.draft, scopes: 'Files.Read' } }));
  await page.getByText(outdated).waitFor();
  await field(page, 'Name').fill('Mine');
  await button(page, 'Test connection').click();
  await expect.poll(() => page.getByText(outdated).count()).toBe(0);
  await button(page, 'Discard').click();
  await button(page, 'Discard changes').click();
  await page.getByText(outdated).waitFor();
  await set(page, { testedAnswer: { kind: 'fails', message: 'Tokentray ends. Start it again.' } });
  await button(page, 'Test connection').click();
  await expect.poll(() => verdict.innerText()).toBe('The connection could not be tested');
  expect(await verdict.getAttribute('role')).toBe('status');
  expect(await page.locator('.test-lines').innerText()).toBe('Tokentray ends. Start it again.');
  expect(await page.getByText(outdated).count()).toBe(0);
});

test('text that is pasted or dropped during another import, or without a form, is refused with a reason and not lost', async () => {
  const page = await open({ ...well, read: { kind: 'never' } });
  await tab(page, 'Add profile').click();
  await drop(page, 'CLIENT_ID=first');
  await expect.poll(() => asked(page, 'draft.read')).toHaveLength(1);
  const area = field(page, 'Copied values');
  await area.fill('CLIENT_ID=second');
  await button(page, 'Read values').click();
  await page.getByText('so this one was not read').waitFor();
  const isTaken = await area.evaluate((control) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', 'CLIENT_ID=third');
    return !control.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    );
  });
  expect(isTaken).toBe(false);
  await answerLate(page, { kind: 'read', draft: { clientId: 'first' }, said: [] });
  await expect.poll(() => field(page, 'Application (client) ID').inputValue()).toBe('first');
  expect(await area.inputValue()).toBe('CLIENT_ID=second');
  expect(await asked(page, 'draft.read')).toHaveLength(1);
  await tab(page, 'General').click();
  await drop(page, 'CLIENT_ID=fourth');
  await expect.poll(() => said(page)).toContain('Choose a profile or “Add profile”');
});

test('“changed elsewhere” is shown as long as it is true', async () => {
  const page = await open();
  const note = page.getByText('Changed elsewhere in the meantime');
  await field(page, 'Name').fill('Mine');
  await push(page, withWork({ draft: { ...work.draft, name: 'Theirs' } }));
  await note.waitFor();
  await field(page, 'Name').fill('Theirs');
  await expect.poll(() => note.count()).toBe(0);
});

test('a page whose settings cannot be read after a save stays, and says so', async () => {
  const page = await open({ ...well, saved: { kind: 'saved', profile: 'work', said: 'Saved as typed.' } });
  await field(page, 'Name').fill('Office');
  await set(page, { view: { kind: 'fails', message: 'It does not answer.' } });
  await button(page, 'Save').click();
  await expect.poll(() => said(page)).toContain('It does not answer.');
  expect(await said(page)).toContain('Saved as typed. The current settings could not be read');
  expect(await field(page, 'Name').inputValue()).toBe('Office');
});

test('Ctrl+S does not save while a question is open', async () => {
  const page = await open();
  await field(page, 'Name').fill('Office');
  await button(page, 'Discard').click();
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Control+s');
  await page.keyboard.press('Escape');
  expect(await asked(page, 'draft.save')).toEqual([]);
});

test('a stored text that a control normalizes is neither unsaved nor contested', async () => {
  const written = { ...work.draft, scopes: 'User.Read\r\nMail.Read', clientId: 'two\nlines' };
  const page = await open({ ...well, view: withWork({ draft: written }) });
  expect(await field(page, 'Scopes').inputValue()).toBe('User.Read\nMail.Read');
  expect(await button(page, 'Save').count()).toBe(0);
  await field(page, 'Scopes').fill('Mine');
  await push(page, withWork({ draft: { ...written, redirectUri: 'http://localhost:6000/' } }));
  await expect.poll(() => field(page, 'Redirect URI').inputValue()).toBe('http://localhost:6000/');
  expect(await page.getByText('Changed elsewhere in the meantime').count()).toBe(0);
  await page.getByText('Not saved: Scopes').waitFor();
});

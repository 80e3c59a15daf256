import { expect, test, vi } from 'vitest';
import { zoomAfter } from '../../../src/tray/windows/zoom.ts';

vi.mock('electron', () => ({ Menu: {} }));
const { editEntries } = await import('../../../src/tray/windows/edit-menu.ts');

const flags = {
  canUndo: false,
  canRedo: false,
  canCut: false,
  canCopy: false,
  canPaste: false,
  canDelete: false,
  canSelectAll: true,
  canEditRichly: false,
};
const enabled = (entries: readonly { role?: string; enabled?: boolean }[]): (string | undefined)[] =>
  entries.filter((entry) => entry.enabled === true).map(({ role }) => role);

test('a password can be pasted, but not copied', () => {
  const entries = editEntries({
    isEditable: true,
    selectionText: '',
    editFlags: { ...flags, canPaste: true },
  });
  expect(entries.map(({ role }) => role)).toEqual(['cut', 'copy', 'paste', undefined, 'selectAll']);
  expect(enabled(entries)).toEqual(['paste', 'selectAll']);
});

test('selected text can be copied, and other places have no menu', () => {
  const copied = editEntries({
    isEditable: false,
    selectionText: 'AADSTS50011',
    editFlags: { ...flags, canCopy: true },
  });
  expect(enabled(copied)).toEqual(['copy', 'selectAll']);
  expect(editEntries({ isEditable: false, selectionText: '', editFlags: flags })).toEqual([]);
});

test('Ctrl or Cmd with +, - and 0 zooms within bounds; other keys and combinations do not', () => {
  const key = (pressed: string, more = {}) => ({
    type: 'keyDown' as const,
    control: true,
    meta: false,
    alt: false,
    key: pressed,
    ...more,
  });
  expect(zoomAfter(0, key('+'))).toBe(1);
  expect(zoomAfter(0, key('='))).toBe(1);
  expect(zoomAfter(0, key('-'))).toBe(-1);
  expect(zoomAfter(3, key('0'))).toBe(0);
  expect(zoomAfter(0, key('+', { control: false, meta: true }))).toBe(1);
  let level = 0;
  for (let press = 0; press < 20; press += 1) level = zoomAfter(level, key('+')) ?? Number.NaN;
  expect(level).toBe(5);
  for (let press = 0; press < 20; press += 1) level = zoomAfter(level, key('-')) ?? Number.NaN;
  expect(level).toBe(-4);
  expect(zoomAfter(0, key('+', { control: false }))).toBeUndefined();
  // AltGr is Ctrl and Alt together, and types characters.
  expect(zoomAfter(0, key('+', { alt: true }))).toBeUndefined();
  expect(zoomAfter(0, key('+', { type: 'keyUp' }))).toBeUndefined();
  expect(zoomAfter(0, key('a'))).toBeUndefined();
});

import { beforeEach, expect, test, vi } from 'vitest';
import type { ActionEntry, MenuEntry } from '../../../src/tray/menu/menu-entry.ts';

interface Box {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
  readonly cancelId: number;
}

const desk = vi.hoisted(() => ({ boxes: [] as Box[], presses: [] as string[] }));

vi.mock('electron', () => ({
  BrowserWindow: { getAllWindows: () => [] },
  dialog: {
    showMessageBox: (box: Box) => {
      desk.boxes.push(box);
      return Promise.resolve({ response: box.buttons.indexOf(desk.presses.shift() ?? 'Close') });
    },
  },
}));

const { showStatus } = await import('../../../src/tray/menu/status-dialog.ts');

const action = (id: string, more: Partial<ActionEntry> = {}): ActionEntry => ({
  kind: 'action',
  id,
  action: 'copy',
  target: {},
  text: id,
  state: 'enabled',
  ...more,
});

const menu: readonly MenuEntry[] = [
  { kind: 'line', text: '1 of 2 profiles signed in' },
  { kind: 'separator' },
  {
    kind: 'submenu',
    id: 'profile/work',
    text: 'R&D <b>',
    state: 'enabled',
    entries: [
      { kind: 'line', text: 'Signed in as ada' },
      action('work/copy'),
      action('off', { state: 'disabled' }),
    ],
  },
  { kind: 'submenu', id: 'none', text: 'Nothing here', state: 'disabled', entries: [] },
  action('start-at-login', { mark: 'on' }),
  action('status'),
  action('quit'),
];

beforeEach(() => {
  desk.boxes.length = 0;
  desk.presses.length = 0;
});

test('each enabled entry is a button; closing the dialog chooses nothing', async () => {
  expect(await showStatus(menu)).toBeUndefined();
  expect(desk.boxes).toMatchObject([
    {
      message: '1 of 2 profiles signed in',
      detail: '',
      buttons: ['R&D <b>', '✓ start-at-login', 'quit', 'Close'],
      cancelId: 3,
    },
  ]);
});

test('a profile’s button opens a dialog with its status, where an action can be chosen', async () => {
  desk.presses.push('R&D <b>', 'work/copy');
  expect(await showStatus(menu)).toMatchObject({ id: 'work/copy' });
  expect(desk.boxes[1]).toMatchObject({
    message: 'R&D <b>',
    detail: 'Signed in as ada',
    buttons: ['work/copy', 'Close'],
  });
});

import { say } from '../../words/say.ts';
import { choose } from '../dialogs/message-box.ts';
import type { ActionEntry, MenuEntry, SubmenuEntry } from './menu-entry.ts';

type Entry = ActionEntry | SubmenuEntry;

/**
 * Shows the tray's menu as a dialog, for desktops without a tray icon: its lines as text, and its enabled entries as
 * buttons, of which a submenu's opens its own dialog. Returns the chosen entry.
 * @param title of a submenu
 */
export async function showStatus(
  entries: readonly MenuEntry[],
  title?: string,
): Promise<ActionEntry | undefined> {
  const lines = entries.flatMap((entry) => (entry.kind === 'line' ? entry.text : []));
  const [message = say('app.name'), ...details] = title === undefined ? lines : [title, ...lines];
  const choices = entries
    .filter((entry) => entry.kind === 'submenu' || entry.kind === 'action')
    .filter((entry) => entry.state === 'enabled' && entry.id !== 'status')
    .map((value) => ({ label: labelOf(value), value }));
  const close = { label: say('status.close'), value: undefined };
  const box = { type: 'none', message, detail: details.join('\n') } as const;
  const chosen = await choose<Entry | undefined>(box, [...choices, close], { enter: 'last' });
  return chosen?.kind === 'submenu' ? showStatus(chosen.entries, chosen.text) : chosen;
}

function labelOf(entry: Entry): string {
  return entry.kind === 'action' && entry.mark === 'on' ? `✓ ${entry.text}` : entry.text;
}

import { say } from '../../words/say.ts';
import type { ActionEntry, MenuEntry, SubmenuEntry } from './menu-entry.ts';
import { showBox } from '../dialogs/message-box.ts';

/** A menu as a dialog: its lines as text, and its enabled entries as buttons. */
export interface StatusDialog {
  readonly message: string;
  readonly detail: string;
  readonly choices: readonly (ActionEntry | SubmenuEntry)[];
}

/**
 * @param title of a submenu; the first line of its dialog
 */
export function statusDialog(entries: readonly MenuEntry[], title: string | undefined): StatusDialog {
  const lines = entries.flatMap((entry) => (entry.kind === 'line' ? entry.text : []));
  const [message = say('app.name'), ...details] = title === undefined ? lines : [title, ...lines];
  const choices = entries
    .filter((entry) => entry.kind === 'submenu' || entry.kind === 'action')
    .filter((entry) => entry.state === 'enabled' && entry.id !== 'status');
  return { message, detail: details.join('\n'), choices };
}

function buttonOf(choice: ActionEntry | SubmenuEntry): string {
  return choice.kind === 'action' && choice.mark === 'on' ? `✓ ${choice.text}` : choice.text;
}

/** Shows the tray's menu as a dialog, for desktops without a tray icon. Returns the chosen entry. */
export async function showStatus(
  entries: readonly MenuEntry[],
  title?: string,
): Promise<ActionEntry | undefined> {
  const { message, detail, choices } = statusDialog(entries, title);
  const { response } = await showBox({
    type: 'none',
    title: say('app.name'),
    message,
    detail,
    buttons: [...choices.map(buttonOf), say('status.close')],
    cancelId: choices.length,
    defaultId: choices.length,
    noLink: true,
  });
  const chosen = choices[response];
  return chosen?.kind === 'submenu' ? showStatus(chosen.entries, chosen.text) : chosen;
}

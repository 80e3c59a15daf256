import { say } from '../../words/say.ts';
import type { ActionEntry, MenuEntry, SubmenuEntry } from './menu-entry.ts';
import { showBox } from '../dialogs/message-box.ts';

/** The dialog that stands for a menu: its lines as text, what can be chosen as buttons. */
export interface StatusDialog {
  readonly message: string;
  readonly detail: string;
  readonly choices: readonly (ActionEntry | SubmenuEntry)[];
}

/** A menu's dialog. A submenu is a button, and its title stands above its own dialog. */
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

/**
 * The tray's menu as a window, for desktops that show no tray icon: a second launch opens it. The
 * answer is what was chosen.
 */
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

import { Notification } from 'electron';
import type { Status } from '../agent/status.ts';
import { say, sayProblem } from '../words/say.ts';

/** What to tell, or undefined. Only what needs a person: everything else is in icon and menu. */
export function notificationFor(
  previous: Status,
  next: Status,
): { readonly title: string; readonly body: string } | undefined {
  if (next.session.kind !== 'sign-in-needed' || previous.session.kind === 'sign-in-needed') return undefined;
  const { sentence, next: step } = sayProblem(next.session.reason);
  return {
    title: say('notification.sign-in-needed'),
    body: say('notification.sign-in-needed.body', { reason: sentence, next: step }),
  };
}

/** Shows notifications; a click on one runs `onClick`. Holds the last one, or it is collected with its handler. */
export class Notifier {
  readonly #onClick: () => void;
  #shown: Notification | undefined;

  constructor(onClick: () => void) {
    this.#onClick = onClick;
  }

  show(text: { readonly title: string; readonly body: string }): void {
    if (!Notification.isSupported()) return;
    this.#shown?.close();
    this.#shown = new Notification(text);
    this.#shown.on('click', () => this.#onClick());
    this.#shown.show();
  }
}

import { say } from '../../words/say.ts';
import type { Announcer } from '../elements/announce.ts';
import type { PageApi } from '../bridge/api.ts';
import { element } from '../elements/element.ts';
import { actAndSay } from './saved-setting.ts';

/**
 * A button that puts a text that is no secret on the clipboard. `label`: what it does, with the name of what is
 * copied, for screen readers; `done`: what is said then. `textOf` is asked for the text at each click.
 */
export function copyButton(
  api: Pick<PageApi, 'text.copy'>,
  announcements: Announcer,
  words: { readonly label: string; readonly done: string },
  textOf: () => string,
): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'button small', 'aria-label': words.label });
  button.textContent = say('settings-page.copy');
  button.addEventListener(
    'click',
    () =>
      void actAndSay(() => api['text.copy']({ text: textOf() }), announcements, {
        failed: say('settings-page.copy.failed'),
        done: words.done,
      }),
  );
  return button;
}

import { say } from '../../words/say.ts';
import type { PageApi } from '../bridge/api.ts';
import type { Announcer } from '../elements/announce.ts';
import { button } from '../elements/element.ts';
import { actAndSay } from './act.ts';

/**
 * A button that copies a text without secrets. `label`: what it copies, for screen readers; `done`: announced
 * afterwards. `textOf` is called at each click.
 */
export function copyButton(
  api: Pick<PageApi, 'text.copy'>,
  announcer: Announcer,
  { label, done }: { readonly label: string; readonly done: string },
  textOf: () => string,
): HTMLButtonElement {
  const words = { failed: say('settings-page.copy.failed'), done };
  const copy = (): void => void actAndSay(() => api['text.copy']({ text: textOf() }), announcer, words);
  return button(say('settings-page.copy'), copy, { class: 'button small', 'aria-label': label });
}

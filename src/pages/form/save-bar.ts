import { say } from '../../words/say.ts';
import { button, element } from '../elements/element.ts';

/** What a form's bar shows: the unsaved changes, that they are being saved, or nothing. */
export type BarState =
  | { readonly kind: 'clean' }
  | { readonly kind: 'unsaved'; readonly said: string; readonly discard: 'yes' | 'no' }
  | { readonly kind: 'saving' };

/** The bar at the lower edge of a form: its unsaved changes, and the buttons to save or discard them. */
export class SaveBar {
  readonly node: HTMLElement;
  readonly #said = element('p', { class: 'save-said' });
  readonly #discard: HTMLButtonElement;
  readonly #save: HTMLButtonElement;

  constructor(save: () => void, discard: () => void) {
    this.#save = button(say('settings-page.save'), save, { class: 'button primary' });
    this.#discard = button(say('settings-page.discard'), discard);
    const actions = element('div', { class: 'actions' }, this.#discard, this.#save);
    this.node = element('div', { class: 'save-bar' }, this.#said, actions);
    this.show({ kind: 'clean' });
  }

  show(state: BarState): void {
    const hadFocus = this.node.contains(document.activeElement);
    this.node.hidden = state.kind === 'clean';
    if (hadFocus && this.node.hidden) this.node.closest<HTMLElement>('[tabindex]')?.focus();
    this.#discard.hidden = state.kind !== 'unsaved' || state.discard === 'no';
    this.#save.setAttribute('aria-disabled', String(state.kind === 'saving'));
    this.#save.classList.toggle('busy', state.kind === 'saving');
    if (state.kind === 'clean') return;
    this.#said.textContent = state.kind === 'saving' ? say('settings-page.saving') : state.said;
  }
}

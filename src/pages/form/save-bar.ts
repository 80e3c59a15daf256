import { say } from '../../words/say.ts';
import { element } from '../elements/element.ts';

/** What a form's bar shows: what is not saved, whether it is being saved, or nothing at all. */
export type BarState =
  | { readonly kind: 'clean' }
  | { readonly kind: 'unsaved'; readonly said: string; readonly discard: 'yes' | 'no' }
  | { readonly kind: 'saving' };

/** The bar at the lower edge of a form: what is not saved yet, and what can be done about it. */
export class SaveBar {
  readonly node: HTMLElement;
  readonly #said = element('p', { class: 'save-said' });
  readonly #discard = element('button', { type: 'button', class: 'button' }, say('settings-page.discard'));
  readonly #save = element('button', { type: 'button', class: 'button primary' }, say('settings-page.save'));

  constructor(save: () => void, discard: () => void) {
    this.#save.addEventListener('click', save);
    this.#discard.addEventListener('click', discard);
    this.node = element(
      'div',
      { class: 'save-bar' },
      this.#said,
      element('div', { class: 'actions' }, this.#discard, this.#save),
    );
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

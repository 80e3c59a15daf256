import { say } from '../../words/say.ts';
import type { Announcements } from '../elements/announce.ts';
import type { PageApi } from '../bridge/api.ts';
import type { Acted } from '../bridge/contract.ts';
import { element } from '../elements/element.ts';
import { oneAct } from '../actions/one-act.ts';

/** Carries everything but secrets to another machine, or back. */
export class TransferSection {
  readonly node: HTMLElement;
  readonly #act: ReturnType<typeof oneAct>;

  constructor(api: Pick<PageApi, 'settings.export' | 'settings.import'>, announcements: Announcements) {
    this.#act = oneAct(announcements);
    const exporting = this.#button(say('settings-page.export'), say('settings-page.export.failed'), () =>
      api['settings.export'](),
    );
    const importing = this.#button(say('settings-page.import'), say('settings-page.import.failed'), () =>
      api['settings.import'](),
    );
    this.node = element(
      'section',
      { class: 'card' },
      element('h2', {}, say('settings-page.transfer')),
      element(
        'div',
        { class: 'part across' },
        element('p', {}, say('settings-page.transfer.export')),
        exporting,
      ),
      element(
        'div',
        { class: 'part across' },
        element('p', {}, say('settings-page.transfer.import')),
        importing,
      ),
    );
  }

  #button(label: string, failed: string, act: () => Promise<Acted>): HTMLButtonElement {
    const button = element('button', { type: 'button', class: 'button' }, label);
    button.addEventListener('click', () => void this.#act(act, { failed }));
    return button;
  }
}

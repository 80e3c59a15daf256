import { say } from '../../words/say.ts';
import { oneAct } from '../actions/act.ts';
import type { PageApi } from '../bridge/api.ts';
import type { Acted } from '../bridge/contract.ts';
import type { Announcements } from '../elements/announce.ts';
import { card } from '../elements/card.ts';
import { button, element } from '../elements/element.ts';

/** Export and import of everything but secrets, for another machine. */
export class TransferSection {
  readonly node: HTMLElement;

  constructor(api: Pick<PageApi, 'settings.export' | 'settings.import'>, announcements: Announcements) {
    const once = oneAct(announcements);
    const part = (text: string, label: string, act: () => Promise<Acted>, failed: string): HTMLElement => {
      const made = button(label, () => void once(act, { failed }));
      return element('div', { class: 'part across' }, element('p', {}, text), made);
    };
    this.node = card(
      say('settings-page.transfer'),
      part(
        say('settings-page.transfer.export'),
        say('settings-page.export'),
        () => api['settings.export'](),
        say('settings-page.export.failed'),
      ),
      part(
        say('settings-page.transfer.import'),
        say('settings-page.import'),
        () => api['settings.import'](),
        say('settings-page.import.failed'),
      ),
    );
  }
}

import type { StatusBody } from '../../outlets/answer/status-body.ts';
import { say } from '../../words/say.ts';
import { withoutTurning } from '../../words/turning-marks.ts';
import { element } from '../elements/element.ts';
import { foreign } from '../elements/foreign-text.ts';
import { problemsOf } from '../elements/problems.ts';
import { TabList } from '../elements/tabs.ts';

export const PANEL_ID = 'profile-panel';

/** What a profile's tab shows. */
interface Tab extends Pick<StatusBody['profile'], 'id' | 'name' | 'isDefault'> {
  readonly state: 'trouble' | StatusBody['session']['kind'];
  readonly said: string;
}

/** The profiles as tabs. */
export class ProfileTabs {
  readonly node: HTMLElement;
  readonly #list: TabList<Tab>;

  /** `choose` is called with the id of the profile that the user picked. */
  constructor(choose: (profile: string) => void) {
    this.#list = new TabList({
      look: 'tabs',
      label: say('page.profiles'),
      panel: PANEL_ID,
      keyOf: ({ id }) => id,
      make: tabElement,
      choose: ({ id }) => choose(id),
    });
    this.node = this.#list.node;
  }

  /** Hidden if there is only one profile. */
  show(profiles: readonly StatusBody[], chosen: string): void {
    this.node.classList.toggle('gone', profiles.length < 2);
    this.#list.show(profiles.map(tabOf), chosen);
  }
}

function tabOf(status: StatusBody): Tab {
  const { id, name, isDefault } = status.profile;
  const state = problemsOf(status).length > 0 ? 'trouble' : status.session.kind;
  return { id, name, isDefault, state, said: sayState(status.session.kind, state) };
}

function sayState(session: StatusBody['session']['kind'], state: Tab['state']): string {
  if (session === 'signed-out') return say('session.signed-out');
  if (session === 'sign-in-needed') return say('notification.sign-in-needed');
  return state === 'trouble' ? say('page.tab.trouble') : say('page.tab.signed-in');
}

function tabElement({ name, isDefault, state, said }: Tab): HTMLElement {
  const chip = isDefault && element('span', { class: 'chip' }, say('page.default'));
  return element(
    'button',
    { type: 'button', class: 'tab', title: withoutTurning(name), 'data-state': state },
    element('span', { class: 'tab-name' }, foreign(name)),
    element('span', { class: 'tab-state' }, said, chip),
  );
}

import type { StatusBody } from '../../outlets/answer/status-body.ts';
import { say } from '../../words/say.ts';
import { withoutTurning } from '../../words/turning-marks.ts';
import { element } from '../elements/element.ts';
import { foreign } from '../elements/foreign-text.ts';
import { problemsOf } from '../elements/problems.ts';
import { nextIndex } from '../elements/roving.ts';
import { scrollWithin } from '../elements/scroll-within.ts';

export const PANEL_ID = 'profile-panel';

/** The profiles as tabs (WAI-ARIA APG, Tabs): one stop of the Tab key, arrows between them, however many they are. */
export class ProfileTabs {
  readonly node = element('div', {
    class: 'tabs',
    role: 'tablist',
    'aria-orientation': 'vertical',
    'aria-label': say('page.profiles'),
  });
  readonly #choose: (profile: string) => void;
  #shown = '';
  #chosen = '';
  #ids: readonly string[] = [];

  /** `choose` is told of the profile that a person wants to see. */
  constructor(choose: (profile: string) => void) {
    this.#choose = choose;
    this.node.addEventListener('click', (event) => this.#pick(tabAt(event.target)));
    this.node.addEventListener('keydown', (event) => this.#move(event));
  }

  /** A single profile needs no tab. */
  show(profiles: readonly StatusBody[], chosen: string): void {
    this.node.classList.toggle('gone', profiles.length < 2);
    const shown = JSON.stringify([chosen, profiles.map((status) => [status.profile, wordOf(status)])]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const isAnother = chosen !== this.#chosen;
    this.#chosen = chosen;
    const hadFocus = this.node.contains(document.activeElement);
    this.#ids = profiles.map(({ profile }) => profile.id);
    this.node.replaceChildren(...profiles.map((status) => tab(status, chosen)));
    const current = this.node.querySelector<HTMLElement>('[aria-selected="true"]');
    if (current === null) return;
    if (isAnother) scrollWithin(this.node, current);
    if (hadFocus) current.focus({ preventScroll: !isAnother });
  }

  #move(event: KeyboardEvent): void {
    const from = indexOf(tabAt(event.target), this.node);
    const to = nextIndex(event.key, from, this.#ids.length);
    if (to === undefined) return;
    event.preventDefault();
    this.#pick(this.node.children[to]);
  }

  #pick(picked: Element | null | undefined): void {
    const id = this.#ids[indexOf(picked, this.node)];
    if (id === undefined) return;
    this.#choose(id);
    this.node.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  }
}

function tab(status: StatusBody, chosen: string): HTMLElement {
  const { profile } = status;
  const isChosen = profile.id === chosen;
  const marks = profile.isDefault ? [element('span', { class: 'chip' }, say('page.default'))] : [];
  return element(
    'button',
    {
      type: 'button',
      class: 'tab',
      role: 'tab',
      title: withoutTurning(profile.name),
      'aria-selected': String(isChosen),
      'aria-controls': PANEL_ID,
      tabindex: isChosen ? '0' : '-1',
      'data-state': problemsOf(status).length > 0 ? 'trouble' : status.session.kind,
    },
    element('span', { class: 'tab-name' }, foreign(profile.name)),
    element('span', { class: 'tab-state' }, wordOf(status), ...marks),
  );
}

function wordOf(status: StatusBody): string {
  switch (status.session.kind) {
    case 'signed-out':
      return say('session.signed-out');
    case 'sign-in-needed':
      return say('notification.sign-in-needed');
    case 'signed-in':
      return problemsOf(status).length > 0 ? say('page.tab.trouble') : say('page.tab.signed-in');
  }
}

function tabAt(target: EventTarget | null): Element | null {
  return target instanceof Element ? target.closest('.tab') : null;
}

function indexOf(found: Element | null | undefined, list: HTMLElement): number {
  return found === null || found === undefined ? -1 : Array.prototype.indexOf.call(list.children, found);
}

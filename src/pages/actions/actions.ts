import { say } from '../../words/say.ts';
import type { WordCode } from '../../words/catalogue.ts';
import type { StatusBody } from '../../outlets/answer/status-body.ts';
import type { Announcements } from '../elements/announce.ts';
import type { PageApi } from '../bridge/api.ts';
import { BegunSignIn } from './begun-sign-in.ts';
import type { Acted, ProfileAction } from '../bridge/contract.ts';
import { element } from '../elements/element.ts';

type ActionName = ProfileAction | 'logs' | 'diagnostics' | 'menu';

interface ActionWords {
  readonly label: PlainCode;
  readonly done: PlainCode;
  readonly failed: PlainCode;
}

/** A sentence that wants nothing filled in. */
type PlainCode = { [Code in WordCode]: Parameters<typeof say<Code>> extends [Code] ? Code : never }[WordCode];

const WORDS: Readonly<Record<ActionName, ActionWords>> = {
  copy: { label: 'menu.copy', done: 'page.done.copy', failed: 'copy.failed' },
  refresh: { label: 'menu.refresh', done: 'page.done.refresh', failed: 'refresh.failed' },
  'sign-in': { label: 'menu.sign-in', done: 'page.done.sign-in', failed: 'sign-in.failed' },
  'switch-account': {
    label: 'menu.switch-account',
    done: 'page.done.sign-in',
    failed: 'sign-in.failed',
  },
  'sign-out': { label: 'menu.sign-out', done: 'session.signed-out', failed: 'sign-out.failed' },
  logs: { label: 'page.logs', done: 'page.done.logs', failed: 'action.failed' },
  menu: { label: 'page.menu', done: 'page.done.menu', failed: 'action.failed' },
  diagnostics: { label: 'page.diagnostics', done: 'page.done.diagnostics', failed: 'action.failed' },
};

/** As they stand on the page. */
const NAMES = Object.keys(WORDS) as readonly ActionName[];

/** What can be done with the profile that is shown; one thing at a time, however often it is clicked. */
export class Actions {
  readonly node = element('div', { class: 'actions', role: 'group', 'aria-label': say('page.actions') });
  readonly #buttons = new Map<ActionName, HTMLButtonElement>();
  readonly #api: PageApi;
  readonly #announcements: Announcements;
  #shown: StatusBody | undefined;
  readonly #signIn = new BegunSignIn();
  /** By name; of a profile's with its id, as another profile's token can be copied meanwhile. */
  readonly #underWay = new Set<string>();

  constructor(api: PageApi, announcements: Announcements) {
    this.#api = api;
    this.#announcements = announcements;
    for (const name of NAMES) {
      const look = name === 'copy' ? 'button primary' : 'button';
      const button = element('button', { type: 'button', class: look, 'data-action': name });
      button.textContent = say(WORDS[name].label);
      button.addEventListener('click', () => void this.#click(name));
      this.#buttons.set(name, button);
      this.node.append(button);
    }
  }

  /** `status`: the profile that is acted upon. */
  show(status: StatusBody): void {
    this.#shown = status;
    const end = this.#signIn.look(status);
    if (end === 'signed-in') this.#announcements.say(say('page.signed-in'));
    if (end === 'as-before') this.#announcements.say(say('page.sign-in-over'));
    this.#mark();
  }

  /** Not `disabled`: a button that loses its function must not take the keyboard's focus along. */
  #mark(): void {
    for (const [name, button] of this.#buttons) {
      const isBusy = this.#underWay.has(this.#keyOf(name));
      const can = !isBusy && this.#isPossible(name);
      button.setAttribute('aria-disabled', String(!can));
      button.classList.toggle('busy', isBusy);
    }
  }

  #keyOf(name: ActionName): string {
    return isOfProfile(name) ? `${name} ${this.#shown?.profile.id ?? ''}` : name;
  }

  #isPossible(name: ActionName): boolean {
    if (!isOfProfile(name)) return true;
    if (this.#shown === undefined) return false;
    return name === 'sign-in' || this.#shown.session.kind !== 'signed-out';
  }

  async #click(name: ActionName): Promise<void> {
    const key = this.#keyOf(name);
    const profile = this.#shown?.profile.id;
    if (this.#underWay.has(key) || !this.#isPossible(name)) return;
    this.#underWay.add(key);
    this.#announcements.clear();
    this.#mark();
    if (this.#shown !== undefined && isSignIn(name)) this.#signIn.begin(this.#shown);
    const acted = await this.#act(name, profile ?? '').catch(asFailure);
    this.#underWay.delete(key);
    if (isSignIn(name) && acted.kind === 'failed') this.#signIn.forget();
    this.#mark();
    // What became of one profile's is no news about the one that is shown by now.
    if (isOfProfile(name) && profile !== this.#shown?.profile.id) return;
    if (acted.kind === 'done') this.#announcements.say(acted.said ?? say(WORDS[name].done));
    else this.#announcements.fail(say(WORDS[name].failed), acted.problem);
  }

  #act(name: ActionName, profile: string): Promise<Acted> {
    switch (name) {
      case 'logs':
        return this.#api['logs.open']();
      case 'diagnostics':
        return this.#api['diagnostics.copy']();
      case 'menu':
        return this.#api['menu.show']();
      case 'copy':
      case 'refresh':
      case 'sign-in':
      case 'switch-account':
      case 'sign-out':
        return this.#api['profile.act']({ profile, action: name });
    }
  }
}

function isOfProfile(name: ActionName): name is ProfileAction {
  return name !== 'logs' && name !== 'diagnostics' && name !== 'menu';
}

function isSignIn(name: ActionName): boolean {
  return name === 'sign-in' || name === 'switch-account';
}

/** A call that could not be made rejects with a sentence for people (api.ts). */
function asFailure(error: unknown): {
  readonly kind: 'failed';
  readonly problem: { readonly message: string; readonly next: string };
} {
  return { kind: 'failed', problem: { message: messageOf(error), next: '' } };
}

/** What a rejected call says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

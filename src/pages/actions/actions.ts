import type { StatusBody } from '../../outlets/answer/status-body.ts';
import type { WordCode } from '../../words/catalogue.ts';
import { say } from '../../words/say.ts';
import type { PageApi } from '../bridge/api.ts';
import type { Acted, ProfileAction } from '../bridge/contract.ts';
import type { Announcements } from '../elements/announce.ts';
import { button, element } from '../elements/element.ts';
import { failureOf } from './act.ts';
import { BegunSignIn } from './begun-sign-in.ts';

/** The actions that are not about a profile, with their calls. */
const CALLS = { logs: 'logs.open', diagnostics: 'diagnostics.copy', menu: 'menu.show' } as const;

type ActionName = ProfileAction | keyof typeof CALLS;

/** A sentence without placeholders. */
type PlainCode = { [Code in WordCode]: Parameters<typeof say<Code>> extends [Code] ? Code : never }[WordCode];

interface ActionWords {
  readonly label: PlainCode;
  readonly done: PlainCode;
  readonly failed: PlainCode;
}

/** In the order of the buttons. */
const WORDS: Readonly<Record<ActionName, ActionWords>> = {
  copy: { label: 'menu.copy', done: 'page.done.copy', failed: 'copy.failed' },
  refresh: { label: 'menu.refresh', done: 'page.done.refresh', failed: 'refresh.failed' },
  'sign-in': { label: 'menu.sign-in', done: 'page.done.sign-in', failed: 'sign-in.failed' },
  'switch-account': { label: 'menu.switch-account', done: 'page.done.sign-in', failed: 'sign-in.failed' },
  'sign-out': { label: 'menu.sign-out', done: 'session.signed-out', failed: 'sign-out.failed' },
  logs: { label: 'page.logs', done: 'page.done.logs', failed: 'action.failed' },
  menu: { label: 'page.menu', done: 'page.done.menu', failed: 'action.failed' },
  diagnostics: { label: 'page.diagnostics', done: 'page.done.diagnostics', failed: 'action.failed' },
};

/** The buttons that act on the shown profile. Clicking one again while it is running does nothing. */
export class Actions {
  readonly node = element('div', { class: 'actions', role: 'group', 'aria-label': say('page.actions') });
  readonly #buttons = new Map<ActionName, HTMLButtonElement>();
  readonly #api: PageApi;
  readonly #announcements: Announcements;
  #shown: StatusBody | undefined;
  readonly #signIn = new BegunSignIn();
  /** Keys of the running actions; with the profile's id, as several profiles may be busy at once. */
  readonly #underWay = new Set<string>();

  constructor(api: PageApi, announcements: Announcements) {
    this.#api = api;
    this.#announcements = announcements;
    for (const name of Object.keys(WORDS) as readonly ActionName[]) {
      const look = name === 'copy' ? 'button primary' : 'button';
      const attributes = { class: look, 'data-action': name };
      this.#buttons.set(
        name,
        button(say(WORDS[name].label), () => void this.#click(name), attributes),
      );
    }
    this.node.append(...this.#buttons.values());
  }

  /** `status`: of the profile to act on. */
  show(status: StatusBody): void {
    this.#shown = status;
    const end = this.#signIn.look(status);
    if (end === 'signed-in') this.#announcements.say(say('page.signed-in'));
    if (end === 'as-before') this.#announcements.say(say('page.sign-in-over'));
    this.#mark();
  }

  /** Not `disabled`: a disabled button would lose the keyboard focus. */
  #mark(): void {
    for (const [name, made] of this.#buttons) {
      const isBusy = this.#underWay.has(this.#keyOf(name));
      made.setAttribute('aria-disabled', String(isBusy || !this.#isPossible(name)));
      made.classList.toggle('busy', isBusy);
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
    const acted = await this.#act(name, profile ?? '').catch(failureOf);
    this.#underWay.delete(key);
    if (isSignIn(name) && acted.kind === 'failed') this.#signIn.forget();
    this.#mark();
    // The result of one profile's action is not announced while another profile is shown.
    if (isOfProfile(name) && profile !== this.#shown?.profile.id) return;
    if (acted.kind === 'done') this.#announcements.say(acted.said ?? say(WORDS[name].done));
    else this.#announcements.fail(say(WORDS[name].failed), acted.problem);
  }

  #act(name: ActionName, profile: string): Promise<Acted> {
    return isOfProfile(name) ? this.#api['profile.act']({ profile, action: name }) : this.#api[CALLS[name]]();
  }
}

function isOfProfile(name: ActionName): name is ProfileAction {
  return !(name in CALLS);
}

function isSignIn(name: ActionName): boolean {
  return name === 'sign-in' || name === 'switch-account';
}

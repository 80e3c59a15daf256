import { say } from '../../words/say.ts';
import { oneAct } from '../actions/act.ts';
import type { PageApi } from '../bridge/api.ts';
import type { OutletsView, ProfileSettings } from '../bridge/contract.ts';
import type { Announcements } from '../elements/announce.ts';
import { button, element } from '../elements/element.ts';
import { choiceOf, Field } from '../elements/field.ts';
import { foreign, isolated } from '../elements/foreign-text.ts';
import { problemElement } from '../elements/problems.ts';
import { profileName } from './profiles/profile-name.ts';

type TokenFileView = OutletsView['tokenFiles'][number];
type Format = TokenFileView['format'];

const FORMATS: Readonly<Record<Format, string>> = {
  bare: say('settings-page.format.bare'),
  json: say('settings-page.format.json'),
  env: say('settings-page.format.env'),
};

/** The files that always hold a fresh token, and a form to add one. */
export class TokenFiles {
  readonly node: HTMLElement;
  readonly #api: Pick<PageApi, 'token-file.add' | 'token-file.remove'>;
  readonly #act: ReturnType<typeof oneAct>;
  readonly #list = element('ul', { class: 'files' });
  readonly #adding: HTMLElement;
  readonly #profile = choiceOf([]);
  readonly #format = choiceOf(Object.entries(FORMATS));
  /** The remove buttons, by path. */
  readonly #removers = new Map<string, HTMLButtonElement>();
  #shown = '';

  constructor(api: Pick<PageApi, 'token-file.add' | 'token-file.remove'>, announcements: Announcements) {
    this.#api = api;
    this.#act = oneAct(announcements);
    this.#adding = element(
      'div',
      { class: 'adding' },
      new Field({ label: say('settings-page.files.profile') }, this.#profile).node,
      new Field({ label: say('settings-page.files.format') }, this.#format).node,
      button(say('settings-page.files.add'), () => void this.#add()),
    );
    this.node = element('div', { class: 'token-files' }, this.#list, this.#adding);
  }

  /** Without a profile, no file can be added. */
  show(files: readonly TokenFileView[], profiles: readonly ProfileSettings[]): void {
    const names = new Map(profiles.map((profile) => [profile.id, profileName(profile)]));
    const shown = JSON.stringify([files, [...names]]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const focused = [...this.#removers].find(([, remover]) => remover === document.activeElement);
    this.#removers.clear();
    const lines = files.map((file) => this.#line(file, names.get(file.profile) ?? file.profile));
    this.#list.replaceChildren(...lines);
    // Never another file's button: the next Enter would remove that file.
    if (focused !== undefined) (this.#removers.get(focused[0]) ?? this.#profile).focus();
    const chosen = this.#profile.value;
    const options = [...names].map(([id, name]) => element('option', { value: id }, isolated(name)));
    this.#profile.replaceChildren(...options);
    if (names.has(chosen)) this.#profile.value = chosen;
    this.#adding.hidden = profiles.length === 0;
  }

  #line({ path, scopes, format, trouble }: TokenFileView, name: string): HTMLElement {
    const remove = button(say('settings-page.files.remove'), () => void this.#remove(path), {
      class: 'button small',
      'aria-label': say('settings-page.files.remove-path', { path: isolated(path) }),
    });
    this.#removers.set(path, remove);
    const about = [foreign(name), element('span', {}, FORMATS[format]), ...scopes.map(foreign)];
    return element(
      'li',
      { class: 'file' },
      element('code', {}, foreign(path)),
      element('div', { class: 'file-about soft' }, ...about),
      remove,
      trouble !== undefined && problemElement(trouble),
    );
  }

  #add(): Promise<void> {
    const profile = this.#profile.value;
    // Each option is one of the formats, and one is always selected.
    const format = this.#format.value as Format;
    return this.#act(() => this.#api['token-file.add']({ profile, format }), {
      failed: say('settings-page.files.not-added'),
    });
  }

  #remove(path: string): Promise<void> {
    return this.#act(() => this.#api['token-file.remove']({ path }), {
      failed: say('settings-page.files.not-removed'),
      done: say('settings-page.files.removed', { path: isolated(path) }),
    });
  }
}

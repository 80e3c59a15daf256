import { say } from '../../words/say.ts';
import type { Announcements } from '../elements/announce.ts';
import type { PageApi } from '../bridge/api.ts';
import type { OutletsView, ProfileSettings } from '../bridge/contract.ts';
import { element } from '../elements/element.ts';
import { choiceOf, Field } from '../elements/field.ts';
import { foreign, isolated } from '../elements/foreign-text.ts';
import { oneAct } from '../actions/one-act.ts';
import { problemElement } from '../elements/problems.ts';
import { profileName } from './profiles/profile-name.ts';

type TokenFileView = OutletsView['tokenFiles'][number];
type Format = TokenFileView['format'];

const FORMATS: Readonly<Record<Format, string>> = {
  bare: say('settings-page.format.bare'),
  json: say('settings-page.format.json'),
  env: say('settings-page.format.env'),
};

/** The files that always hold a fresh token, and the way to another one. */
export class TokenFiles {
  readonly node = element('div', { class: 'token-files' });
  readonly #api: Pick<PageApi, 'token-file.add' | 'token-file.remove'>;
  readonly #act: ReturnType<typeof oneAct>;
  readonly #list = element('ul', { class: 'files' });
  readonly #adding = element('div', { class: 'adding' });
  readonly #profile = choiceOf([]);
  readonly #format = choiceOf(Object.entries(FORMATS));
  /** Each file's button, by its path. */
  readonly #removers = new Map<string, HTMLButtonElement>();
  #shown = '';

  constructor(api: Pick<PageApi, 'token-file.add' | 'token-file.remove'>, announcements: Announcements) {
    this.#api = api;
    this.#act = oneAct(announcements);
    const add = element('button', { type: 'button', class: 'button' }, say('settings-page.files.add'));
    add.addEventListener('click', () => void this.#add());
    const profile = new Field({ label: say('settings-page.files.profile') }, this.#profile);
    const format = new Field({ label: say('settings-page.files.format') }, this.#format);
    this.#adding.append(profile.node, format.node, add);
    this.node.append(this.#list, this.#adding);
  }

  /** A file needs a profile whose token it holds. */
  show(files: readonly TokenFileView[], profiles: readonly ProfileSettings[]): void {
    const names = profiles.map((profile) => [profile.id, profileName(profile)] as const);
    const shown = JSON.stringify([files, names]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const focused = [...this.#removers].find(([, button]) => button === document.activeElement);
    this.#removers.clear();
    this.#list.replaceChildren(
      ...files.map((file) =>
        this.#line(file, names.find(([id]) => id === file.profile)?.[1] ?? file.profile),
      ),
    );
    // Never to another file's button: the next Enter would remove that one.
    if (focused !== undefined) (this.#removers.get(focused[0]) ?? this.#profile).focus();
    const chosen = this.#profile.value;
    this.#profile.replaceChildren(
      ...names.map(([id, name]) => element('option', { value: id }, isolated(name))),
    );
    if (names.some(([id]) => id === chosen)) this.#profile.value = chosen;
    this.#adding.hidden = profiles.length === 0;
  }

  #line({ path, scopes, format, trouble }: TokenFileView, name: string): HTMLElement {
    const remove = element(
      'button',
      {
        type: 'button',
        class: 'button small',
        'aria-label': say('settings-page.files.remove-path', { path: isolated(path) }),
      },
      say('settings-page.files.remove'),
    );
    this.#removers.set(path, remove);
    remove.addEventListener('click', () => void this.#remove(path));
    const about = [foreign(name), element('span', {}, FORMATS[format]), ...scopes.map(foreign)];
    return element(
      'li',
      { class: 'file' },
      element('code', {}, foreign(path)),
      element('div', { class: 'file-about soft' }, ...about),
      remove,
      ...(trouble === undefined ? [] : [problemElement(trouble)]),
    );
  }

  #add(): Promise<void> {
    const profile = this.#profile.value;
    const format = (['bare', 'json', 'env'] as const).find((each) => each === this.#format.value) ?? 'bare';
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

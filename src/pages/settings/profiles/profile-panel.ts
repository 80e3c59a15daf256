import { say } from '../../../words/say.ts';
import type { Announcer } from '../../elements/announce.ts';
import type { PageApi } from '../../bridge/api.ts';
import type { Acted, ProfileDraft, ProfileSettings, TestLine } from '../../bridge/contract.ts';
import { element } from '../../elements/element.ts';
import { foreign, isolated } from '../../elements/foreign-text.ts';
import { ImportPanel, type Filled } from '../../form/import-panel.ts';
import { ProfileForm, type FormListener } from '../../form/profile-form.ts';
import { profileName } from './profile-name.ts';
import { actAndSay } from '../../actions/saved-setting.ts';

/** Whom a panel tells of what happens in it. */
export interface PanelListener extends Omit<FormListener, 'saving'> {
  /** Something was read that is to be filled in; answers when it is. */
  readonly fill: (read: Filled) => Promise<void>;
}

/** One profile with all that can be done to it: its head, ways to fill in the form, and the form. */
export class ProfilePanel {
  readonly node = element('div', { class: 'panel-parts' });
  readonly form: ProfileForm;
  readonly #bring: ImportPanel;
  readonly #name = element('h2', { class: 'panel-title' });
  readonly #chip = element('span', { class: 'chip' }, say('page.default'));
  readonly #makeDefault: HTMLButtonElement;
  readonly #actions: HTMLElement;
  /** How the profile is called, as it is stored. */
  #called: string;
  #removal: 'not asked for' | 'asked for' | 'done' = 'not asked for';

  constructor(
    api: PageApi,
    announcer: Announcer,
    listener: PanelListener,
    profile: Pick<ProfileSettings, 'id' | 'draft' | 'credential'>,
  ) {
    const { id, draft } = profile;
    this.#called = profileName(profile);
    this.form = new ProfileForm(api, announcer, inertWhileSaving(listener, this.node), {
      draft,
      profile: id,
    });
    this.form.show(profile);
    this.#bring = new ImportPanel(api, listener.fill);
    const act = (label: string, run: () => Promise<unknown>, look = 'button small'): HTMLButtonElement => {
      const button = element('button', { type: 'button', class: look }, label);
      button.addEventListener('click', () => void run());
      return button;
    };
    const failed = say('action.failed');
    this.#makeDefault = act(say('settings-page.profile.default'), () =>
      actAndSay(() => api['profile.set-default']({ profile: id }), announcer, {
        failed,
        done: say('settings-page.profile.default.done', { name: isolated(this.#called) }),
      }),
    );
    const status = act(say('settings-page.profile.status'), () =>
      actAndSay(() => api['page.open']({ page: 'status' }), announcer, { failed }),
    );
    const remove = act(
      say('settings-page.profile.remove'),
      () =>
        actAndSay(() => this.#remove(() => api['profile.remove']({ profile: id })), announcer, { failed }),
      'button small danger',
    );
    this.#actions = element('div', { class: 'actions' }, this.#makeDefault, status, remove);
    this.node.append(
      element(
        'header',
        { class: 'panel-head' },
        element('div', { class: 'panel-name' }, this.#name, this.#chip),
        this.#actions,
      ),
      element(
        'details',
        { class: 'card bring-again' },
        element('summary', {}, say('settings-page.bring.again')),
        this.#bring.node,
      ),
      this.form.node,
    );
  }

  /** How the profile is called, as it is or was stored. */
  get name(): string {
    return this.#called;
  }

  /** Whether something would be lost with it. Who removes a profile here was asked, and wants it gone. */
  get standing(): 'clean' | 'unsaved' {
    return this.#removal === 'not asked for' ? this.form.standing : 'clean';
  }

  /** What is stored by now. */
  show(profile: ProfileSettings): void {
    this.#called = profileName(profile);
    this.#name.replaceChildren(foreign(this.#called));
    this.#chip.hidden = !profile.isDefault;
    this.#makeDefault.hidden = profile.isDefault;
    this.#actions.hidden = false;
    this.form.show(profile);
  }

  /** The profile is stored no more; what is typed stays, for a new one. */
  outlive(): void {
    const hadFocus = this.#actions.contains(document.activeElement);
    this.#chip.hidden = true;
    this.#actions.hidden = true;
    this.form.outlive();
    if (hadFocus) this.form.focus();
  }

  takeFiles(files: readonly File[]): void {
    this.node.querySelector('details')?.setAttribute('open', '');
    this.#bring.takeFiles(files);
  }

  tested(run: number, line: TestLine): void {
    this.form.tested(run, line);
  }

  /** It is not wanted any more. */
  end(): void {
    this.form.end();
  }

  async #remove(remove: () => Promise<Acted>): Promise<Acted> {
    this.#removal = 'asked for';
    try {
      const acted = await remove();
      // One that was cancelled is done without a word (contract.ts).
      this.#removal = acted.kind === 'done' && acted.said !== undefined ? 'done' : 'not asked for';
      return acted;
    } catch (error) {
      this.#removal = 'not asked for';
      throw error;
    }
  }
}

/** A profile that is not there yet; where there is none at all, the first words of Tokentray. */
export class NewProfilePanel {
  readonly node = element('div', { class: 'panel-parts' });
  readonly form: ProfileForm;
  readonly #bring: ImportPanel;

  constructor(
    api: PageApi,
    announcer: Announcer,
    listener: PanelListener,
    { draft, rank }: { readonly draft: ProfileDraft; readonly rank: 'first' | 'further' },
  ) {
    this.form = new ProfileForm(api, announcer, inertWhileSaving(listener, this.node), {
      draft,
      profile: undefined,
    });
    this.#bring = new ImportPanel(api, listener.fill, () => this.form.focus());
    const words =
      rank === 'first'
        ? [say('settings-page.welcome'), say('settings-page.welcome.text')]
        : [say('settings-page.new'), say('settings-page.new.text')];
    this.node.append(
      element(
        'section',
        { class: 'card welcome' },
        element('h2', { class: 'panel-title' }, words[0] ?? ''),
        element('p', { class: 'lead' }, words[1] ?? ''),
        this.#bring.node,
      ),
      this.form.node,
    );
  }

  get standing(): 'clean' | 'unsaved' {
    return this.form.standing;
  }

  takeFiles(files: readonly File[]): void {
    this.#bring.takeFiles(files);
  }

  tested(run: number, line: TestLine): void {
    this.form.tested(run, line);
  }

  /** It is not wanted any more. */
  end(): void {
    this.form.end();
  }
}

/** What is typed, pasted or pressed while a form is being saved would be neither saved nor unsaved. */
function inertWhileSaving(listener: PanelListener, node: HTMLElement): FormListener {
  return {
    ...listener,
    saving: (state) => {
      node.inert = state === 'begun';
    },
  };
}

import { say } from '../../../words/say.ts';
import { actAndSay } from '../../actions/act.ts';
import type { PageApi } from '../../bridge/api.ts';
import type { Acted, ProfileDraft, ProfileSettings } from '../../bridge/contract.ts';
import type { Announcer } from '../../elements/announce.ts';
import { button, element } from '../../elements/element.ts';
import { foreign, isolated } from '../../elements/foreign-text.ts';
import { ImportPanel, type Filled } from '../../form/import-panel.ts';
import { ProfileForm, type FormListener } from '../../form/profile-form.ts';
import { profileName } from './profile-name.ts';

/** The events of a panel. */
export interface PanelListener extends Omit<FormListener, 'saving'> {
  /** Called with an imported registration; resolves when the form is filled in. */
  readonly fill: (read: Filled) => Promise<void>;
}

/** A panel with the form of a profile, or of a new one. */
export interface Panel {
  readonly node: HTMLElement;
  readonly form: ProfileForm;
  takeFiles(files: readonly File[]): void;
}

/** One profile: its name and actions, ways to fill in the form, and the form. */
export class ProfilePanel implements Panel {
  readonly node = element('div', { class: 'panel-parts' });
  readonly form: ProfileForm;
  readonly #bring: ImportPanel;
  readonly #title = element('h2', { class: 'panel-title' });
  readonly #chip = element('span', { class: 'chip' }, say('page.default'));
  readonly #makeDefault: HTMLButtonElement;
  readonly #actions: HTMLElement;
  #name: string;
  #removal: 'not asked for' | 'asked for' | 'done' = 'not asked for';

  constructor(
    api: PageApi,
    announcer: Announcer,
    listener: PanelListener,
    profile: Pick<ProfileSettings, 'id' | 'draft' | 'credential'>,
  ) {
    const { id, draft } = profile;
    this.#name = profileName(profile);
    const formListener = inertWhileSaving(listener, this.node);
    this.form = new ProfileForm(api, announcer, formListener, { draft, profile: id });
    this.form.show(profile);
    this.#bring = new ImportPanel(api, listener.fill);
    const failed = say('action.failed');
    const act = (label: string, run: () => Promise<unknown>, look = 'button small'): HTMLButtonElement =>
      button(label, () => void run(), { class: look });
    this.#makeDefault = act(say('settings-page.profile.default'), () =>
      actAndSay(() => api['profile.set-default']({ profile: id }), announcer, {
        failed,
        done: say('settings-page.profile.default.done', { name: isolated(this.#name) }),
      }),
    );
    const status = act(say('settings-page.profile.status'), () =>
      actAndSay(() => api['page.open']({ page: 'status' }), announcer, { failed }),
    );
    const removal = (): Promise<Acted> => this.#remove(() => api['profile.remove']({ profile: id }));
    const remove = act(
      say('settings-page.profile.remove'),
      () => actAndSay(removal, announcer, { failed }),
      'button small danger',
    );
    this.#actions = element('div', { class: 'actions' }, this.#makeDefault, status, remove);
    const name = element('div', { class: 'panel-name' }, this.#title, this.#chip);
    const summary = element('summary', {}, say('settings-page.bring.again'));
    this.node.append(
      element('header', { class: 'panel-head' }, name, this.#actions),
      element('details', { class: 'card bring-again' }, summary, this.#bring.node),
      this.form.node,
    );
  }

  /** The profile's name as stored, or as last stored. */
  get name(): string {
    return this.#name;
  }

  /** Whether closing the panel would lose something. After the user has confirmed its removal, nothing counts. */
  get standing(): 'clean' | 'unsaved' {
    return this.#removal === 'not asked for' ? this.form.standing : 'clean';
  }

  /** Shows the stored profile. */
  show(profile: ProfileSettings): void {
    this.#name = profileName(profile);
    this.#title.replaceChildren(foreign(this.#name));
    this.#chip.hidden = !profile.isDefault;
    this.#makeDefault.hidden = profile.isDefault;
    this.#actions.hidden = false;
    this.form.show(profile);
  }

  /** The profile was removed; what is typed stays, for a new one. */
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

  async #remove(remove: () => Promise<Acted>): Promise<Acted> {
    this.#removal = 'asked for';
    try {
      const acted = await remove();
      // A cancelled removal is done without a sentence (contract.ts).
      this.#removal = acted.kind === 'done' && acted.said !== undefined ? 'done' : 'not asked for';
      return acted;
    } catch (error) {
      this.#removal = 'not asked for';
      throw error;
    }
  }
}

/** The panel of a new profile; the `first` one welcomes the user. */
export function newProfilePanel(
  api: PageApi,
  announcer: Announcer,
  listener: PanelListener,
  { draft, rank }: { readonly draft: ProfileDraft; readonly rank: 'first' | 'further' },
): Panel {
  const node = element('div', { class: 'panel-parts' });
  const form = new ProfileForm(api, announcer, inertWhileSaving(listener, node), {
    draft,
    profile: undefined,
  });
  const bring = new ImportPanel(api, listener.fill, () => form.focus());
  const isFirst = rank === 'first';
  const title = isFirst ? say('settings-page.welcome') : say('settings-page.new');
  const lead = isFirst ? say('settings-page.welcome.text') : say('settings-page.new.text');
  const welcome = element(
    'section',
    { class: 'card welcome' },
    element('h2', { class: 'panel-title' }, title),
    element('p', { class: 'lead' }, lead),
    bring.node,
  );
  node.append(welcome, form.node);
  return { node, form, takeFiles: (files) => bring.takeFiles(files) };
}

/** Input during a save would be neither saved nor unsaved. */
function inertWhileSaving(listener: PanelListener, node: HTMLElement): FormListener {
  return {
    ...listener,
    saving: (state) => {
      node.inert = state === 'begun';
    },
  };
}

import { say } from '../../../words/say.ts';
import type { Announcer } from '../../elements/announce.ts';
import type { PageApi } from '../../bridge/api.ts';
import type { SettingsView, TestLine } from '../../bridge/contract.ts';
import type { Filled } from '../../form/import-panel.ts';
import { panelAnnouncer } from './panel-announcer.ts';
import { NewProfilePanel, ProfilePanel, type PanelListener } from './profile-panel.ts';
import type { Entry, FormEntry } from './settings-list.ts';

type Panel = ProfilePanel | NewProfilePanel;

/** The page around the panels: what it shows, and whom it tells. */
export interface PanelPage {
  /** Whether that one is looked at just now. */
  readonly shows: (entry: FormEntry) => boolean;
  /** Whether something is unsaved may have changed, or which panels there are. */
  readonly changed: () => void;
  /** The form of `entry` is stored, as that profile; `said` was said. */
  readonly saved: (entry: FormEntry, profile: string, said: string) => void;
}

/**
 * The panels of all profiles that somebody has looked at. Each is made when it is first wanted and kept, so that
 * what is typed in one is there still when somebody comes back to it, also where the profile is gone meanwhile.
 */
export class ProfilePanels {
  readonly #api: PageApi;
  readonly #announcer: Announcer;
  readonly #page: PanelPage;
  readonly #profiles = new Map<string, ProfilePanel>();
  #new: NewProfilePanel | undefined;
  #view: SettingsView | undefined;

  constructor(api: PageApi, announcer: Announcer, page: PanelPage) {
    this.#api = api;
    this.#announcer = announcer;
    this.#page = page;
  }

  /** What is set by now; the answer names what was removed elsewhere with something unsaved in its form. */
  show(view: SettingsView): readonly string[] {
    const before = this.#view;
    this.#view = view;
    const outlived: string[] = [];
    for (const [id, panel] of this.#profiles) {
      const profile = view.profiles.find((each) => each.id === id);
      if (profile !== undefined) panel.show(profile);
      else if (panel.standing === 'clean') this.#drop(id);
      else if (before?.profiles.some((each) => each.id === id) === true) {
        panel.outlive();
        outlived.push(panel.name);
      }
    }
    // The welcome is for whoever has no profile; a form with something in it stays as it is.
    const isOtherWelcome = (before !== undefined && isFirstRun(before)) !== isFirstRun(view);
    if (isOtherWelcome && this.#new?.standing === 'clean') this.#dropNew();
    return outlived;
  }

  has(entry: FormEntry): boolean {
    return entry.kind === 'new' ? this.#new !== undefined : this.#profiles.has(entry.id);
  }

  /** The forms of profiles that are stored no more, in which something is unsaved. */
  outlived(): readonly { readonly id: string; readonly name: string }[] {
    return [...this.#profiles]
      .filter(([id]) => this.#view?.profiles.some((each) => each.id === id) === false)
      .map(([id, { name }]) => ({ id, name }));
  }

  /** The entry's panel; throws for a profile that is not there. */
  of(entry: FormEntry): Panel {
    return entry.kind === 'new' ? (this.#new ??= this.#makeNew()) : this.#profile(entry.id);
  }

  /** Whether something of it is unsaved; what nobody has looked at is not. */
  standingOf(entry: Entry): 'clean' | 'unsaved' {
    switch (entry.kind) {
      case 'profile':
        return this.#profiles.get(entry.id)?.form.standing ?? 'clean';
      case 'new':
        return this.#new?.form.standing ?? 'clean';
      case 'general':
      case 'outlets':
      case 'transfer':
        return 'clean';
    }
  }

  /** A line of a test, for whichever form began it. */
  tested(run: number, line: TestLine): void {
    for (const panel of [...this.#profiles.values(), this.#new]) panel?.tested(run, line);
  }

  #profile(id: string): ProfilePanel {
    const known = this.#profiles.get(id);
    if (known !== undefined) return known;
    const profile = this.#view?.profiles.find((each) => each.id === id);
    if (profile === undefined) throw new Error(`there is no profile ${id}`);
    const entry = { kind: 'profile', id } as const;
    const announcer = panelAnnouncer(this.#announcer, () =>
      this.#page.shows(entry) ? undefined : made.name,
    );
    const made: ProfilePanel = new ProfilePanel(
      this.#api,
      announcer,
      this.#listener(entry, announcer, () => made),
      profile,
    );
    made.show(profile);
    this.#profiles.set(id, made);
    return made;
  }

  #makeNew(): NewProfilePanel {
    if (this.#view === undefined) throw new Error('nothing is known yet of what is set');
    const rank = isFirstRun(this.#view) ? 'first' : 'further';
    const entry = { kind: 'new' } as const;
    const announcer = panelAnnouncer(this.#announcer, () =>
      this.#page.shows(entry) ? undefined : say('settings-page.new'),
    );
    const listener = this.#listener(entry, announcer, () => made);
    const made: NewProfilePanel = new NewProfilePanel(this.#api, announcer, listener, {
      draft: this.#view.fresh,
      rank,
    });
    return made;
  }

  /** `made`: the panel, which is there before it tells anything. */
  #listener(entry: FormEntry, announcer: Announcer, made: () => Panel): PanelListener {
    return {
      changed: this.#page.changed,
      saved: (profile, said) => {
        announcer.say(said);
        // A profile of its own has a form of its own from now on.
        if (entry.kind === 'new') this.#dropNew();
        else if (entry.id !== profile) this.#drop(entry.id);
        this.#page.saved(entry, profile, said);
      },
      discarded: () => {
        if (entry.kind === 'profile') this.#drop(entry.id);
        this.#page.changed();
      },
      fill: async (read) => this.#fill(entry, made(), read),
    };
  }

  /** Into the form that asked for it or, where that is gone meanwhile, into one for a new profile. */
  async #fill(entry: FormEntry, asked: Panel, read: Filled): Promise<void> {
    await asked.form.settled;
    const isKept = this.has(entry) && this.of(entry) === asked;
    this.of(isKept ? entry : { kind: 'new' }).form.fill(read);
  }

  #drop(id: string): void {
    this.#profiles.get(id)?.end();
    this.#profiles.delete(id);
  }

  #dropNew(): void {
    this.#new?.end();
    this.#new = undefined;
  }
}

/** Where the settings file cannot be used there may well be profiles in it. */
function isFirstRun({ profiles, trouble }: SettingsView): boolean {
  return profiles.length === 0 && trouble === undefined;
}

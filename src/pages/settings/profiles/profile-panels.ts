import { say } from '../../../words/say.ts';
import type { PageApi } from '../../bridge/api.ts';
import type { SettingsView, TestLine } from '../../bridge/contract.ts';
import type { Announcer } from '../../elements/announce.ts';
import type { Filled } from '../../form/import-panel.ts';
import { panelAnnouncer } from './panel-announcer.ts';
import { newProfilePanel, ProfilePanel, type Panel, type PanelListener } from './profile-panel.ts';
import type { Entry, FormEntry } from './settings-list.ts';

/** The page that shows the panels. */
export interface PanelPage {
  /** Whether that panel is currently shown. */
  readonly shows: (entry: FormEntry) => boolean;
  /** The set of panels, or whether one has unsaved changes, may have changed. */
  readonly changed: () => void;
  /** The form of `entry` was saved as that profile; `said` was announced. */
  readonly saved: (entry: FormEntry, profile: string, said: string) => void;
}

/**
 * The panels of the profiles that the user has opened. Each is made when it is first shown and kept, so that what was
 * typed is still there when the user returns, even if the profile was removed in the meantime.
 */
export class ProfilePanels {
  readonly #api: PageApi;
  readonly #announcer: Announcer;
  readonly #page: PanelPage;
  readonly #profiles = new Map<string, ProfilePanel>();
  #new: Panel | undefined;
  #view: SettingsView | undefined;

  constructor(api: PageApi, announcer: Announcer, page: PanelPage) {
    this.#api = api;
    this.#announcer = announcer;
    this.#page = page;
  }

  /** Shows the stored settings; returns the names of profiles removed elsewhere whose forms have unsaved changes. */
  show(view: SettingsView): readonly string[] {
    const before = this.#view;
    this.#view = view;
    const outlived: string[] = [];
    for (const [id, panel] of this.#profiles) {
      const profile = profileOf(view, id);
      if (profile !== undefined) panel.show(profile);
      else if (panel.standing === 'clean') this.#drop({ kind: 'profile', id });
      else if (before !== undefined && profileOf(before, id) !== undefined) {
        panel.outlive();
        outlived.push(panel.name);
      }
    }
    // The welcome is only for users without a profile; a form with unsaved changes stays.
    const isOtherWelcome = (before !== undefined && isFirstRun(before)) !== isFirstRun(view);
    if (isOtherWelcome && this.#new?.form.standing === 'clean') this.#drop({ kind: 'new' });
    return outlived;
  }

  has(entry: FormEntry): boolean {
    return this.#known(entry) !== undefined;
  }

  /** The forms of removed profiles that have unsaved changes. */
  outlived(): readonly { readonly id: string; readonly name: string }[] {
    const view = this.#view;
    return [...this.#profiles]
      .filter(([id]) => view !== undefined && profileOf(view, id) === undefined)
      .map(([id, { name }]) => ({ id, name }));
  }

  /** The entry's panel; throws if the profile does not exist. */
  of(entry: FormEntry): Panel {
    return entry.kind === 'new' ? (this.#new ??= this.#makeNew()) : this.#profile(entry.id);
  }

  /** Whether an entry has unsaved changes; one that was never opened has none. */
  standingOf(entry: Entry): 'clean' | 'unsaved' {
    return this.#known(entry)?.form.standing ?? 'clean';
  }

  /** Passes on a line of a test; the form that started it takes it. */
  tested(run: number, line: TestLine): void {
    for (const panel of [...this.#profiles.values(), this.#new]) panel?.form.test.take(run, line);
  }

  #known(entry: Entry): Panel | undefined {
    if (entry.kind === 'profile') return this.#profiles.get(entry.id);
    return entry.kind === 'new' ? this.#new : undefined;
  }

  #profile(id: string): ProfilePanel {
    const known = this.#profiles.get(id);
    if (known !== undefined) return known;
    const profile = this.#view === undefined ? undefined : profileOf(this.#view, id);
    if (profile === undefined) throw new Error(`there is no profile ${id}`);
    const entry = { kind: 'profile', id } as const;
    const announcer = this.#announcerOf(entry, () => made.name);
    const listener = this.#listener(entry, announcer, () => made);
    const made: ProfilePanel = new ProfilePanel(this.#api, announcer, listener, profile);
    made.show(profile);
    this.#profiles.set(id, made);
    return made;
  }

  #makeNew(): Panel {
    if (this.#view === undefined) throw new Error('the settings have not been read yet');
    const rank = isFirstRun(this.#view) ? 'first' : 'further';
    const entry = { kind: 'new' } as const;
    const announcer = this.#announcerOf(entry, () => say('settings-page.new'));
    const listener = this.#listener(entry, announcer, () => made);
    const made = newProfilePanel(this.#api, announcer, listener, { draft: this.#view.fresh, rank });
    return made;
  }

  #announcerOf(entry: FormEntry, nameOf: () => string): Announcer {
    return panelAnnouncer(this.#announcer, () => (this.#page.shows(entry) ? undefined : nameOf()));
  }

  /** `made`: returns the panel, which exists by the time of its first event. */
  #listener(entry: FormEntry, announcer: Announcer, made: () => Panel): PanelListener {
    return {
      changed: this.#page.changed,
      saved: (profile, said) => {
        announcer.say(said);
        // A new profile gets a panel of its own.
        if (entry.kind === 'new' || entry.id !== profile) this.#drop(entry);
        this.#page.saved(entry, profile, said);
      },
      discarded: () => {
        if (entry.kind === 'profile') this.#drop(entry);
        this.#page.changed();
      },
      fill: async (read) => this.#fill(entry, made(), read),
    };
  }

  /** Fills the form that asked for it or, if that was removed in the meantime, the form of a new profile. */
  async #fill(entry: FormEntry, asked: Panel, read: Filled): Promise<void> {
    await asked.form.settled;
    this.of(this.#known(entry) === asked ? entry : { kind: 'new' }).form.fill(read);
  }

  #drop(entry: FormEntry): void {
    this.#known(entry)?.form.end();
    if (entry.kind === 'new') this.#new = undefined;
    else this.#profiles.delete(entry.id);
  }
}

function profileOf({ profiles }: SettingsView, id: string): SettingsView['profiles'][number] | undefined {
  return profiles.find((each) => each.id === id);
}

/** If the settings file cannot be read, it may well contain profiles. */
function isFirstRun({ profiles, trouble }: SettingsView): boolean {
  return profiles.length === 0 && trouble === undefined;
}

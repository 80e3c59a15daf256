import { say } from '../../words/say.ts';
import { messageOf } from '../actions/act.ts';
import type { PageApi } from '../bridge/api.ts';
import type {
  DraftAsked,
  DraftField,
  DraftIssue,
  ProfileDraft,
  ProfileSettings,
} from '../bridge/contract.ts';
import type { Announcer } from '../elements/announce.ts';
import { ask } from '../elements/confirm-dialog.ts';
import { element, paragraphs } from '../elements/element.ts';
import { FormBody } from './body.ts';
import { sayPart } from './draft/changes.ts';
import { LiveCheck } from './draft/live-check.ts';
import { StoredDraft } from './draft/stored-draft.ts';
import type { Filled } from './import-panel.ts';
import { SaveBar } from './save-bar.ts';
import { barOf, notesOf, standingOf, type FormSubject } from './standing.ts';
import { TestLines } from './test-lines.ts';

type FormApi = Pick<
  PageApi,
  'draft.check' | 'draft.save' | 'draft.test' | 'credential.choose' | 'schedule.preview' | 'text.copy'
>;

/** The events of a form. */
export interface FormListener {
  /** Whether the form has unsaved changes may have changed. */
  readonly changed: () => void;
  /** A save has started or ended; during it the form must not be used. */
  readonly saving: (state: 'begun' | 'over') => void;
  readonly saved: (profile: string, said: string) => void;
  /** The user discarded the form of a removed profile. */
  readonly discarded: () => void;
}

/** The form of one profile, or of a new one. It keeps what is typed until that is saved or discarded. */
export class ProfileForm {
  readonly node = element('form', { class: 'form', autocomplete: 'off' });
  readonly bar = new SaveBar(
    () => void this.save(),
    () => void this.#discard(),
  );
  readonly test: TestLines;
  readonly #api: FormApi;
  readonly #announcer: Announcer;
  readonly #listener: FormListener;
  readonly #body: FormBody;
  readonly #check: LiveCheck;
  /** Notes about the whole form, above it. */
  readonly #notes = element('div', { class: 'form-notes', role: 'status' });
  readonly #stored: StoredDraft;
  #subject: FormSubject;
  #saving: Promise<void> | undefined;
  /** Kept because it is read for every form after each letter typed in one of them. */
  #standing: 'clean' | 'unsaved' = 'clean';

  /** `profile`: the profile to change; undefined for a new one. */
  constructor(
    api: FormApi,
    announcer: Announcer,
    listener: FormListener,
    { draft, profile }: { readonly draft: ProfileDraft; readonly profile: string | undefined },
  ) {
    this.#api = api;
    this.#announcer = announcer;
    this.#listener = listener;
    this.#subject = profile === undefined ? { kind: 'new' } : { kind: 'stored', profile };
    this.#body = new FormBody(api, announcer, (field, how) => this.#changed(field, how));
    this.#stored = new StoredDraft(this.#body.asShown(draft));
    this.test = new TestLines(api, () => this.#askedForTest());
    this.#check = new LiveCheck(
      () => api['draft.check'](this.#asked()),
      () => this.#draw(),
    );
    this.node.append(this.#notes, ...this.#body.parts, this.test.node);
    this.node.noValidate = true;
    this.node.addEventListener('submit', (event) => event.preventDefault());
    this.node.addEventListener('keydown', (event) => this.#onKey(event));
    this.#body.show(draft);
    this.#draw();
  }

  /** Whether closing the form would lose something. */
  get standing(): 'clean' | 'unsaved' {
    return this.#standing;
  }

  /** Resolves when no save is running: a change during one would be neither saved nor unsaved. */
  get settled(): Promise<void> {
    return this.#saving ?? Promise.resolve();
  }

  /** Shows the stored profile; what the user has typed stays. */
  show({ id, draft, credential }: Pick<ProfileSettings, 'id' | 'draft' | 'credential'>): void {
    this.#subject = { kind: 'stored', profile: id };
    this.#showDraft(this.#stored.change(this.#body.draft, this.#body.asShown(draft)));
    this.#body.credential.show(credential);
    this.#draw();
  }

  /** The profile was removed; what is typed stays, for a new one. */
  outlive(): void {
    this.#subject = { kind: 'removed' };
    this.#body.credential.show({ kind: 'none', said: '' });
    this.#draw();
  }

  /** Fills in what a `.env` file or a pasted text contains; the other fields stay. */
  fill({ draft, credential }: Filled): void {
    this.#body.show({ ...this.#body.draft, ...draft });
    if (credential !== undefined) this.#body.credential.hold(credential);
    for (const field of Object.keys(draft)) this.#check.issues.touch(field);
    this.#changed('form', 'done');
  }

  /** Moves the focus to the first field. */
  focus(): void {
    this.#body.focus();
  }

  /** Stops the timers of a form that was removed. */
  end(): void {
    this.#check.forget();
    this.#body.end();
  }

  /** Saves the form, or shows at each field what must be fixed. */
  async save(): Promise<void> {
    if (this.#saving !== undefined || (this.#subject.kind === 'stored' && this.standing === 'clean')) return;
    this.#saving = this.#save(this.#asked(), document.activeElement);
    await this.#saving;
  }

  async #save(asked: DraftAsked, focused: Element | null): Promise<void> {
    this.#announcer.clear();
    this.#listener.saving('begun');
    this.bar.show({ kind: 'saving' });
    try {
      const saved = await this.#api['draft.save'](asked).finally(() => this.#reopen(focused));
      if (saved.kind === 'saved') this.#saved(asked, saved);
      else if (saved.kind === 'refused') this.#refuse(saved.issues, focused);
      else this.#announcer.fail(say('settings-page.failed'), saved.problem);
    } catch (error) {
      this.#announcer.fail(say('settings-page.failed'), { message: messageOf(error) });
    }
    this.#draw();
  }

  #reopen(focused: Element | null): void {
    this.#saving = undefined;
    this.#listener.saving('over');
    // Unless the user has moved the focus during the save.
    const isIdle = document.activeElement === null || document.activeElement === document.body;
    if (isIdle && focused instanceof HTMLElement && this.node.contains(focused)) focused.focus();
  }

  #saved({ draft, credential }: DraftAsked, as: { readonly profile: string; readonly said: string }): void {
    this.#stored.saved(draft);
    this.#check.forget();
    this.#body.credential.saved(credential);
    this.#listener.saved(as.profile, as.said);
  }

  /** Shows all issues, and focuses the first field with one unless the focus has left `from`. */
  #refuse(issues: readonly DraftIssue[], from: Element | null): void {
    this.#check.take(issues);
    const { activeElement } = document;
    if (activeElement === from || activeElement === document.body) this.#focusWrong(issues);
    const count = issues.length;
    this.#announcer.fail(
      count === 1 ? say('settings-page.issues.one') : say('settings-page.issues.many', { count }),
      { message: this.#check.issues.ofForm().join(' ') },
    );
  }

  #focusWrong([first]: readonly DraftIssue[]): void {
    if (first?.field === 'credential') this.#body.credential.focus();
    else this.node.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }

  async #discard(): Promise<void> {
    const parts = this.#changes().join(', ');
    const answer = await ask({
      heading: say('settings-page.discard.ask'),
      detail: parts === '' ? say('settings-page.unsaved.new') : say('settings-page.discard.what', { parts }),
      yes: say('settings-page.discard.do'),
      no: say('settings-page.keep-editing'),
    });
    if (answer === 'no') return;
    if (this.#subject.kind === 'removed') {
      this.#listener.discarded();
      return;
    }
    this.#check.forget();
    this.#body.credential.forget();
    this.test.outdate();
    this.#showDraft(this.#stored.draft);
    this.#announcer.clear();
    this.#draw();
    this.#listener.changed();
  }

  async #askedForTest(): Promise<DraftAsked | undefined> {
    const asked = this.#asked();
    const from = document.activeElement;
    const { issues } = await this.#check.now();
    if (issues.length === 0) return asked;
    this.#refuse(issues, from);
    return undefined;
  }

  #asked(): DraftAsked {
    return {
      ...(this.#subject.kind === 'stored' ? { profile: this.#subject.profile } : {}),
      draft: this.#body.draft,
      credential: this.#body.credential.value,
    };
  }

  #changed(field: DraftField, how: 'typing' | 'done'): void {
    this.#announcer.clear();
    this.test.outdate();
    this.#check.changed(field, how);
    this.#draw();
    this.#listener.changed();
  }

  #onKey(event: KeyboardEvent): void {
    const { target } = event;
    if (event.key !== 'Enter' || !(target instanceof HTMLInputElement)) return;
    // In a list of suggestions, Enter picks one.
    if (event.isComposing || event.defaultPrevented || target.getAttribute('role') === 'combobox') return;
    if (target.type === 'text' || target.type === 'password') void this.save();
  }

  #showDraft(draft: ProfileDraft): void {
    if (this.#body.show(draft) === 'another') this.test.outdate();
  }

  #changes(): readonly string[] {
    const { draft, credential } = this.#body;
    const parts = this.#stored.changes(draft).map((each) => sayPart(each, draft));
    return credential.value.kind === 'stored' ? parts : [...parts, say('settings-page.credential')];
  }

  #draw(): void {
    const { issues, warnings } = this.#check;
    const { draft } = this.#body;
    // None during a save, which is also reported as a change, before its call returns.
    const contested = this.#saving === undefined ? this.#stored.contested(draft) : [];
    const notes = notesOf(
      this.#subject,
      contested.map((part) => sayPart(part, draft)),
    );
    this.#body.issues(issues.shown());
    this.#note([...issues.ofForm(), ...notes, ...warnings]);
    const changes = this.#changes();
    this.#standing = standingOf(this.#subject, changes);
    this.bar.show(this.#saving === undefined ? barOf(this.#subject, changes) : { kind: 'saving' });
  }

  /** Replaced only when they change, so that screen readers do not repeat them after each letter. */
  #note(sentences: readonly string[]): void {
    const notes = element('div', {}, ...paragraphs(sentences, { class: 'hint' }));
    if (notes.innerHTML !== this.#notes.innerHTML) this.#notes.replaceChildren(...notes.childNodes);
  }
}

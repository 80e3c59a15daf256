import { say } from '../../words/say.ts';
import { messageOf } from '../actions/actions.ts';
import type { Announcer } from '../elements/announce.ts';
import type { PageApi } from '../bridge/api.ts';
import { ask } from '../elements/confirm-dialog.ts';
import type {
  DraftAsked,
  DraftField,
  DraftIssue,
  ProfileDraft,
  ProfileSettings,
} from '../bridge/contract.ts';
import { sayPart } from './draft/changes.ts';
import { element } from '../elements/element.ts';
import { FormBody } from './body.ts';
import { FormNotes } from './notes.ts';
import { barOf, standingOf, type FormSubject } from './standing.ts';
import type { Filled } from './import-panel.ts';
import { LiveCheck } from './draft/live-check.ts';
import { SaveBar } from './save-bar.ts';
import { StoredDraft } from './draft/stored-draft.ts';
import { TestLines } from './test-lines.ts';

type FormApi = Pick<
  PageApi,
  'draft.check' | 'draft.save' | 'draft.test' | 'credential.choose' | 'schedule.preview' | 'text.copy'
>;

/** Whom a form tells of what happens in it. */
export interface FormListener {
  /** Whether something is unsaved may have changed. */
  readonly changed: () => void;
  /** It is being saved, so that nothing else can be done with it, or that is over. */
  readonly saving: (state: 'begun' | 'over') => void;
  /** It is stored, as that profile. */
  readonly saved: (profile: string, said: string) => void;
  /** Nothing of it is wanted any more, and nothing of it is stored. */
  readonly discarded: () => void;
}

/** The form of one profile, or of a new one. It keeps what is typed until that is saved or discarded. */
export class ProfileForm {
  readonly node = element('form', { class: 'form', autocomplete: 'off' });
  readonly bar: SaveBar;
  readonly #api: FormApi;
  readonly #announcer: Announcer;
  readonly #listener: FormListener;
  readonly #body: FormBody;
  readonly #test: TestLines;
  readonly #check: LiveCheck;
  readonly #notes = new FormNotes();
  readonly #stored: StoredDraft;
  #subject: FormSubject;
  #saving: Promise<void> | undefined;
  /** Kept, as it is asked for of every form with each letter that is typed in one. */
  #standing: 'clean' | 'unsaved' = 'clean';

  /** `profile`: the one that is changed; a new one where it is undefined. */
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
    this.bar = new SaveBar(
      () => void this.save(),
      () => void this.#discard(),
    );
    this.#body = new FormBody(api, announcer, (field, how) => this.#changed(field, how));
    this.#stored = new StoredDraft(this.#body.asShown(draft));
    this.#test = new TestLines(api, () => this.#askedForTest());
    this.#check = new LiveCheck(
      () => api['draft.check'](this.#asked()),
      () => this.#draw(),
    );
    this.node.append(this.#notes.node, ...this.#body.parts, this.#test.node);
    this.node.noValidate = true;
    this.node.addEventListener('submit', (event) => event.preventDefault());
    this.node.addEventListener('keydown', (event) => this.#onKey(event));
    this.#body.show(draft);
    this.#draw();
  }

  /** Whether something would be lost with it. */
  get standing(): 'clean' | 'unsaved' {
    return this.#standing;
  }

  /** When it is not being saved any more; what comes before that would be neither saved nor unsaved. */
  get settled(): Promise<void> {
    return this.#saving ?? Promise.resolve();
  }

  /** What is stored by now of that profile; what somebody has typed stays. */
  show({ id, draft, credential }: Pick<ProfileSettings, 'id' | 'draft' | 'credential'>): void {
    this.#subject = { kind: 'stored', profile: id };
    this.#showDraft(this.#stored.change(this.#body.draft, this.#body.asShown(draft)));
    this.#body.credential.show(credential);
    this.#draw();
  }

  /** The profile is stored no more; what is typed stays, for a new one. */
  outlive(): void {
    this.#subject = { kind: 'removed' };
    this.#body.credential.show({ kind: 'none', said: '' });
    this.#draw();
  }

  /** What was read of a `.env` or a pasted text goes into the fields; what it does not say stays. */
  fill({ draft, credential }: Filled): void {
    this.#body.show({ ...this.#body.draft, ...draft });
    if (credential !== undefined) this.#body.credential.hold(credential);
    for (const field of Object.keys(draft)) this.#check.issues.touch(field);
    this.#changed('form', 'done');
  }

  /** A line of a test has come. */
  tested(run: number, line: Parameters<TestLines['take']>[1]): void {
    this.#test.take(run, line);
  }

  /** Where somebody who fills it in begins. */
  focus(): void {
    this.#body.focus();
  }

  /** It is not wanted any more: nothing of it goes on by the clock. */
  end(): void {
    this.#check.forget();
    this.#body.end();
  }

  /** Stores it, or says at each field what is to be mended. */
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
      this.#announcer.fail(say('settings-page.failed'), { message: messageOf(error), next: '' });
    }
    this.#draw();
  }

  #reopen(focused: Element | null): void {
    this.#saving = undefined;
    this.#listener.saving('over');
    // Who went elsewhere meanwhile stays there.
    const isIdle = document.activeElement === null || document.activeElement === document.body;
    if (isIdle && focused instanceof HTMLElement && this.node.contains(focused)) focused.focus();
  }

  #saved({ draft, credential }: DraftAsked, as: { readonly profile: string; readonly said: string }): void {
    this.#stored.saved(draft);
    this.#check.forget();
    this.#body.credential.saved(credential);
    this.#listener.saved(as.profile, as.said);
  }

  /** Everything is shown then, and the cursor goes to the first thing that is wrong, from where it was meanwhile. */
  #refuse(issues: readonly DraftIssue[], from: Element | null): void {
    this.#check.take(issues);
    const { activeElement } = document;
    if (activeElement === from || activeElement === document.body) this.#focusWrong(issues);
    const count = issues.length;
    this.#announcer.fail(
      count === 1 ? say('settings-page.issues.one') : say('settings-page.issues.many', { count }),
      { message: this.#check.issues.ofForm().join(' '), next: '' },
    );
  }

  #focusWrong([first]: readonly DraftIssue[]): void {
    if (first?.field === 'credential') this.#body.credential.focus();
    else this.node.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }

  async #discard(): Promise<void> {
    const changes = this.#changes();
    const answer = await ask({
      heading: say('settings-page.discard.ask'),
      detail:
        changes.length === 0
          ? say('settings-page.unsaved.new')
          : say('settings-page.discard.what', { parts: changes.join(', ') }),
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
    this.#test.outdate();
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
    this.#test.outdate();
    this.#check.changed(field, how);
    this.#draw();
    this.#listener.changed();
  }

  #onKey(event: KeyboardEvent): void {
    const { target } = event;
    if (event.key !== 'Enter' || !(target instanceof HTMLInputElement)) return;
    // In a list of suggestions, Enter takes one of them.
    if (event.isComposing || event.defaultPrevented || target.getAttribute('role') === 'combobox') return;
    if (target.type === 'text' || target.type === 'password') void this.save();
  }

  #showDraft(draft: ProfileDraft): void {
    if (this.#body.show(draft) === 'another') this.#test.outdate();
  }

  #changes(): readonly string[] {
    const { draft, credential } = this.#body;
    const parts = this.#stored.changes(draft).map((each) => sayPart(each, draft));
    return credential.value.kind === 'stored' ? parts : [...parts, say('settings-page.credential')];
  }

  /** What is being saved comes back as a change too, before the save has answered. */
  #subjectNotes(): readonly string[] {
    if (this.#subject.kind === 'removed') return [say('settings-page.gone.note')];
    const { draft } = this.#body;
    const contested = this.#saving === undefined ? this.#stored.contested(draft) : [];
    if (contested.length === 0) return [];
    const parts = contested.map((part) => sayPart(part, draft)).join(', ');
    return [say('settings-page.contested', { parts })];
  }

  #draw(): void {
    const { issues, warnings } = this.#check;
    this.#body.issues(issues.shown());
    this.#notes.show([...issues.ofForm(), ...this.#subjectNotes(), ...warnings]);
    const changes = this.#changes();
    this.#standing = standingOf(this.#subject, changes);
    this.bar.show(this.#saving === undefined ? barOf(this.#subject, changes) : { kind: 'saving' });
  }
}

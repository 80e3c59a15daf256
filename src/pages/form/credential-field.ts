import { say } from '../../words/say.ts';
import { messageOf } from '../actions/act.ts';
import type { PageApi } from '../bridge/api.ts';
import type { CredentialView, DraftCredential, HeldCredential, ProfileDraft } from '../bridge/contract.ts';
import { formPart } from '../elements/card.ts';
import { ChoiceGroup } from '../elements/choice-group.ts';
import { button, element } from '../elements/element.ts';
import { Field, fieldErrors, textInput } from '../elements/field.ts';

type FileKind = 'certificate' | 'assertion-file';

/** What replaces the stored credential. `file`: a file of that kind, not chosen yet. */
type Given =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'secret' }
  | { readonly kind: 'file'; readonly which: FileKind }
  | { readonly kind: 'held'; readonly handle: string; readonly said: string };

/** The help of each kind of credential, by the provider's protocol. */
const HELP = {
  secret: {
    entra: 'settings-page.credential.secret.help',
    oidc: 'settings-page.credential.secret.oidc.help',
  },
  certificate: {
    entra: 'settings-page.credential.certificate.help',
    oidc: 'settings-page.credential.certificate.oidc.help',
  },
  'assertion-file': {
    entra: 'settings-page.credential.assertion-file.help',
    oidc: 'settings-page.credential.assertion-file.oidc.help',
  },
} as const;

/**
 * The credential on a form: which one is stored and since when, and what replaces it. A secret typed here goes only to
 * the main process; the stored one never reaches the page.
 */
export class CredentialField {
  readonly node: HTMLElement;
  readonly #api: Pick<PageApi, 'credential.choose'>;
  readonly #onChange: () => void;
  // The limit of the main process (src/tray/calls/ipc/settings-call-schemas.ts).
  readonly #input = textInput({ type: 'password', maxlength: '100000' });
  readonly #reveal = button(
    say('settings-page.credential.show'),
    () => this.#mask(this.#input.type === 'password' ? 'text' : 'password'),
    { 'aria-pressed': 'false', 'aria-label': say('settings-page.credential.show.what') },
  );
  readonly #secret = new Field(
    { label: say('settings-page.credential.secret'), help: say(HELP.secret.entra) },
    this.#input,
    this.#reveal,
  );
  readonly #kinds = new ChoiceGroup<'secret' | FileKind>(
    say('settings-page.credential.kind'),
    [
      { value: 'secret', label: say('settings-page.credential.secret') },
      { value: 'certificate', label: say('settings-page.credential.certificate') },
      { value: 'assertion-file', label: say('settings-page.credential.assertion-file') },
    ],
    (kind) => this.#give(kind === 'secret' ? { kind } : { kind: 'file', which: kind }),
  );
  /** Above the replacement: what is stored, or why it is not used. */
  readonly #stored = element('p', { class: 'soft', dir: 'auto' });
  readonly #said = element('p', { class: 'credential-said', dir: 'auto' });
  readonly #help = element('p', { class: 'help soft' });
  readonly #errors = element('div', { class: 'field-errors', 'aria-live': 'polite' });
  readonly #choose = button(say('settings-page.credential.choose'), () => void this.#chooseFile());
  readonly #replace = button('', () => {
    this.#give({ kind: 'secret' });
    this.#input.focus();
  });
  readonly #keep = button(say('settings-page.credential.keep'), () => {
    this.#give({ kind: 'nothing' });
    this.#replace.focus();
  });
  readonly #more = element(
    'div',
    { class: 'credential-more' },
    this.#said,
    this.#help,
    element('div', { class: 'actions' }, this.#choose, this.#replace, this.#keep),
    this.#errors,
  );
  #view: CredentialView = { kind: 'none', said: '' };
  #given: Given = { kind: 'secret' };
  #protocol: ProfileDraft['protocol'] = 'entra';
  /** Counts the user's choices, so that a file dialog opened before the last one is ignored. */
  #choice = 0;
  /** The last handle that was held here. */
  #last: string | undefined;
  #issues: readonly string[] = [];
  #refused: readonly string[] = [];

  constructor(api: Pick<PageApi, 'credential.choose'>, onChange: () => void) {
    this.#api = api;
    this.#onChange = onChange;
    this.#kinds.node.classList.add('inline');
    this.#input.addEventListener('input', () => {
      this.#refused = [];
      this.#onChange();
    });
    const parts = [this.#stored, this.#kinds.node, this.#secret.node, this.#more];
    this.node = formPart(say('settings-page.credential'), ...parts);
    this.#draw();
  }

  /** Sent with the draft; an empty field keeps the stored credential. */
  get value(): DraftCredential {
    const given = this.#given;
    if (given.kind === 'held') return { kind: 'held', handle: given.handle };
    if (given.kind !== 'secret' || this.#input.value === '') return { kind: 'stored' };
    return { kind: 'secret', secret: this.#input.value };
  }

  /** Shows which credential is stored; a replacement that is being entered stays. */
  show(view: CredentialView): void {
    const was = this.#view.kind;
    const hadFocus = this.node.contains(document.activeElement);
    this.#view = view;
    const isGone = view.kind === 'none' && this.#given.kind === 'nothing';
    if (isGone || (was === 'none' && view.kind !== 'none' && this.value.kind === 'stored')) this.#empty();
    else this.#draw();
    if (isGone && hadFocus) this.focus();
  }

  /** Takes a credential that the main process has read. */
  hold({ handle }: HeldCredential, said: string = say('settings-page.credential.held')): void {
    this.#last = handle;
    this.#give({ kind: 'held', handle, said });
  }

  /** Discards what was typed or chosen. */
  forget(): void {
    this.#choice += 1;
    this.#empty();
  }

  /** `sent` is now stored; a replacement entered since then stays. */
  saved(sent: DraftCredential): void {
    if (JSON.stringify(sent) === JSON.stringify(this.value)) this.#empty();
  }

  /** Shows the issues of the draft's credential, one line each. */
  problems(sentences: readonly string[]): void {
    this.#issues = sentences;
    this.#drawProblems();
  }

  /** Adapts the wording to the provider. */
  reword(protocol: ProfileDraft['protocol']): void {
    this.#protocol = protocol;
    const label = say('settings-page.credential.secret');
    this.#secret.reword({ label, help: say(HELP.secret[protocol]) });
    this.#drawHelp();
  }

  /** Moves the focus to the control that takes or replaces the credential. */
  focus(): void {
    if (this.#given.kind === 'secret') this.#input.focus();
    else if (this.#given.kind === 'file') this.#choose.focus();
    else this.#replace.focus();
  }

  #empty(): void {
    this.#input.value = '';
    this.#issues = [];
    this.#put(this.#view.kind === 'none' ? { kind: 'secret' } : { kind: 'nothing' });
  }

  #give(given: Given): void {
    this.#choice += 1;
    if (given.kind !== 'secret') this.#input.value = '';
    this.#put(given);
    this.#onChange();
  }

  #put(given: Given): void {
    this.#mask('password');
    this.#refused = [];
    this.#given = given;
    this.#draw();
  }

  #mask(type: 'password' | 'text'): void {
    this.#input.type = type;
    this.#reveal.setAttribute('aria-pressed', String(type === 'text'));
  }

  async #chooseFile(): Promise<void> {
    const given = this.#given;
    if (given.kind !== 'file' || this.#choose.classList.contains('busy')) return;
    const choice = this.#choice;
    this.#choose.classList.add('busy');
    try {
      const replaces = this.#last === undefined ? {} : { replaces: this.#last };
      const chosen = await this.#api['credential.choose']({ kind: given.which, ...replaces });
      if (choice !== this.#choice) return;
      if (chosen.kind === 'chosen') this.hold(chosen.credential, chosen.said);
      else if (chosen.kind === 'refused') this.#refuse(chosen.sentences);
    } catch (error) {
      if (choice === this.#choice) this.#refuse([messageOf(error)]);
    } finally {
      this.#choose.classList.remove('busy');
    }
  }

  #refuse(sentences: readonly string[]): void {
    this.#refused = sentences;
    this.#drawProblems();
  }

  #draw(): void {
    const given = this.#given;
    const isStored = this.#view.kind !== 'none';
    const isReplacing = given.kind === 'secret' || given.kind === 'file';
    const said = given.kind === 'held' ? given.said : this.#view.said;
    this.#stored.textContent = isReplacing ? said : '';
    this.#stored.hidden = !isReplacing || said === '';
    this.#said.textContent = isReplacing ? '' : said;
    this.#said.hidden = isReplacing;
    this.#kinds.node.hidden = !isReplacing;
    this.#kinds.show(given.kind === 'file' ? given.which : 'secret');
    this.#secret.node.hidden = given.kind !== 'secret';
    this.#choose.hidden = given.kind !== 'file';
    this.#replace.hidden = isReplacing;
    this.#replace.textContent =
      given.kind === 'held' ? say('settings-page.credential.other') : say('settings-page.credential.replace');
    this.#keep.hidden = !isStored || given.kind === 'nothing';
    this.#more.dataset['given'] = given.kind;
    this.#more.hidden = given.kind === 'secret' && !isStored;
    this.#drawHelp();
    this.#drawProblems();
  }

  #drawHelp(): void {
    const given = this.#given;
    this.#help.hidden = given.kind !== 'file';
    this.#help.textContent = given.kind === 'file' ? say(HELP[given.which][this.#protocol]) : '';
  }

  #drawProblems(): void {
    const sentences = [...this.#refused, ...this.#issues];
    const isTyped = this.#given.kind === 'secret';
    this.#secret.problems(isTyped ? sentences : []);
    this.#errors.replaceChildren(...fieldErrors(isTyped ? [] : sentences));
  }
}

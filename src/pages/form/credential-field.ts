import { say } from '../../words/say.ts';
import { messageOf } from '../actions/actions.ts';
import type { PageApi } from '../bridge/api.ts';
import { ChoiceGroup } from '../elements/choice-group.ts';
import type { CredentialView, DraftCredential, HeldCredential, ProfileDraft } from '../bridge/contract.ts';
import { element } from '../elements/element.ts';
import { Field } from '../elements/field.ts';

/** What is given in place of what is stored. `file`: one of the two that are chosen, none yet. */
type Given =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'secret' }
  | { readonly kind: 'file'; readonly which: 'certificate' | 'assertion-file' }
  | { readonly kind: 'held'; readonly handle: string; readonly said: string };

/**
 * The credential on a form: which one is stored and since when, and what replaces it. A secret is typed here and
 * goes to the main process only; what is stored never comes here, so there is nothing to show.
 */
export class CredentialField {
  readonly node = element('section', { class: 'card form-part' });
  readonly #api: Pick<PageApi, 'credential.choose'>;
  readonly #onChange: () => void;
  readonly #input = element('input', {
    type: 'password',
    autocomplete: 'off',
    spellcheck: 'false',
    // What the main process takes (tray/settings-call-schemas.ts).
    maxlength: '100000',
  });
  readonly #secret: Field<HTMLInputElement>;
  readonly #show = element('button', { type: 'button', class: 'button', 'aria-pressed': 'false' });
  readonly #kinds: ChoiceGroup<'secret' | 'certificate' | 'assertion-file'>;
  /** What is stored, or why that is not used, above the field that replaces it. */
  readonly #standing = element('p', { class: 'soft', dir: 'auto' });
  readonly #said = element('p', { class: 'credential-said', dir: 'auto' });
  readonly #help = element('p', { class: 'help soft' });
  readonly #errors = element('div', { class: 'field-errors', 'aria-live': 'polite' });
  readonly #more = element('div', { class: 'credential-more' });
  readonly #choose = button('settings-page.credential.choose');
  readonly #replace = button('settings-page.credential.replace');
  readonly #keep = button('settings-page.credential.keep');
  readonly #other = button('settings-page.credential.other');
  #view: CredentialView = { kind: 'none', said: '' };
  #given: Given = { kind: 'secret' };
  #protocol: ProfileDraft['protocol'] = 'entra';
  /** Of what somebody wants by now; a file that was chosen before that is dropped. */
  #wanted = 0;
  /** The last handle that was held here. */
  #last: string | undefined;
  #issues: readonly string[] = [];
  #refused: readonly string[] = [];

  constructor(api: Pick<PageApi, 'credential.choose'>, onChange: () => void) {
    this.#api = api;
    this.#onChange = onChange;
    this.#show.textContent = say('settings-page.credential.show');
    this.#show.setAttribute('aria-label', say('settings-page.credential.show.what'));
    this.#show.addEventListener('click', () =>
      this.#reveal(this.#input.type === 'password' ? 'text' : 'password'),
    );
    const words = {
      label: say('settings-page.credential.secret'),
      help: say('settings-page.credential.secret.help'),
    };
    this.#secret = new Field(words, this.#input, this.#show);
    this.#input.addEventListener('input', () => this.#changed());
    this.#kinds = new ChoiceGroup(
      say('settings-page.credential.kind'),
      [
        { value: 'secret', label: say('settings-page.credential.secret') },
        { value: 'certificate', label: say('settings-page.credential.certificate') },
        { value: 'assertion-file', label: say('settings-page.credential.assertion-file') },
      ],
      (kind) => this.#give(kind === 'secret' ? { kind } : { kind: 'file', which: kind }),
    );
    this.#kinds.node.classList.add('inline');
    this.#choose.addEventListener('click', () => void this.#chooseFile());
    this.#replace.addEventListener('click', () => {
      this.#give({ kind: 'secret' });
      this.#input.focus();
    });
    this.#keep.addEventListener('click', () => {
      this.#give({ kind: 'nothing' });
      this.#replace.focus();
    });
    this.#other.addEventListener('click', () => {
      this.#give({ kind: 'secret' });
      this.#input.focus();
    });
    this.#more.append(
      this.#said,
      this.#help,
      element('div', { class: 'actions' }, this.#choose, this.#replace, this.#other, this.#keep),
      this.#errors,
    );
    this.node.append(
      element('h3', {}, say('settings-page.credential')),
      this.#standing,
      this.#kinds.node,
      this.#secret.node,
      this.#more,
    );
    this.#draw();
  }

  /** What goes with the draft; an empty field leaves what is stored. */
  get value(): DraftCredential {
    const given = this.#given;
    if (given.kind === 'held') return { kind: 'held', handle: given.handle };
    if (given.kind !== 'secret' || this.#input.value === '') return { kind: 'stored' };
    return { kind: 'secret', secret: this.#input.value };
  }

  /** What is stored by now; what is being typed stays. */
  show(view: CredentialView): void {
    const was = this.#view.kind;
    const hadFocus = this.node.contains(document.activeElement);
    this.#view = view;
    const isGone = view.kind === 'none' && this.#given.kind === 'nothing';
    if (isGone || (was === 'none' && view.kind !== 'none' && this.value.kind === 'stored')) this.#empty();
    else this.#draw();
    if (isGone && hadFocus) this.focus();
  }

  /** A credential that the main process has read. */
  hold({ handle }: HeldCredential, said: string = say('settings-page.credential.held')): void {
    this.#input.value = '';
    this.#last = handle;
    this.#give({ kind: 'held', handle, said });
  }

  /** Nothing of what was typed or chosen stays here: it is not wanted any more. */
  forget(): void {
    this.#wanted += 1;
    this.#empty();
  }

  /** That one is stored; what was chosen since it was sent stays. */
  saved(sent: DraftCredential): void {
    if (isSame(sent, this.value)) this.#empty();
  }

  /** What is wrong with it, a sentence a line. */
  problems(sentences: readonly string[]): void {
    this.#issues = sentences;
    this.#drawProblems();
  }

  /** The words that fit the provider. */
  reword(protocol: ProfileDraft['protocol']): void {
    this.#protocol = protocol;
    this.#help.textContent = this.#helpOfFile();
    this.#secret.reword({
      label: say('settings-page.credential.secret'),
      help:
        protocol === 'entra'
          ? say('settings-page.credential.secret.help')
          : say('settings-page.credential.secret.oidc.help'),
    });
  }

  /** Puts the focus on what can be typed or chosen. */
  focus(): void {
    if (this.#given.kind === 'secret') this.#input.focus();
    else if (this.#given.kind === 'file') this.#choose.focus();
    else if (this.#given.kind === 'held') this.#other.focus();
    else this.#replace.focus();
  }

  #empty(): void {
    this.#input.value = '';
    this.#reveal('password');
    this.#refused = [];
    this.#issues = [];
    this.#given = this.#view.kind === 'none' ? { kind: 'secret' } : { kind: 'nothing' };
    this.#draw();
  }

  #give(given: Given): void {
    this.#wanted += 1;
    if (given.kind !== 'secret') this.#input.value = '';
    this.#reveal('password');
    this.#refused = [];
    this.#given = given;
    this.#draw();
    this.#onChange();
  }

  #changed(): void {
    this.#refused = [];
    this.#onChange();
  }

  #reveal(type: 'password' | 'text'): void {
    this.#input.type = type;
    this.#show.setAttribute('aria-pressed', String(type === 'text'));
  }

  async #chooseFile(): Promise<void> {
    const given = this.#given;
    if (given.kind !== 'file' || this.#choose.classList.contains('busy')) return;
    const wanted = this.#wanted;
    this.#choose.classList.add('busy');
    try {
      const replaces = this.#last;
      const chosen = await this.#api['credential.choose']({
        kind: given.which,
        ...(replaces === undefined ? {} : { replaces }),
      });
      if (wanted !== this.#wanted) return;
      if (chosen.kind === 'chosen') this.hold(chosen.credential, chosen.said);
      else if (chosen.kind === 'refused') this.#refuse(chosen.sentences);
    } catch (error) {
      if (wanted === this.#wanted) this.#refuse([messageOf(error)]);
    } finally {
      this.#choose.classList.remove('busy');
    }
  }

  #refuse(sentences: readonly string[]): void {
    this.#refused = sentences;
    this.#drawProblems();
  }

  #draw(): void {
    const { kind } = this.#given;
    const isStored = this.#view.kind !== 'none';
    const isReplacing = kind === 'secret' || kind === 'file';
    const said = this.#given.kind === 'held' ? this.#given.said : this.#view.said;
    this.#standing.textContent = isReplacing ? said : '';
    this.#standing.hidden = !isReplacing || said === '';
    this.#said.textContent = isReplacing ? '' : said;
    this.#said.hidden = isReplacing;
    this.#kinds.node.hidden = !isReplacing;
    this.#kinds.show(this.#given.kind === 'file' ? this.#given.which : 'secret');
    this.#secret.node.hidden = kind !== 'secret';
    this.#choose.hidden = kind !== 'file';
    this.#replace.hidden = kind !== 'nothing';
    this.#other.hidden = kind !== 'held';
    this.#keep.hidden = !isStored || kind === 'nothing';
    this.#more.dataset['given'] = kind;
    this.#more.hidden = kind === 'secret' && !isStored;
    this.#help.hidden = this.#given.kind !== 'file';
    this.#help.textContent = this.#helpOfFile();
    this.#drawProblems();
  }

  #helpOfFile(): string {
    if (this.#given.kind !== 'file') return '';
    const isEntra = this.#protocol === 'entra';
    if (this.#given.which === 'certificate')
      return isEntra
        ? say('settings-page.credential.certificate.help')
        : say('settings-page.credential.certificate.oidc.help');
    return isEntra
      ? say('settings-page.credential.assertion-file.help')
      : say('settings-page.credential.assertion-file.oidc.help');
  }

  #drawProblems(): void {
    const sentences = [...this.#refused, ...this.#issues];
    const isTyped = this.#given.kind === 'secret';
    this.#secret.problems(isTyped ? sentences : []);
    this.#errors.replaceChildren(
      ...(isTyped ? [] : sentences).map((each) => element('p', { class: 'field-error', dir: 'auto' }, each)),
    );
  }
}

function isSame(one: DraftCredential, other: DraftCredential): boolean {
  switch (one.kind) {
    case 'stored':
      return other.kind === 'stored';
    case 'secret':
      return other.kind === 'secret' && other.secret === one.secret;
    case 'held':
      return other.kind === 'held' && other.handle === one.handle;
  }
}

function button(
  code:
    | 'settings-page.credential.choose'
    | 'settings-page.credential.replace'
    | 'settings-page.credential.keep'
    | 'settings-page.credential.other',
): HTMLButtonElement {
  return element('button', { type: 'button', class: 'button' }, say(code));
}

import { sayFieldName } from '../../words/field-names.ts';
import { say } from '../../words/say.ts';
import { ChoiceGroup } from '../elements/choice-group.ts';
import type { DraftField, DraftIssue, ProfileDraft } from '../bridge/contract.ts';
import { element } from '../elements/element.ts';
import { Field, type FieldWords } from '../elements/field.ts';

/** What is typed; the rest of a draft is chosen. */
const TYPED = ['name', 'authority', 'clientId', 'redirectUri', 'scopes', 'extraScopes'] as const;
type Typed = (typeof TYPED)[number];

/**
 * Far above every name, address and list of scopes that anybody has: what is longer was pasted by mistake, and would
 * be carried to the main process with each letter that is typed after it. Characters.
 */
const MAX_CHARACTERS = '10000';

/** A form's own part of a draft: all but the schedule, which is a field of its own. */
export type FieldsDraft = Omit<ProfileDraft, 'schedule'>;

/** What the fields tell: `typing` while somebody is at it, `done` when a field is left. */
export type Changed = (field: DraftField, how: 'typing' | 'done') => void;

/** The words of each field, by the provider. */
function wordsOf(field: Typed, protocol: ProfileDraft['protocol']): FieldWords {
  return { label: sayFieldName(field, protocol), help: helpOf(field, protocol) };
}

/** What is wanted there, and where it is found. */
function helpOf(field: Typed, protocol: ProfileDraft['protocol']): string {
  const isEntra = protocol === 'entra';
  switch (field) {
    case 'name':
      return say('settings-page.field.name.help');
    case 'authority':
      return isEntra ? say('settings-page.field.tenant.help') : say('settings-page.field.issuer.help');
    case 'clientId':
      return isEntra
        ? say('settings-page.field.clientId.help')
        : say('settings-page.field.clientId.oidc.help');
    case 'redirectUri':
      return isEntra
        ? say('settings-page.field.redirectUri.help')
        : say('settings-page.field.redirectUri.oidc.help');
    case 'scopes':
      return isEntra ? say('settings-page.field.scopes.help') : say('settings-page.field.scopes.oidc.help');
    case 'extraScopes':
      return say('settings-page.field.extraScopes.help');
  }
}

/** The fields of a profile, as they are typed; whether they are right is said by others. */
export class DraftFields {
  /** Who one is to the authority. */
  readonly registration: HTMLElement;
  /** What is asked for. */
  readonly scopes: HTMLElement;
  /** Where a person signs in. */
  readonly signIn: HTMLElement;
  readonly #fields: Readonly<Record<Typed, Field<HTMLInputElement | HTMLTextAreaElement>>>;
  readonly #protocol: ChoiceGroup<ProfileDraft['protocol']>;
  readonly #signIn: ChoiceGroup<ProfileDraft['signIn']>;
  readonly #reword: (protocol: ProfileDraft['protocol']) => void;

  /** `reword` is told which provider the words are to fit; `copyRedirect` makes the button that copies that field. */
  constructor(
    changed: Changed,
    reword: (protocol: ProfileDraft['protocol']) => void,
    copyRedirect: (textOf: () => string) => HTMLElement,
  ) {
    this.#reword = reword;
    const copy = copyRedirect(() => this.#fields.redirectUri.control.value);
    this.#fields = {
      name: typed('name', line(), changed),
      authority: typed('authority', line('url'), changed),
      clientId: typed('clientId', line(), changed),
      redirectUri: typed('redirectUri', line('url'), changed, copy),
      scopes: typed('scopes', lines(), changed),
      extraScopes: typed('extraScopes', lines(), changed),
    };
    for (const field of ['authority', 'clientId', 'redirectUri', 'scopes', 'extraScopes'] as const)
      this.#fields[field].control.classList.add('exact');
    this.#protocol = new ChoiceGroup(
      say('settings-page.field.protocol'),
      [
        { value: 'entra', label: say('settings-page.protocol.entra') },
        { value: 'oidc', label: say('settings-page.protocol.oidc') },
      ],
      () => {
        this.#fit();
        changed('form', 'done');
      },
    );
    this.#protocol.node.classList.add('inline');
    this.#signIn = new ChoiceGroup(
      say('settings-page.field.signIn'),
      [
        {
          value: 'window',
          label: say('settings-page.sign-in.window'),
          help: say('settings-page.sign-in.window.help'),
        },
        {
          value: 'browser',
          label: say('settings-page.sign-in.browser'),
          help: say('settings-page.sign-in.browser.help'),
        },
      ],
      () => changed('form', 'done'),
    );
    const { name, authority, clientId, redirectUri, scopes, extraScopes } = this.#fields;
    this.registration = part(
      say('settings-page.registration'),
      name.node,
      this.#protocol.node,
      authority.node,
      clientId.node,
      redirectUri.node,
    );
    this.scopes = part(say('settings-page.scopes'), scopes.node, extraScopes.node);
    this.signIn = part(say('settings-page.sign-in'), this.#signIn.node);
  }

  get value(): FieldsDraft {
    const { name, authority, clientId, redirectUri, scopes, extraScopes } = this.#fields;
    return {
      name: name.control.value,
      protocol: this.#protocol.value,
      authority: authority.control.value,
      clientId: clientId.control.value,
      redirectUri: redirectUri.control.value,
      scopes: scopes.control.value,
      extraScopes: extraScopes.control.value,
      signIn: this.#signIn.value,
    };
  }

  /** What {@link value} is once that is shown: a control may hold a text otherwise than it is stored (HTML, value sanitization). */
  asShown<Of extends FieldsDraft>(draft: Of): Of {
    const shown: Partial<Record<Typed, string>> = {};
    for (const field of TYPED) {
      const { control } = this.#fields[field];
      const probe = element(control instanceof HTMLInputElement ? 'input' : 'textarea');
      probe.value = draft[field];
      shown[field] = probe.value;
    }
    return { ...draft, ...shown };
  }

  /** A field that shows it already keeps its cursor. */
  show(draft: FieldsDraft): void {
    for (const field of TYPED) {
      const { control } = this.#fields[field];
      if (control.value !== draft[field]) control.value = draft[field];
    }
    this.#protocol.show(draft.protocol);
    this.#signIn.show(draft.signIn);
    this.#fit();
  }

  /** What is wrong, each at its field. */
  issues(list: readonly DraftIssue[]): void {
    for (const field of TYPED)
      this.#fields[field].problems(
        list.filter((issue) => issue.field === field).map(({ sentence }) => sentence),
      );
  }

  /** Puts the cursor where somebody who has nothing yet begins. */
  focus(): void {
    this.#fields.name.control.focus();
  }

  #fit(): void {
    const protocol = this.#protocol.value;
    for (const field of TYPED) this.#fields[field].reword(wordsOf(field, protocol));
    this.#reword(protocol);
  }
}

/** A part of the form under its heading. */
function part(title: string, ...what: readonly HTMLElement[]): HTMLElement {
  return element('section', { class: 'card form-part' }, element('h3', {}, title), ...what);
}

function line(inputmode = 'text'): HTMLInputElement {
  return element('input', {
    type: 'text',
    autocomplete: 'off',
    spellcheck: 'false',
    inputmode,
    maxlength: MAX_CHARACTERS,
  });
}

function lines(): HTMLTextAreaElement {
  return element('textarea', {
    rows: '2',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: MAX_CHARACTERS,
  });
}

function typed(
  field: Typed,
  control: HTMLInputElement | HTMLTextAreaElement,
  changed: Changed,
  ...beside: readonly HTMLElement[]
): Field<HTMLInputElement | HTMLTextAreaElement> {
  control.addEventListener('input', () => changed(field, 'typing'));
  control.addEventListener('change', () => changed(field, 'done'));
  return new Field(wordsOf(field, 'entra'), control, ...beside);
}

import { sayFieldName } from '../../words/field-names.ts';
import { say } from '../../words/say.ts';
import type { DraftField, DraftIssue, ProfileDraft } from '../bridge/contract.ts';
import { formPart } from '../elements/card.ts';
import { ChoiceGroup } from '../elements/choice-group.ts';
import { element } from '../elements/element.ts';
import { Field, textInput, type FieldWords } from '../elements/field.ts';

type Protocol = ProfileDraft['protocol'];

/** The help of the fields that are typed, by the provider's protocol; the rest of a draft is chosen. */
const HELP = {
  name: { entra: 'settings-page.field.name.help', oidc: 'settings-page.field.name.help' },
  authority: { entra: 'settings-page.field.tenant.help', oidc: 'settings-page.field.issuer.help' },
  clientId: { entra: 'settings-page.field.clientId.help', oidc: 'settings-page.field.clientId.oidc.help' },
  redirectUri: {
    entra: 'settings-page.field.redirectUri.help',
    oidc: 'settings-page.field.redirectUri.oidc.help',
  },
  scopes: { entra: 'settings-page.field.scopes.help', oidc: 'settings-page.field.scopes.oidc.help' },
  extraScopes: {
    entra: 'settings-page.field.extraScopes.help',
    oidc: 'settings-page.field.extraScopes.help',
  },
} as const;

type Typed = keyof typeof HELP;
const TYPED = Object.keys(HELP) as readonly Typed[];

/**
 * Far more than any real name, address or list of scopes: a longer text was pasted by mistake, and would be sent to
 * the main process after each letter.
 */
const MAX_CHARACTERS = '10000';

/** The part of a draft that these fields hold: all but the schedule, which has a field of its own. */
export type FieldsDraft = Omit<ProfileDraft, 'schedule'>;

/** Called with a changed field: `typing` after each letter, `done` when the user leaves the field. */
export type Changed = (field: DraftField, how: 'typing' | 'done') => void;

function wordsOf(field: Typed, protocol: Protocol): FieldWords {
  return { label: sayFieldName(field, protocol), help: say(HELP[field][protocol]) };
}

/** The fields of a profile as typed. They show issues, but do not look for them. */
export class DraftFields {
  /** The fields that identify this app to the authority. */
  readonly registration: HTMLElement;
  readonly scopes: HTMLElement;
  /** Where the user signs in. */
  readonly signIn: HTMLElement;
  readonly #fields: Readonly<Record<Typed, Field<HTMLInputElement | HTMLTextAreaElement>>>;
  readonly #protocol: ChoiceGroup<Protocol>;
  readonly #signIn: ChoiceGroup<ProfileDraft['signIn']>;
  readonly #reword: (protocol: Protocol) => void;

  /** `reword` is called when the wording must fit another provider; `copyRedirect` makes the redirect URI's copy button. */
  constructor(
    changed: Changed,
    reword: (protocol: Protocol) => void,
    copyRedirect: (textOf: () => string) => HTMLElement,
  ) {
    this.#reword = reword;
    const copy = copyRedirect(() => this.#fields.redirectUri.control.value);
    this.#fields = {
      name: typed('name', line('text'), changed),
      authority: typed('authority', line('url'), changed),
      clientId: typed('clientId', line('text'), changed),
      redirectUri: typed('redirectUri', line('url'), changed, copy),
      scopes: typed('scopes', lines(), changed),
      extraScopes: typed('extraScopes', lines(), changed),
    };
    this.#protocol = new ChoiceGroup<Protocol>(
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
    this.#signIn = new ChoiceGroup<ProfileDraft['signIn']>(
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
    const app = [authority, clientId, redirectUri].map(({ node }) => node);
    this.registration = formPart(say('settings-page.registration'), name.node, this.#protocol.node, ...app);
    this.scopes = formPart(say('settings-page.scopes'), scopes.node, extraScopes.node);
    this.signIn = formPart(say('settings-page.sign-in'), this.#signIn.node);
  }

  get value(): FieldsDraft {
    const texts = this.#texts((field) => this.#fields[field].control.value);
    return { ...texts, protocol: this.#protocol.value, signIn: this.#signIn.value };
  }

  /** What {@link value} returns once `draft` is shown: a control may normalize its text (HTML, value sanitization). */
  asShown<Of extends FieldsDraft>(draft: Of): Of {
    const shown = this.#texts((field) => {
      const probe = element(this.#fields[field].control instanceof HTMLInputElement ? 'input' : 'textarea');
      probe.value = draft[field];
      return probe.value;
    });
    return { ...draft, ...shown };
  }

  /** A field that already shows its text keeps the cursor. */
  show(draft: FieldsDraft): void {
    for (const field of TYPED) {
      const { control } = this.#fields[field];
      if (control.value !== draft[field]) control.value = draft[field];
    }
    this.#protocol.show(draft.protocol);
    this.#signIn.show(draft.signIn);
    this.#fit();
  }

  /** Shows each issue at its field. */
  issues(list: readonly DraftIssue[]): void {
    for (const field of TYPED) {
      const own = list.filter((issue) => issue.field === field);
      this.#fields[field].problems(own.map(({ sentence }) => sentence));
    }
  }

  /** Moves the focus to the first field. */
  focus(): void {
    this.#fields.name.control.focus();
  }

  #texts(textOf: (field: Typed) => string): Readonly<Record<Typed, string>> {
    return Object.fromEntries(TYPED.map((field) => [field, textOf(field)])) as Record<Typed, string>;
  }

  #fit(): void {
    const protocol = this.#protocol.value;
    for (const field of TYPED) this.#fields[field].reword(wordsOf(field, protocol));
    this.#reword(protocol);
  }
}

function line(inputmode: 'text' | 'url'): HTMLInputElement {
  return textInput({ inputmode, maxlength: MAX_CHARACTERS });
}

function lines(): HTMLTextAreaElement {
  const attributes = { rows: '2', autocomplete: 'off', spellcheck: 'false', maxlength: MAX_CHARACTERS };
  return element('textarea', attributes);
}

function typed(
  field: Typed,
  control: HTMLInputElement | HTMLTextAreaElement,
  changed: Changed,
  ...beside: readonly HTMLElement[]
): Field<HTMLInputElement | HTMLTextAreaElement> {
  control.addEventListener('input', () => changed(field, 'typing'));
  control.addEventListener('change', () => changed(field, 'done'));
  control.classList.toggle('exact', field !== 'name');
  return new Field(wordsOf(field, 'entra'), control, ...beside);
}

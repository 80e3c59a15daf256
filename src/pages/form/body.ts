import { say } from '../../words/say.ts';
import { copyButton } from '../actions/copy-button.ts';
import type { PageApi } from '../bridge/api.ts';
import type { DraftIssue, ProfileDraft } from '../bridge/contract.ts';
import type { Announcer } from '../elements/announce.ts';
import { element } from '../elements/element.ts';
import { ScheduleField } from '../schedule/schedule-field.ts';
import { CredentialField } from './credential-field.ts';
import { changedParts } from './draft/changes.ts';
import { DraftFields, type Changed } from './draft-fields.ts';

/** Everything that is typed and chosen on a form, in the form's order. */
export class FormBody {
  readonly parts: readonly HTMLElement[];
  readonly credential: CredentialField;
  readonly #fields: DraftFields;
  readonly #schedule: ScheduleField;

  constructor(
    api: Pick<PageApi, 'credential.choose' | 'schedule.preview' | 'text.copy'>,
    announcer: Announcer,
    changed: Changed,
  ) {
    const words = { label: say('settings-page.copy.redirect'), done: say('settings-page.copied') };
    this.credential = new CredentialField(api, () => changed('credential', 'typing'));
    this.#fields = new DraftFields(
      changed,
      (protocol) => this.credential.reword(protocol),
      (textOf) => copyButton(api, announcer, words, textOf),
    );
    this.#schedule = new ScheduleField(api, () => changed('form', 'typing'));
    this.parts = [
      this.#fields.registration,
      this.credential.node,
      this.#fields.scopes,
      element('section', { class: 'card form-part' }, this.#schedule.node),
      this.#fields.signIn,
    ];
  }

  get draft(): ProfileDraft {
    return { ...this.#fields.value, schedule: this.#schedule.value };
  }

  /** What {@link draft} returns once `draft` is shown. */
  asShown(draft: ProfileDraft): ProfileDraft {
    return this.#fields.asShown(draft);
  }

  /** Returns whether the draft differs from the one shown before. */
  show(draft: ProfileDraft): 'same' | 'another' {
    const before = this.draft;
    this.#fields.show(draft);
    this.#schedule.show(draft.schedule);
    return changedParts(before, this.draft).length === 0 ? 'same' : 'another';
  }

  /** Shows each issue at its field. */
  issues(list: readonly DraftIssue[]): void {
    this.#fields.issues(list);
    this.#schedule.issues(list);
    const own = list.filter(({ field }) => field === 'credential');
    this.credential.problems(own.map(({ sentence }) => sentence));
  }

  /** Moves the focus to the first field. */
  focus(): void {
    this.#fields.focus();
  }

  /** Stops the timers of a form that was removed. */
  end(): void {
    this.#schedule.end();
  }
}

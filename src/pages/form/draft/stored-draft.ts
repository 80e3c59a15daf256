import type { ProfileDraft } from '../../bridge/contract.ts';
import { changedParts, mergeDraft, type DraftPart } from './changes.ts';

/** What is stored of the profile that a form shows, and where what is typed there (`mine`) goes another way. Pure. */
export class StoredDraft {
  #draft: ProfileDraft;
  #contested: readonly DraftPart[] = [];

  constructor(draft: ProfileDraft) {
    this.#draft = draft;
  }

  /** What a form shows that is as it is stored. */
  get draft(): ProfileDraft {
    return this.#draft;
  }

  /** What is unsaved. */
  changes(mine: ProfileDraft): readonly DraftPart[] {
    return changedParts(this.#draft, mine);
  }

  /** What was typed and was changed elsewhere too, for as long as the two differ. */
  contested(mine: ProfileDraft): readonly DraftPart[] {
    this.#contested = this.changes(mine).filter((part) => this.#contested.includes(part));
    return this.#contested;
  }

  /** Something else is stored by now; the answer is what the form shows then. */
  change(mine: ProfileDraft, theirs: ProfileDraft): ProfileDraft {
    const merged = mergeDraft(this.#draft, mine, theirs);
    this.#draft = theirs;
    this.#contested = [...this.#contested, ...merged.contested];
    return merged.draft;
  }

  /** What is typed is stored. */
  saved(mine: ProfileDraft): void {
    this.#draft = mine;
    this.#contested = [];
  }
}

import type { ProfileDraft } from '../../bridge/contract.ts';
import { changedParts, mergeDraft, type DraftPart } from './changes.ts';

/** The stored draft of a profile, compared with what the user has typed in its form (`mine`). Pure. */
export class StoredDraft {
  #draft: ProfileDraft;
  #contested: readonly DraftPart[] = [];

  constructor(draft: ProfileDraft) {
    this.#draft = draft;
  }

  get draft(): ProfileDraft {
    return this.#draft;
  }

  /** The unsaved parts. */
  changes(mine: ProfileDraft): readonly DraftPart[] {
    return changedParts(this.#draft, mine);
  }

  /** The parts that were edited here and changed elsewhere, as long as the two differ. */
  contested(mine: ProfileDraft): readonly DraftPart[] {
    this.#contested = this.changes(mine).filter((part) => this.#contested.includes(part));
    return this.#contested;
  }

  /** Takes a newly stored draft; returns what the form shows then. */
  change(mine: ProfileDraft, theirs: ProfileDraft): ProfileDraft {
    const merged = mergeDraft(this.#draft, mine, theirs);
    this.#draft = theirs;
    this.#contested = [...this.#contested, ...merged.contested];
    return merged.draft;
  }

  /** The typed draft is now stored. */
  saved(mine: ProfileDraft): void {
    this.#draft = mine;
    this.#contested = [];
  }
}

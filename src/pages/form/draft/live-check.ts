import { messageOf } from '../../actions/actions.ts';
import type { DraftChecked, DraftField, DraftIssue } from '../../bridge/contract.ts';
import { ShownIssues } from './shown-issues.ts';

/** A pause in the typing after which it is checked; short enough to seem at once. */
const CHECK_AFTER_MS = 250;

/** A pause after which a field counts as written, and says what is wrong with it though the cursor is in it. */
const WRITTEN_AFTER_MS = 800;

/**
 * Checks a draft while somebody types, and not for each letter. Only the answer to the newest check counts: one
 * that is late overrules nothing that is known since, and one that never comes holds up none.
 */
export class LiveCheck {
  readonly issues = new ShownIssues();
  readonly #check: () => Promise<DraftChecked>;
  readonly #show: () => void;
  #warnings: readonly string[] = [];
  #checkTimer: ReturnType<typeof setTimeout> | undefined;
  #writtenTimer: ReturnType<typeof setTimeout> | undefined;
  /** Of what is known by now; an answer of an older one is dropped. */
  #generation = 0;

  /** `check` asks about what is typed by now; `show` is told when there is something else to say. */
  constructor(check: () => Promise<DraftChecked>, show: () => void) {
    this.#check = check;
    this.#show = show;
  }

  /** What one should know, and need not mend. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** Something was changed; `done` where the field was left with it. */
  changed(field: DraftField, how: 'typing' | 'done'): void {
    clearTimeout(this.#checkTimer);
    clearTimeout(this.#writtenTimer);
    const written = (): void => {
      this.issues.touch(field);
      this.#show();
    };
    if (how === 'done') written();
    else this.#writtenTimer = setTimeout(written, WRITTEN_AFTER_MS);
    this.#checkTimer = setTimeout(() => void this.#live(), CHECK_AFTER_MS);
  }

  /** Checks at once, for somebody who waits for it. Rejects where the check could not be made. */
  async now(): Promise<DraftChecked> {
    const generation = this.#renew();
    const checked = await this.#check();
    if (generation === this.#generation) this.#put(checked);
    return checked;
  }

  /** What was found by other means, as a save does that is refused; all of it is said. */
  take(issues: readonly DraftIssue[]): void {
    this.#renew();
    this.issues.take(issues);
    this.issues.showAll();
    this.#show();
  }

  /** As at the start: what was wrong is saved or gone. */
  forget(): void {
    this.#renew();
    clearTimeout(this.#writtenTimer);
    this.issues.forget();
    this.#warnings = [];
  }

  /** From now on no check that was begun counts, nor one that was about to be. */
  #renew(): number {
    clearTimeout(this.#checkTimer);
    this.#generation += 1;
    return this.#generation;
  }

  async #live(): Promise<void> {
    const generation = this.#renew();
    // A draft that cannot be checked is not wrong by that; saving it says what is.
    const checked = await this.#check().catch((error: unknown): DraftChecked => ({
      issues: [],
      warnings: [messageOf(error)],
    }));
    if (generation === this.#generation) this.#put(checked);
  }

  #put({ issues, warnings }: DraftChecked): void {
    this.issues.take(issues);
    this.#warnings = warnings;
    this.#show();
  }
}

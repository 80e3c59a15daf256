import { messageOf } from '../../actions/act.ts';
import type { DraftChecked, DraftField, DraftIssue } from '../../bridge/contract.ts';
import { ShownIssues } from './shown-issues.ts';

/** The pause in typing after which the draft is checked; short enough to seem instant. */
const CHECK_AFTER_MS = 250;

/** The pause after which a field counts as complete and shows its issues, even with the cursor in it. */
const WRITTEN_AFTER_MS = 800;

/**
 * Checks a draft while the user types, but not after each letter. Only the answer to the newest check counts: a late
 * answer does not replace newer results, and a check that is never answered does not block the next one.
 */
export class LiveCheck {
  readonly issues = new ShownIssues();
  readonly #check: () => Promise<DraftChecked>;
  readonly #show: () => void;
  #warnings: readonly string[] = [];
  #checkTimer: ReturnType<typeof setTimeout> | undefined;
  #writtenTimer: ReturnType<typeof setTimeout> | undefined;
  /** The number of the newest check; answers to older ones are dropped. */
  #generation = 0;

  /** `check` checks the current draft; `show` is called when issues or warnings may have changed. */
  constructor(check: () => Promise<DraftChecked>, show: () => void) {
    this.#check = check;
    this.#show = show;
  }

  /** Remarks that need no fix. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** A field was changed; `done` if the user has left it. */
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

  /** Checks at once. Rejects if the check could not be made. */
  now(): Promise<DraftChecked> {
    return this.#run(this.#check);
  }

  /** Takes issues found otherwise, such as by a rejected save; all of them are shown. */
  take(issues: readonly DraftIssue[]): void {
    this.#renew();
    this.issues.take(issues);
    this.issues.showAll();
    this.#show();
  }

  /** Returns to the initial state, after a save or when the changes are discarded. */
  forget(): void {
    this.#renew();
    clearTimeout(this.#writtenTimer);
    this.issues.forget();
    this.#warnings = [];
  }

  /** Invalidates the checks that are running or scheduled. */
  #renew(): number {
    clearTimeout(this.#checkTimer);
    this.#generation += 1;
    return this.#generation;
  }

  async #live(): Promise<void> {
    // A check that fails marks no field; saving reports what is wrong.
    const warn = (error: unknown): DraftChecked => ({ issues: [], warnings: [messageOf(error)] });
    await this.#run(() => this.#check().catch(warn));
  }

  async #run(check: () => Promise<DraftChecked>): Promise<DraftChecked> {
    const generation = this.#renew();
    const checked = await check();
    if (generation !== this.#generation) return checked;
    this.issues.take(checked.issues);
    this.#warnings = checked.warnings;
    this.#show();
    return checked;
  }
}

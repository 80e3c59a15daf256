import type { DraftIssue } from '../../bridge/contract.ts';

/**
 * Which of the things that are wrong with a draft are said: those of fields that somebody has been at, so that an
 * empty form does not begin with reproaches, and all of them once it was to be saved.
 */
export class ShownIssues {
  readonly #touched = new Set<string>();
  #issues: readonly DraftIssue[] = [];
  #extent: 'touched' | 'all' = 'touched';

  /** What is wrong by now. */
  take(issues: readonly DraftIssue[]): void {
    this.#issues = issues;
  }

  /** Somebody has written in that field. */
  touch(field: string): void {
    this.#touched.add(field);
  }

  showAll(): void {
    this.#extent = 'all';
  }

  /** As at the start: nothing is wrong, and nobody was here. */
  forget(): void {
    this.#touched.clear();
    this.#issues = [];
    this.#extent = 'touched';
  }

  shown(): readonly DraftIssue[] {
    return this.#issues.filter(({ field }) => this.#extent === 'all' || this.#touched.has(field));
  }

  /** The sentences that are said of one field. */
  of(field: DraftIssue['field']): readonly string[] {
    return this.shown()
      .filter((issue) => issue.field === field)
      .map(({ sentence }) => sentence);
  }

  /** The sentences about all of it, which no field can show; each once. */
  ofForm(): readonly string[] {
    return [...new Set(this.of('form'))];
  }
}

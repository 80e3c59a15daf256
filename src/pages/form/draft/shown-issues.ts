import type { DraftIssue } from '../../bridge/contract.ts';

/**
 * Selects which issues of a draft are shown: those of fields that the user has visited, so that an empty form does not
 * start with errors, and all of them after an attempt to save.
 */
export class ShownIssues {
  readonly #touched = new Set<string>();
  #issues: readonly DraftIssue[] = [];
  #extent: 'touched' | 'all' = 'touched';

  /** Replaces the issues. */
  take(issues: readonly DraftIssue[]): void {
    this.#issues = issues;
  }

  /** Marks a field as visited. */
  touch(field: string): void {
    this.#touched.add(field);
  }

  showAll(): void {
    this.#extent = 'all';
  }

  /** Returns to the initial state: no issues, and no field visited. */
  forget(): void {
    this.#touched.clear();
    this.#issues = [];
    this.#extent = 'touched';
  }

  shown(): readonly DraftIssue[] {
    return this.#issues.filter(({ field }) => this.#extent === 'all' || this.#touched.has(field));
  }

  /** The sentences shown for one field. */
  of(field: DraftIssue['field']): readonly string[] {
    return this.shown()
      .filter((issue) => issue.field === field)
      .map(({ sentence }) => sentence);
  }

  /** The sentences about the whole form, each once. */
  ofForm(): readonly string[] {
    return [...new Set(this.of('form'))];
  }
}

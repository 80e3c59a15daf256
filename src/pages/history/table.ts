import { say } from '../../words/say.ts';
import type { HistoryEntry } from '../bridge/contract.ts';
import { button, element, tableHead, type Part } from '../elements/element.ts';
import { foreign } from '../elements/foreign-text.ts';
import { momentElement, sayMoment } from '../elements/moment.ts';
import { kindOf, sayKind } from './kinds.ts';
import { shapeOf } from './shapes.ts';

/** Few enough to be drawn quickly: 100,000 entries make 2,000 pages, each at the same cost. */
const PAGE_ENTRIES = 50;

/** All entries in words, newest first, one page at a time; drawn when the user opens it. */
export class HistoryTable {
  readonly node = element('details', { class: 'history' });
  readonly #summary = element('summary');
  readonly #rows = element('tbody');
  readonly #newer = button(say('page.table.newer'), () => this.#turn(-1), { class: 'button small' });
  readonly #older = button(say('page.table.older'), () => this.#turn(1), { class: 'button small' });
  readonly #where = element('span', { 'aria-live': 'polite' });
  #entries: readonly HistoryEntry[] = [];
  #page = 0;

  constructor() {
    const titles = [say('page.table.when'), say('page.table.what'), say('page.table.more')];
    this.node.append(
      this.#summary,
      element('table', {}, tableHead(titles), this.#rows),
      element('div', { class: 'pages' }, this.#newer, this.#where, this.#older),
    );
    this.node.addEventListener('toggle', () => this.#fill());
  }

  show(entries: readonly HistoryEntry[]): void {
    this.#entries = entries;
    this.#summary.textContent = say('page.table.title', { count: entries.length.toLocaleString() });
    this.node.classList.toggle('gone', entries.length === 0);
    this.#turn(0);
  }

  #turn(by: -1 | 0 | 1): void {
    this.#page = Math.min(Math.max(this.#page + by, 0), this.#lastPage());
    this.#fill();
  }

  #lastPage(): number {
    return Math.max(0, Math.ceil(this.#entries.length / PAGE_ENTRIES) - 1);
  }

  #fill(): void {
    if (!this.node.open) return;
    const end = this.#entries.length - this.#page * PAGE_ENTRIES;
    const shown = this.#entries.slice(Math.max(0, end - PAGE_ENTRIES), end).reverse();
    this.#rows.replaceChildren(...shown.map(row));
    const last = this.#lastPage();
    this.#where.textContent = say('page.table.page', {
      page: (this.#page + 1).toLocaleString(),
      pages: (last + 1).toLocaleString(),
    });
    this.#newer.setAttribute('aria-disabled', String(this.#page === 0));
    this.#older.setAttribute('aria-disabled', String(this.#page === last));
  }
}

function row(entry: HistoryEntry): HTMLElement {
  const kind = kindOf(entry);
  return element(
    'tr',
    {},
    element('td', {}, momentElement(entry.at, sayMoment(entry.at))),
    element('td', {}, element('span', { class: 'kind' }, shapeOf(kind), sayKind(kind))),
    element('td', {}, moreOf(entry)),
  );
}

function moreOf(entry: HistoryEntry): Part | undefined {
  switch (entry.kind) {
    case 'signed-in':
    case 'refreshed':
      return say('token.good-until', { time: sayMoment(entry.expiresOn) });
    case 'failed':
    case 'sign-in-needed':
      return foreign(entry.problem);
    case 'signed-out':
      return undefined;
  }
}

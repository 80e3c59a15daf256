import { say } from '../../words/say.ts';
import type { HistoryEntry } from '../bridge/contract.ts';
import { element, type Part } from '../elements/element.ts';
import { foreign } from '../elements/foreign-text.ts';
import { kindOf, sayKind } from './kinds.ts';
import { shapeOf } from './shapes.ts';
import { momentElement, sayMoment } from '../elements/moment.ts';

/** As many as are quickly made anew: with 100,000 entries there are 2,000 pages, and each costs the same. */
const PAGE_ENTRIES = 50;

/** Every entry in words, newest first, a page at a time; made when it is opened. */
export class HistoryTable {
  readonly node = element('details', { class: 'history' });
  readonly #summary = element('summary');
  readonly #rows = element('tbody');
  readonly #newer = pageButton(say('page.table.newer'));
  readonly #older = pageButton(say('page.table.older'));
  readonly #where = element('span', { 'aria-live': 'polite' });
  #entries: readonly HistoryEntry[] = [];
  #page = 0;

  constructor() {
    const heads = [say('page.table.when'), say('page.table.what'), say('page.table.more')];
    const table = element(
      'table',
      {},
      element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
      this.#rows,
    );
    const pages = element('div', { class: 'pages' }, this.#newer, this.#where, this.#older);
    this.node.append(this.#summary, table, pages);
    this.node.addEventListener('toggle', () => this.#fill());
    this.#newer.addEventListener('click', () => this.#turn(-1));
    this.#older.addEventListener('click', () => this.#turn(1));
  }

  show(entries: readonly HistoryEntry[]): void {
    this.#entries = entries;
    this.#page = Math.min(this.#page, this.#lastPage());
    const count = entries.length.toLocaleString();
    this.#summary.textContent = say('page.table.title', { count });
    this.node.classList.toggle('gone', entries.length === 0);
    this.#fill();
  }

  #lastPage(): number {
    return Math.max(0, Math.ceil(this.#entries.length / PAGE_ENTRIES) - 1);
  }

  #turn(by: -1 | 1): void {
    this.#page = Math.min(Math.max(this.#page + by, 0), this.#lastPage());
    this.#fill();
  }

  #fill(): void {
    if (!this.node.open) return;
    const end = this.#entries.length - this.#page * PAGE_ENTRIES;
    const shown = this.#entries.slice(Math.max(0, end - PAGE_ENTRIES), end).reverse();
    this.#rows.replaceChildren(...shown.map(row));
    const pages = this.#lastPage() + 1;
    this.#where.textContent = say('page.table.page', {
      page: (this.#page + 1).toLocaleString(),
      pages: pages.toLocaleString(),
    });
    this.#newer.setAttribute('aria-disabled', String(this.#page === 0));
    this.#older.setAttribute('aria-disabled', String(this.#page === pages - 1));
  }
}

function pageButton(label: string): HTMLButtonElement {
  return element('button', { type: 'button', class: 'button small' }, label);
}

function row(entry: HistoryEntry): HTMLElement {
  const kind = kindOf(entry);
  return element(
    'tr',
    {},
    element('td', {}, momentElement(entry.at, sayMoment(entry.at))),
    element('td', {}, element('span', { class: 'kind' }, shapeOf(kind), sayKind(kind))),
    element('td', {}, ...moreOf(entry)),
  );
}

function moreOf(entry: HistoryEntry): readonly Part[] {
  switch (entry.kind) {
    case 'signed-in':
    case 'refreshed':
      return [say('token.good-until', { time: sayMoment(entry.expiresOn) })];
    case 'failed':
    case 'sign-in-needed':
      return [foreign(entry.problem)];
    case 'signed-out':
      return [];
  }
}

import { element } from './element.ts';
import { nextIndex } from './roving.ts';

/** What a {@link TabList} shows and does. */
export interface TabListOptions<Item> {
  /** The class of the list. */
  readonly look: string;
  readonly label: string;
  /** The id of the panel that the tabs switch. */
  readonly panel: string;
  readonly keyOf: (item: Item) => string;
  /** Makes an item's tab: a button. */
  readonly make: (item: Item) => HTMLElement;
  /** Called with the item that the user chose. */
  readonly choose: (item: Item) => void;
}

/** Vertical tabs (WAI-ARIA APG, Tabs): the Tab key stops once at the list, arrow keys move within it. */
export class TabList<Item> {
  readonly node: HTMLElement;
  readonly #options: TabListOptions<Item>;
  #items: readonly Item[] = [];
  #shown = '';
  #chosen = '';

  constructor(options: TabListOptions<Item>) {
    this.#options = options;
    this.node = element('div', {
      class: options.look,
      role: 'tablist',
      'aria-orientation': 'vertical',
      'aria-label': options.label,
    });
    this.node.addEventListener('click', (event) => this.#pick(this.#indexOf(event.target)));
    this.node.addEventListener('keydown', (event) => {
      const to = nextIndex(event.key, this.#indexOf(event.target), this.#items.length);
      if (to === undefined) return;
      event.preventDefault();
      this.#pick(to);
    });
  }

  /** Tabs are made again only if the items, which are plain data, have changed. */
  show(items: readonly Item[], chosen: string): void {
    const shown = JSON.stringify(items);
    const isAnother = chosen !== this.#chosen;
    if (shown === this.#shown && !isAnother) return;
    const hadFocus = this.node.contains(document.activeElement);
    if (shown !== this.#shown) this.node.replaceChildren(...items.map((item) => this.#tab(item)));
    this.#shown = shown;
    this.#chosen = chosen;
    this.#items = items;
    for (const [index, item] of items.entries()) {
      const isChosen = this.#options.keyOf(item) === chosen;
      this.node.children[index]?.setAttribute('aria-selected', String(isChosen));
      this.node.children[index]?.setAttribute('tabindex', isChosen ? '0' : '-1');
    }
    const current = this.#selected();
    if (current === null) return;
    if (isAnother) scrollWithin(this.node, current);
    if (hadFocus) current.focus({ preventScroll: !isAnother });
  }

  #tab(item: Item): HTMLElement {
    const tab = this.#options.make(item);
    tab.setAttribute('role', 'tab');
    tab.setAttribute('aria-controls', this.#options.panel);
    return tab;
  }

  #pick(index: number): void {
    const item = this.#items[index];
    if (item === undefined) return;
    this.#options.choose(item);
    this.#selected()?.focus();
  }

  #selected(): HTMLElement | null {
    return this.node.querySelector<HTMLElement>('[aria-selected="true"]');
  }

  #indexOf(target: EventTarget | null): number {
    return [...this.node.children].findIndex((tab) => target instanceof Node && tab.contains(target));
  }
}

/** Scrolls only the list: `scrollIntoView` would scroll the page too, away from the field being typed in. */
function scrollWithin(list: HTMLElement, item: Element): void {
  const shown = list.getBoundingClientRect();
  const { top, bottom } = item.getBoundingClientRect();
  if (top < shown.top) list.scrollTop -= shown.top - top;
  else if (bottom > shown.bottom) list.scrollTop += bottom - shown.bottom;
}

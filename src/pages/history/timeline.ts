import { say } from '../../words/say.ts';
import type { HistoryView } from '../bridge/contract.ts';
import { element } from '../elements/element.ts';
import { HISTORY_KINDS, sayKind, type HistoryKind } from './kinds.ts';
import { shapeOf } from './shapes.ts';
import { sayDay, sayMoment, sayRange } from '../elements/moment.ts';
import { nextIndex } from '../elements/roving.ts';
import { heaviestOf, weekOf, type Day, type Part, type Span } from './week.ts';

/** The smallest size of a pointer target (WCAG 2.2, 2.5.8). */
const LEAST_PX = 24;

/** Lengths of a day's parts that divide 24 evenly, finest first. */
const PART_HOURS = [1, 2, 3, 4, 6] as const;

/** The hours shown above the days. */
const SCALE_HOURS = [0, 6, 12, 18, 24] as const;

/**
 * The week as a picture: one line per day, from midnight to midnight, so that daily events line up in a column. Events
 * close together share one mark; its details are shown below the picture while it has the focus or the pointer.
 */
export class Timeline {
  readonly node = element('div', { class: 'timeline' });
  readonly #days = element('div', { class: 'days', role: 'group', 'aria-label': say('page.week') });
  /** Hidden from screen readers, which read the same from the marks. */
  readonly #details = element('div', { class: 'details', 'aria-hidden': 'true' });
  readonly #legend = element('ul', { class: 'legend' });
  #view: HistoryView | undefined;
  #partHours: number = PART_HOURS[0];
  #parts: readonly Part[] = [];
  #marks: readonly HTMLElement[] = [];
  /** The mark that the Tab key reaches. */
  #current = 0;

  constructor() {
    this.node.append(scale(), this.#days, this.#details, this.#legend);
    this.#days.addEventListener('keydown', (event) => this.#move(event));
    for (const type of ['focusin', 'pointerover'])
      this.#days.addEventListener(type, (event) => this.#tell(this.#indexOf(event.target)));
    this.#days.addEventListener('click', (event) => this.#stopAt(this.#indexOf(event.target)));
    new ResizeObserver(() => this.#fit()).observe(this.#days);
  }

  show(view: HistoryView): void {
    this.#view = view;
    this.#draw();
  }

  /** Divides the days into fewer, longer parts if there is less room. */
  #fit(): void {
    const width = this.#days.querySelector('.track')?.clientWidth ?? 0;
    if (width === 0) return;
    const hours = PART_HOURS.find((each) => (width / 24) * each >= LEAST_PX) ?? PART_HOURS[4];
    if (hours === this.#partHours) return;
    this.#partHours = hours;
    this.#draw();
  }

  #draw(): void {
    if (this.#view === undefined) return;
    const hadFocus = this.#days.contains(document.activeElement);
    const before = this.#parts[this.#current]?.from;
    const days = weekOf(this.#view, this.#partHours);
    this.#parts = days.flatMap(({ parts }) => parts);
    this.#days.replaceChildren(...days.map(dayLine));
    this.#marks = [...this.#days.querySelectorAll<HTMLElement>('.part')];
    const kept = before === undefined ? -1 : this.#parts.findIndex(({ to }) => to > before);
    this.#current = kept === -1 ? Math.max(0, this.#parts.length - 1) : kept;
    this.#marks[this.#current]?.setAttribute('tabindex', '0');
    if (hadFocus) this.#marks[this.#current]?.focus();
    this.#tell(this.#current);
    this.#explain(days);
    this.#fit();
  }

  /** Explains only the kinds in the picture. */
  #explain(days: readonly Day[]): void {
    const there = new Set<HistoryKind>(this.#parts.flatMap(({ counts }) => [...counts.keys()]));
    const items = HISTORY_KINDS.filter((kind) => there.has(kind)).map((kind) =>
      element('li', {}, shapeOf(kind), sayKind(kind)),
    );
    if (days.some(({ usable }) => usable.length > 0))
      items.unshift(element('li', {}, element('span', { class: 'usable sample' }), say('page.week.usable')));
    this.#legend.replaceChildren(...items);
  }

  #move(event: KeyboardEvent): void {
    const from = this.#indexOf(event.target);
    const to = this.#besides(event.key, from) ?? nextIndex(event.key, from, this.#marks.length);
    if (to === undefined) return;
    event.preventDefault();
    this.#stopAt(to);
    this.#marks[to]?.focus();
  }

  /** Arrow up and down: the nearest mark of another day. */
  #besides(key: string, from: number): number | undefined {
    const here = this.#marks[from];
    if (here === undefined || (key !== 'ArrowUp' && key !== 'ArrowDown')) return undefined;
    const step = key === 'ArrowUp' ? -1 : 1;
    const dayOf = (mark: HTMLElement): Element | null => mark.closest('.day');
    const first = this.#marks.findIndex(
      (_, index) => dayOf(this.#marks[from + step * (index + 1)] ?? here) !== dayOf(here),
    );
    const target = this.#marks[from + step * (first + 1)];
    if (first === -1 || target === undefined) return from;
    const left = here.offsetLeft;
    const own = this.#marks.filter((mark) => dayOf(mark) === dayOf(target));
    const near = own.reduce((best, mark) =>
      Math.abs(mark.offsetLeft - left) < Math.abs(best.offsetLeft - left) ? mark : best,
    );
    return this.#marks.indexOf(near);
  }

  #stopAt(index: number): void {
    if (this.#marks[index] === undefined) return;
    this.#marks[this.#current]?.setAttribute('tabindex', '-1');
    this.#current = index;
    this.#marks[index].setAttribute('tabindex', '0');
  }

  #tell(index: number): void {
    const part = this.#parts[index];
    if (part === undefined) {
      if (this.#parts.length === 0) this.#details.replaceChildren(say('page.week.empty'));
      return;
    }
    const counts = [...part.counts];
    const items = counts.map(([kind, count]) => element('li', {}, shapeOf(kind), sayCount(kind, count)));
    this.#details.replaceChildren(
      element('p', { class: 'strong' }, whenOf(part)),
      element('ul', {}, ...items),
      ...part.gaps.map((gap) => element('p', { class: 'soft' }, sayGap(gap))),
    );
  }

  #indexOf(target: EventTarget | null): number {
    const mark = target instanceof Element ? target.closest<HTMLElement>('.part') : null;
    return mark === null ? -1 : this.#marks.indexOf(mark);
  }
}

function scale(): HTMLElement {
  const labels = SCALE_HOURS.map((hour) => {
    const label = element('span', {}, String(hour).padStart(2, '0'));
    label.style.left = `${(hour / 24) * 100}%`;
    return label;
  });
  return element('div', { class: 'scale', 'aria-hidden': 'true' }, ...labels);
}

function dayLine(day: Day): HTMLElement {
  const place = (look: string, span: Span): HTMLElement =>
    placed(element('span', { class: look }), span, day);
  const track = element(
    'div',
    { class: 'track' },
    place('seen', day.seen),
    ...day.usable.map((span) => place('usable', span)),
    ...day.gaps.map((span) => place('gap-span', span)),
    ...day.parts.map((part) => partButton(part, day)),
  );
  return element('div', { class: 'day' }, element('span', { class: 'day-name' }, sayDay(day.from)), track);
}

function partButton(part: Part, day: Day): HTMLElement {
  const shape = shapeOf(heaviestOf(part));
  shape.style.left = `${((part.at - part.from) / (part.to - part.from)) * 100}%`;
  const label = [
    whenOf(part),
    ...[...part.counts].map(([kind, count]) => sayCount(kind, count)),
    ...part.gaps.map(sayGap),
  ].join(', ');
  const attributes = { type: 'button', class: 'part', tabindex: '-1', 'aria-label': label };
  return placed(element('button', attributes, shape), part, day);
}

/** Placed by script: the page's content security policy allows no styles in markup. */
function placed<Placed extends HTMLElement>(node: Placed, { from, to }: Span, day: Span): Placed {
  const length = day.to - day.from;
  node.style.left = `${((from - day.from) / length) * 100}%`;
  node.style.width = `${((to - from) / length) * 100}%`;
  return node;
}

function whenOf(part: Part): string {
  return part.only === undefined ? sayRange(part.from, part.to) : sayMoment(part.only.at);
}

function sayCount(kind: HistoryKind, count: number): string {
  const what = sayKind(kind);
  return count === 1 ? what : say('page.week.times', { what, count });
}

function sayGap({ from, to }: Span): string {
  return say('page.week.gap', { range: sayRange(from, to) });
}

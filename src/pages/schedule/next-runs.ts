import { say } from '../../words/say.ts';
import { element } from '../elements/element.ts';
import { isolated } from '../elements/foreign-text.ts';
import { momentElement } from '../elements/moment.ts';
import { homeZone, isZone } from './zones.ts';

/** The next runs of a schedule, in its own zone and in this machine's. */
export class NextRuns {
  readonly node = element('div', { class: 'runs' });
  readonly #said = element('p', { class: 'unseen', role: 'status' });
  readonly #table = element('div');

  constructor() {
    this.node.append(this.#said, this.#table);
  }

  /** @param at milliseconds since the epoch, in order; empty: nothing to show */
  show(at: readonly number[], timeZone: string): void {
    const [first] = at;
    this.#table.replaceChildren(...(first === undefined ? [] : [tableOf(at, timeZone)]));
    // Only the next one is said: the table would be read anew with each letter.
    this.#said.textContent =
      first === undefined
        ? ''
        : say('settings-page.schedule.next', {
            time: inZone(timeZone).format(first),
            zone: isolated(timeZone),
          });
  }
}

function tableOf(at: readonly number[], timeZone: string): HTMLElement {
  const home = homeZone();
  // What only the main process knows as a zone is said in this machine's.
  const zones = timeZone === home || !isZone(timeZone) ? [home] : [timeZone, home];
  const formats = zones.map(inZone);
  const heads = zones.map((zone) =>
    zone === home
      ? say('settings-page.schedule.here', { zone: isolated(zone) })
      : say('settings-page.schedule.there', { zone: isolated(zone) }),
  );
  const rows = at.map((each) =>
    element(
      'tr',
      {},
      ...formats.map((format) => element('td', {}, momentElement(each, format.format(each)))),
    ),
  );
  return element(
    'table',
    {},
    element('caption', {}, say('settings-page.schedule.runs', { count: at.length })),
    element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
    element('tbody', {}, ...rows),
  );
}

function inZone(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(undefined, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(isZone(timeZone) ? { timeZone } : {}),
  });
}

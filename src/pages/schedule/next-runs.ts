import { say } from '../../words/say.ts';
import { element, tableHead } from '../elements/element.ts';
import { isolated } from '../elements/foreign-text.ts';
import { DAY_AND_TIME, momentElement } from '../elements/moment.ts';
import { homeZone, isZone } from './zones.ts';

/** The next runs of a schedule, in its own time zone and in this machine's. */
export class NextRuns {
  readonly node = element('div', { class: 'runs' });
  readonly #said = element('p', { class: 'unseen', role: 'status' });
  readonly #table = element('div');

  constructor() {
    this.node.append(this.#said, this.#table);
  }

  /** @param at milliseconds since the epoch, in order; may be empty */
  show(at: readonly number[], timeZone: string): void {
    const [first] = at;
    this.#table.replaceChildren(...(first === undefined ? [] : [tableOf(at, timeZone)]));
    // Screen readers hear the next run only: they would read the whole table again after each letter.
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
  // A zone that only the main process knows is left out.
  const zones = timeZone === home || !isZone(timeZone) ? [home] : [timeZone, home];
  const titles = zones.map((zone) =>
    zone === home
      ? say('settings-page.schedule.here', { zone: isolated(zone) })
      : say('settings-page.schedule.there', { zone: isolated(zone) }),
  );
  const formats = zones.map(inZone);
  const rows = at.map((each) => {
    const cells = formats.map((format) => element('td', {}, momentElement(each, format.format(each))));
    return element('tr', {}, ...cells);
  });
  return element(
    'table',
    {},
    element('caption', {}, say('settings-page.schedule.runs', { count: at.length })),
    tableHead(titles),
    element('tbody', {}, ...rows),
  );
}

function inZone(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(undefined, { ...DAY_AND_TIME, ...(isZone(timeZone) ? { timeZone } : {}) });
}

import { say } from '../../words/say.ts';
import { messageOf } from '../actions/actions.ts';
import type { PageApi } from '../bridge/api.ts';
import type { DraftAsked, TestLine } from '../bridge/contract.ts';
import { drawn, element } from '../elements/element.ts';

type LineKind = TestLine['kind'] | 'waiting';

/** The lines in the order in which they are tried, and how each is called. */
const LINES = [
  ['network', 'settings-page.test.network'],
  ['discovery', 'settings-page.test.discovery'],
  ['clock', 'settings-page.test.clock'],
  ['redirect-uri', 'settings-page.test.redirect-uri'],
  ['credential', 'settings-page.test.credential'],
  ['storage', 'settings-page.test.storage'],
] as const satisfies readonly (readonly [TestLine['name'], string])[];

const KINDS = {
  waiting: 'settings-page.test.kind.waiting',
  ok: 'settings-page.test.kind.ok',
  trouble: 'settings-page.test.kind.trouble',
  skipped: 'settings-page.test.kind.skipped',
} as const satisfies Record<LineKind, string>;

/** What tells the kinds apart without their colours; drawn in a square of 16. */
const SHAPES = {
  waiting: 'M8 2a6 6 0 0 1 6 6',
  ok: 'M3 8.5 6.5 12 13 4.5',
  trouble: 'M8 3v6M8 12v1',
  skipped: 'M4 8h8',
} as const satisfies Record<LineKind, string>;

/** Every run on the page is one of its own, whichever form began it. */
let runs = 0;

/** “Test connection”: a line for each thing that is tried, as soon as it is known. */
export class TestLines {
  readonly node: HTMLElement;
  readonly #api: Pick<PageApi, 'draft.test'>;
  readonly #asked: () => Promise<DraftAsked | undefined>;
  readonly #button = element('button', { type: 'button', class: 'button' }, say('settings-page.test.do'));
  readonly #list = element('ul', { class: 'test-lines' });
  readonly #said = element('p', { class: 'soft test-said', role: 'status' });
  readonly #note = element('p', { class: 'soft' });
  #state: 'untried' | 'testing' | 'tested' = 'untried';
  #run = 0;
  #lines = new Map<TestLine['name'], TestLine>();

  /** `asked`: what is to be tried; undefined where it must be mended before. */
  constructor(api: Pick<PageApi, 'draft.test'>, asked: () => Promise<DraftAsked | undefined>) {
    this.#api = api;
    this.#asked = asked;
    this.#button.addEventListener('click', () => void this.#test());
    this.node = element(
      'section',
      { class: 'card form-part' },
      element('h3', {}, say('settings-page.test')),
      element('p', { class: 'soft' }, say('settings-page.test.text')),
      element('div', { class: 'actions' }, this.#button, this.#said),
      this.#list,
      this.#note,
    );
  }

  /** A line that has come; of whichever run. */
  take(run: number, line: TestLine): void {
    if (run !== this.#run || this.#state !== 'testing') return;
    this.#lines.set(line.name, line);
    this.#draw();
  }

  /** Something was changed: what is shown is of before that. */
  outdate(): void {
    if (this.#state === 'untried') return;
    this.#note.textContent = say('settings-page.test.outdated');
  }

  async #test(): Promise<void> {
    if (this.#state === 'testing') return;
    runs += 1;
    this.#run = runs;
    this.#state = 'testing';
    this.#lines = new Map();
    this.#note.textContent = '';
    this.#mark();
    try {
      const asked = await this.#asked();
      this.#draw();
      this.#list.scrollIntoView({ block: 'nearest' });
      if (asked === undefined) this.#reset();
      else await this.#try(asked);
    } catch (error) {
      this.#reset();
      this.#said.textContent = say('settings-page.test.failed');
      this.#list.replaceChildren(
        element('li', { class: 'problem' }, element('p', { dir: 'auto' }, messageOf(error))),
      );
    }
    this.#mark();
  }

  async #try(asked: DraftAsked): Promise<void> {
    const lines = await this.#api['draft.test']({ ...asked, run: this.#run });
    this.#lines = new Map(lines.map((line) => [line.name, line]));
    this.#state = 'tested';
    this.#draw();
    this.#said.textContent = verdictOf(lines);
  }

  #reset(): void {
    this.#state = 'untried';
    this.#said.textContent = '';
    this.#note.textContent = '';
    this.#list.replaceChildren();
  }

  #mark(): void {
    const isBusy = this.#state === 'testing';
    this.#button.setAttribute('aria-disabled', String(isBusy));
    this.#button.classList.toggle('busy', isBusy);
    this.#list.setAttribute('aria-busy', String(isBusy));
  }

  #draw(): void {
    if (this.#state === 'testing') {
      const progress = { done: this.#lines.size, all: LINES.length };
      this.#said.textContent = say('settings-page.test.running', progress);
    }
    // What was not tried at all is not waited for any more.
    const shown = LINES.filter(([name]) => this.#state === 'testing' || this.#lines.has(name));
    this.#list.replaceChildren(
      ...shown.map(([name, title]) => lineElement(say(title), this.#lines.get(name))),
    );
  }
}

/** What a whole test comes to, as a sentence. A line that was skipped or did not come was not tested. Pure. */
export function verdictOf(lines: readonly TestLine[]): string {
  const all = LINES.length;
  const countOf = (kind: TestLine['kind']): number => lines.filter((line) => line.kind === kind).length;
  const troubles = countOf('trouble');
  if (troubles > 0) return say('settings-page.test.trouble', { count: troubles, all });
  const untested = all - countOf('ok');
  if (untested === 0) return say('settings-page.test.well');
  if (untested >= all) return say('settings-page.test.nothing');
  return say('settings-page.test.partly', { count: untested, all });
}

function lineElement(title: string, line: TestLine | undefined): HTMLElement {
  const kind = line?.kind ?? 'waiting';
  const next = line?.next === undefined ? [] : [element('p', { class: 'soft', dir: 'auto' }, line.next)];
  return element(
    'li',
    { class: 'test-line', 'data-kind': kind },
    drawn(
      'svg',
      { class: 'test-mark', viewBox: '0 0 16 16', role: 'img', 'aria-label': say(KINDS[kind]) },
      drawn('path', { d: SHAPES[kind] }),
    ),
    element(
      'div',
      {},
      element('p', { class: 'strong' }, title),
      ...(line === undefined ? [] : [element('p', { dir: 'auto' }, line.said)]),
      ...next,
    ),
  );
}

import { say } from '../../words/say.ts';
import { messageOf } from '../actions/act.ts';
import type { PageApi } from '../bridge/api.ts';
import type { DraftAsked, TestLine } from '../bridge/contract.ts';
import { formPart } from '../elements/card.ts';
import { button, element, icon, paragraphs } from '../elements/element.ts';

/** The names of the tests, in the order in which they run. */
const LINES = [
  ['network', 'settings-page.test.network'],
  ['discovery', 'settings-page.test.discovery'],
  ['clock', 'settings-page.test.clock'],
  ['redirect-uri', 'settings-page.test.redirect-uri'],
  ['credential', 'settings-page.test.credential'],
  ['storage', 'settings-page.test.storage'],
] as const satisfies readonly (readonly [TestLine['name'], string])[];

/** The name of each kind of result, and a shape that distinguishes it without color. */
const KINDS = {
  waiting: ['settings-page.test.kind.waiting', 'M8 2a6 6 0 0 1 6 6'],
  ok: ['settings-page.test.kind.ok', 'M3 8.5 6.5 12 13 4.5'],
  trouble: ['settings-page.test.kind.trouble', 'M8 3v6M8 12v1'],
  skipped: ['settings-page.test.kind.skipped', 'M4 8h8'],
} as const satisfies Record<TestLine['kind'] | 'waiting', readonly [name: string, path: string]>;

/** Numbers the runs across all forms of the page. */
let runs = 0;

/** “Test connection”: one line per test, shown as soon as its result is known. */
export class TestLines {
  readonly node: HTMLElement;
  readonly #api: Pick<PageApi, 'draft.test'>;
  readonly #asked: () => Promise<DraftAsked | undefined>;
  readonly #button = button(say('settings-page.test.do'), () => void this.#test());
  readonly #list = element('ul', { class: 'test-lines' });
  readonly #said = element('p', { class: 'soft test-said', role: 'status' });
  readonly #note = element('p', { class: 'soft' });
  #state: 'untried' | 'testing' | 'tested' = 'untried';
  #run = 0;
  #lines = new Map<TestLine['name'], TestLine>();

  /** `asked`: the draft to test; undefined if it must be fixed first. */
  constructor(api: Pick<PageApi, 'draft.test'>, asked: () => Promise<DraftAsked | undefined>) {
    this.#api = api;
    this.#asked = asked;
    this.node = formPart(
      say('settings-page.test'),
      element('p', { class: 'soft' }, say('settings-page.test.text')),
      element('div', { class: 'actions' }, this.#button, this.#said),
      this.#list,
      this.#note,
    );
  }

  /** Takes a result; those of other runs are ignored. */
  take(run: number, line: TestLine): void {
    if (run !== this.#run || this.#state !== 'testing') return;
    this.#lines.set(line.name, line);
    this.#draw();
  }

  /** The draft has changed since the test. */
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
      this.#list.replaceChildren(element('li', { class: 'problem' }, ...paragraphs([messageOf(error)])));
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
    // After the run, a line without a result is not shown as waiting.
    const shown = LINES.filter(([name]) => this.#state === 'testing' || this.#lines.has(name));
    this.#list.replaceChildren(
      ...shown.map(([name, title]) => lineElement(say(title), this.#lines.get(name))),
    );
  }
}

/** The result of a whole test as a sentence. A line that was skipped or is missing was not tested. Pure. */
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
  const [name, path] = KINDS[kind];
  const words = element(
    'div',
    {},
    element('p', { class: 'strong' }, title),
    line !== undefined && element('p', { dir: 'auto' }, line.said),
    line?.next !== undefined && element('p', { class: 'soft', dir: 'auto' }, line.next),
  );
  const mark = icon(path, { class: 'test-mark', role: 'img', 'aria-label': say(name) });
  return element('li', { class: 'test-line', 'data-kind': kind }, mark, words);
}

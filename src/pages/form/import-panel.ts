import { say } from '../../words/say.ts';
import { messageOf } from '../actions/actions.ts';
import type { PageApi } from '../bridge/api.ts';
import type { DraftRead } from '../bridge/contract.ts';
import { element } from '../elements/element.ts';

/** As ENV_MAX_BYTES of the reader; a page reads no more than that of a file into its memory. */
const TEXT_MAX_BYTES = 1_000_000;

/** What was read of a text. */
export type Filled = Extract<DraftRead, { readonly kind: 'read' }>;

/**
 * The ways by which a registration comes that is already written somewhere: a `.env` that is dropped or chosen, and
 * values that are pasted. What is pasted is read at once and stands nowhere, as there may be a secret in it.
 */
export class ImportPanel {
  readonly node = element('div', { class: 'bring' });
  readonly #api: Pick<PageApi, 'draft.read' | 'draft.read-file'>;
  readonly #fill: (read: Filled) => Promise<void>;
  readonly #said = element('div', { class: 'bring-said', role: 'status' });
  readonly #text = element('textarea', { rows: '2', autocomplete: 'off', spellcheck: 'false' });
  #state: 'idle' | 'reading' = 'idle';

  /** `fill` is given what was read, and answers when it is filled in. `begin`, where it is given, leads to the form for whoever has nothing to bring. */
  constructor(
    api: Pick<PageApi, 'draft.read' | 'draft.read-file'>,
    fill: (read: Filled) => Promise<void>,
    begin?: () => void,
  ) {
    this.#api = api;
    this.#fill = fill;
    const choose = smallButton(say('settings-page.bring.file.do'), () => {
      void this.#read(() => this.#api['draft.read-file']());
    });
    const read = smallButton(say('settings-page.bring.paste.do'), () => void this.#readTyped());
    this.#text.addEventListener('paste', (event) => {
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (text === '') return;
      // What cannot be read now is pasted as everywhere, so that it is not lost.
      if (this.#state === 'reading') {
        this.#refuse([say('settings-page.bring.busy')]);
        return;
      }
      event.preventDefault();
      this.#text.value = '';
      void this.#readText(text);
    });
    this.#text.classList.add('control');
    this.#text.setAttribute('aria-label', say('settings-page.bring.paste.label'));
    const drop = way(say('settings-page.bring.file'), say('settings-page.bring.file.text'), choose);
    drop.classList.add('drop');
    const ways = [
      drop,
      way(say('settings-page.bring.paste'), say('settings-page.bring.paste.text'), this.#text, read),
    ];
    if (begin !== undefined)
      ways.push(
        way(
          say('settings-page.bring.fill'),
          say('settings-page.bring.fill.text'),
          smallButton(say('settings-page.bring.fill.do'), begin),
        ),
      );
    this.node.append(element('div', { class: 'ways' }, ...ways), this.#said);
  }

  /** Files that were dropped: one, and a small one. */
  takeFiles(files: readonly File[]): void {
    const [file] = files;
    if (file === undefined) this.#refuse([say('settings-page.bring.no-file')]);
    else if (files.length > 1) this.#refuse([say('settings-page.bring.one-file', { count: files.length })]);
    else if (file.size > TEXT_MAX_BYTES) this.#refuse([tooLarge(file.size)]);
    else void this.#readFile(file);
  }

  async #readFile(file: File): Promise<void> {
    const text = await file.text().catch(() => undefined);
    // A directory, or a file that went away meanwhile.
    if (text === undefined) this.#refuse([say('settings-page.bring.no-file')]);
    else await this.#read(() => this.#api['draft.read']({ text }));
  }

  async #readTyped(): Promise<void> {
    const text = this.#text.value;
    if (text.trim() === '') {
      this.#refuse([say('settings-page.bring.empty')]);
      this.#text.focus();
    } else await this.#readText(text);
  }

  async #readText(text: string): Promise<void> {
    const bytes = new Blob([text]).size;
    if (bytes > TEXT_MAX_BYTES) this.#refuse([tooLarge(bytes)]);
    else await this.#read(() => this.#api['draft.read']({ text }));
  }

  async #read(read: () => Promise<DraftRead>): Promise<void> {
    if (this.#state === 'reading') {
      this.#refuse([say('settings-page.bring.busy')]);
      return;
    }
    this.#state = 'reading';
    const typed = this.#text.value;
    this.#said.replaceChildren(element('p', { class: 'loading' }, say('settings-page.bring.reading')));
    try {
      await this.#take(await read(), typed);
    } catch (error) {
      this.#refuse([messageOf(error)]);
    } finally {
      this.#state = 'idle';
    }
  }

  /** `typed`: what stood in the text field when it was asked for. */
  async #take(read: DraftRead, typed: string): Promise<void> {
    switch (read.kind) {
      case 'cancelled':
        this.#said.replaceChildren();
        return;
      case 'refused':
        this.#refuse(read.sentences);
        return;
      case 'read':
        if (this.#text.value === typed) this.#text.value = '';
        await this.#fill(read);
        this.#said.replaceChildren(
          element(
            'div',
            { class: 'said' },
            element('p', { class: 'strong' }, say('settings-page.bring.read')),
            ...read.said.map((each) => element('p', { dir: 'auto' }, each)),
          ),
        );
        this.#said.scrollIntoView({ block: 'nearest' });
    }
  }

  #refuse(sentences: readonly string[]): void {
    this.#said.replaceChildren(
      element('div', { class: 'problem' }, ...sentences.map((each) => element('p', { dir: 'auto' }, each))),
    );
    this.#said.scrollIntoView({ block: 'nearest' });
  }
}

function tooLarge(bytes: number): string {
  const megabytes = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 }).format(bytes / 1_000_000);
  return say('settings-page.bring.too-large', { size: `${megabytes} MB` });
}

function way(title: string, text: string, ...what: readonly HTMLElement[]): HTMLElement {
  return element(
    'div',
    { class: 'way' },
    element('h3', {}, title),
    element('p', { class: 'soft' }, text),
    ...what,
  );
}

function smallButton(said: string, click: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', class: 'button' }, said);
  made.addEventListener('click', click);
  return made;
}

import { say } from '../../words/say.ts';
import { messageOf } from '../actions/act.ts';
import type { PageApi } from '../bridge/api.ts';
import type { DraftRead } from '../bridge/contract.ts';
import { button, element, paragraphs } from '../elements/element.ts';

/** The reader's limit (ENV_MAX_BYTES); the page does not load more than that into memory either. */
const TEXT_MAX_BYTES = 1_000_000;

/** What a text was found to contain. */
export type Filled = Extract<DraftRead, { readonly kind: 'read' }>;

/**
 * Imports a registration that is already written down: a `.env` file that is dropped or chosen, or pasted values.
 * Pasted text is read at once and not shown, since it may contain a secret.
 */
export class ImportPanel {
  readonly node = element('div', { class: 'bring' });
  readonly #api: Pick<PageApi, 'draft.read' | 'draft.read-file'>;
  readonly #fill: (read: Filled) => Promise<void>;
  readonly #said = element('div', { class: 'bring-said', role: 'status' });
  readonly #text = element('textarea', { rows: '2', autocomplete: 'off', spellcheck: 'false' });
  #state: 'idle' | 'reading' = 'idle';

  /** `fill` takes what was read and resolves when the form is filled in. `begin`, if given, leads to the empty form. */
  constructor(
    api: Pick<PageApi, 'draft.read' | 'draft.read-file'>,
    fill: (read: Filled) => Promise<void>,
    begin?: () => void,
  ) {
    this.#api = api;
    this.#fill = fill;
    this.#text.classList.add('control');
    this.#text.setAttribute('aria-label', say('settings-page.bring.paste.label'));
    this.#text.addEventListener('paste', (event) => this.#onPaste(event));
    const choose = button(
      say('settings-page.bring.file.do'),
      () => void this.#read(() => this.#api['draft.read-file']()),
    );
    const read = button(say('settings-page.bring.paste.do'), () => void this.#readTyped());
    const drop = way(say('settings-page.bring.file'), say('settings-page.bring.file.text'), choose);
    drop.classList.add('drop');
    const ways = [
      drop,
      way(say('settings-page.bring.paste'), say('settings-page.bring.paste.text'), this.#text, read),
    ];
    if (begin !== undefined) {
      const start = button(say('settings-page.bring.fill.do'), begin);
      ways.push(way(say('settings-page.bring.fill'), say('settings-page.bring.fill.text'), start));
    }
    this.node.append(element('div', { class: 'ways' }, ...ways), this.#said);
  }

  /** Reads dropped files; only a single small one is accepted. */
  takeFiles(files: readonly File[]): void {
    const [file] = files;
    if (file === undefined) this.#refuse([say('settings-page.bring.no-file')]);
    else if (files.length > 1) this.#refuse([say('settings-page.bring.one-file', { count: files.length })]);
    else if (file.size > TEXT_MAX_BYTES) this.#refuse([tooLarge(file.size)]);
    else void this.#readFile(file);
  }

  #onPaste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (text === '') return;
    // Text that cannot be read now is pasted normally, so that it is not lost.
    if (this.#state === 'reading') {
      this.#refuse([say('settings-page.bring.busy')]);
      return;
    }
    event.preventDefault();
    this.#text.value = '';
    void this.#readText(text);
  }

  async #readFile(file: File): Promise<void> {
    const text = await file.text().catch(() => undefined);
    // A directory, or a file that was removed in the meantime.
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

  /** `typed`: the content of the text field when the read started. */
  async #take(read: DraftRead, typed: string): Promise<void> {
    switch (read.kind) {
      case 'cancelled':
        this.#said.replaceChildren();
        return;
      case 'refused':
        this.#refuse(read.sentences);
        return;
      case 'read': {
        if (this.#text.value === typed) this.#text.value = '';
        await this.#fill(read);
        const title = element('p', { class: 'strong' }, say('settings-page.bring.read'));
        this.#show(element('div', { class: 'said' }, title, ...paragraphs(read.said)));
      }
    }
  }

  #refuse(sentences: readonly string[]): void {
    this.#show(element('div', { class: 'problem' }, ...paragraphs(sentences)));
  }

  #show(result: HTMLElement): void {
    this.#said.replaceChildren(result);
    this.#said.scrollIntoView({ block: 'nearest' });
  }
}

function tooLarge(bytes: number): string {
  const megabytes = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 }).format(bytes / 1_000_000);
  return say('settings-page.bring.too-large', { size: `${megabytes} MB` });
}

function way(title: string, text: string, ...controls: readonly HTMLElement[]): HTMLElement {
  const words = [element('h3', {}, title), element('p', { class: 'soft' }, text)];
  return element('div', { class: 'way' }, ...words, ...controls);
}

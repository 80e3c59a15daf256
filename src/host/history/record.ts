import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HistoryEntry } from '../../outlets/answer/history-body.ts';
import type { Log } from '../../system/log/log.ts';
import { readRegularFile } from '../../system/files/regular-file.ts';
import { writeWhole } from '../../system/files/whole-file.ts';
import { isNews, kept } from './entries.ts';
import { historyText, readHistory } from './text.ts';

/** A hundred times what we write; more than this is not read, let alone parsed. */
const MOST_BYTES = 16_000_000;

/**
 * The history of one profile, in memory and in a file. Whatever is wrong with the file is told in the log, once,
 * and the history goes on in memory.
 */
export class HistoryRecord {
  readonly #file: string;
  readonly #now: () => number;
  readonly #log: Log;
  #entries: readonly HistoryEntry[] = [];
  #state: 'saved' | 'unsaved' | 'in-memory' = 'saved';
  #told: string | undefined;
  /** What is still being read is not wanted any more. */
  #isCleared = false;
  #work: Promise<void>;

  /** Begins reading what earlier processes left; what is added meanwhile comes after it. */
  constructor(parts: { readonly file: string; readonly now: () => number; readonly log: Log }) {
    this.#file = parts.file;
    this.#now = parts.now;
    this.#log = parts.log;
    this.#work = this.#attempt(() => this.#load());
  }

  /** As they were written; what is read from the file is there when {@link ready} resolves. */
  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }

  get isUnsaved(): boolean {
    return this.#state === 'unsaved';
  }

  /** Resolves when whatever is under way with the file has ended. Never rejects. */
  ready(): Promise<void> {
    return this.#work;
  }

  /** Notes an entry, unless it is no news. */
  add(entry: HistoryEntry): void {
    if (!isNews(this.#entries, entry)) return;
    this.#entries = kept([...this.#entries, entry], this.#now());
    if (this.#state === 'saved') this.#state = 'unsaved';
  }

  /** The profile has left, and its history goes with it. */
  clear(): void {
    this.#entries = [];
    this.#isCleared = true;
    if (this.#state === 'saved') this.#state = 'unsaved';
  }

  /** Stores what is not stored yet; a file without entries goes. Never rejects. */
  save(): Promise<void> {
    this.#work = this.#work.then(() => this.#attempt(() => this.#save()));
    return this.#work;
  }

  async #load(): Promise<void> {
    const found = await readRegularFile(this.#file, MOST_BYTES);
    if (found.kind === 'refused') {
      if (found.detail !== 'ENOENT') await this.#setAside(found.detail);
      return;
    }
    const read = readHistory(found.text);
    switch (read.kind) {
      case 'damaged':
        await this.#setAside('it is damaged');
        return;
      case 'newer':
        this.#state = 'in-memory';
        this.#tell('it was written by a newer version, and stays as it is');
        return;
      case 'entries': {
        const meanwhile = this.#entries;
        if (this.#isCleared) return;
        this.#entries = kept(read.entries, this.#now());
        for (const entry of meanwhile) this.add(entry);
      }
    }
  }

  /** The last one that was set aside is enough: nothing in it helps anybody but whoever looks for the cause. */
  async #setAside(detail: string): Promise<void> {
    const aside = `${this.#file}.corrupt`;
    try {
      await rename(this.#file, aside);
      this.#log.warn('a history was set aside', { file: aside, detail });
    } catch (error) {
      this.#state = 'in-memory';
      throw error;
    }
  }

  async #save(): Promise<void> {
    if (this.#state !== 'unsaved') return;
    this.#state = 'saved';
    try {
      this.#entries = kept(this.#entries, this.#now());
      if (this.#entries.length === 0) {
        await rm(this.#file, { force: true });
        return;
      }
      await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
      await writeWhole(this.#file, historyText(this.#entries));
      this.#told = undefined;
    } catch (error) {
      this.#state = 'unsaved';
      throw error;
    }
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#tell(error instanceof Error ? error.message : String(error));
    }
  }

  #tell(detail: string): void {
    if (detail === this.#told) return;
    this.#told = detail;
    this.#log.warn('a history is kept in memory only', { file: this.#file, detail });
  }
}

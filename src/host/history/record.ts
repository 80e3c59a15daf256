import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HistoryEntry } from '../../outlets/answer/history-body.ts';
import type { Log } from '../../system/log/log.ts';
import { readRegularFile } from '../../system/files/regular-file.ts';
import { writeWhole } from '../../system/files/whole-file.ts';
import { isNews, kept } from './entries.ts';
import { historyText, readHistory } from './text.ts';
import { Queue } from '../../system/queue.ts';

/** A hundred times what we write; a larger file is not read. */
const MOST_BYTES = 16_000_000;

interface RecordParts {
  readonly file: string;
  readonly now: () => number;
  readonly log: Log;
}

/**
 * The history of one profile, in memory and in a file. A problem with the file is logged once, and the history
 * continues in memory.
 */
export class HistoryRecord {
  readonly #parts: RecordParts;
  #entries: readonly HistoryEntry[] = [];
  #state: 'saved' | 'unsaved' | 'in-memory' = 'saved';
  #told: string | undefined;
  /** Entries that are still being read are discarded. */
  #isCleared = false;
  readonly #work = new Queue();

  /** Begins to read the file of earlier processes. Entries added meanwhile come after its entries. */
  constructor(parts: RecordParts) {
    this.#parts = parts;
    void this.#do(() => this.#load());
  }

  /** In the order they were written. Those from the file are there when {@link ready} resolves. */
  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }

  get isUnsaved(): boolean {
    return this.#state === 'unsaved';
  }

  /** Resolves when reads and writes under way are done. Never rejects. */
  ready(): Promise<void> {
    return this.#work.idle();
  }

  /** Adds an entry unless it repeats what is known. */
  add(entry: HistoryEntry): void {
    if (!isNews(this.#entries, entry)) return;
    this.#entries = kept([...this.#entries, entry], this.#parts.now());
    if (this.#state === 'saved') this.#state = 'unsaved';
  }

  /** The profile was removed: deletes its history. */
  clear(): void {
    this.#entries = [];
    this.#isCleared = true;
    if (this.#state === 'saved') this.#state = 'unsaved';
  }

  /** Stores unsaved entries. A file without entries is deleted. Never rejects. */
  save(): Promise<void> {
    return this.#do(() => this.#save());
  }

  async #load(): Promise<void> {
    const found = await readRegularFile(this.#parts.file, MOST_BYTES);
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
        this.#entries = kept(read.entries, this.#parts.now());
        for (const entry of meanwhile) this.add(entry);
      }
    }
  }

  /** Keeps only the last file that was set aside: it serves only to find the cause. */
  async #setAside(detail: string): Promise<void> {
    const aside = `${this.#parts.file}.corrupt`;
    try {
      await rename(this.#parts.file, aside);
      this.#parts.log.warn('a history was set aside', { file: aside, detail });
    } catch (error) {
      this.#state = 'in-memory';
      throw error;
    }
  }

  async #save(): Promise<void> {
    if (this.#state !== 'unsaved') return;
    this.#state = 'saved';
    try {
      this.#entries = kept(this.#entries, this.#parts.now());
      if (this.#entries.length === 0) {
        await rm(this.#parts.file, { force: true });
        return;
      }
      await mkdir(dirname(this.#parts.file), { recursive: true, mode: 0o700 });
      await writeWhole(this.#parts.file, historyText(this.#entries));
      this.#told = undefined;
    } catch (error) {
      this.#state = 'unsaved';
      throw error;
    }
  }

  #do(work: () => Promise<void>): Promise<void> {
    return this.#work.run(work).catch((error: unknown) => {
      this.#tell(error instanceof Error ? error.message : String(error));
    });
  }

  #tell(detail: string): void {
    if (detail === this.#told) return;
    this.#told = detail;
    this.#parts.log.warn('a history is kept in memory only', { file: this.#parts.file, detail });
  }
}

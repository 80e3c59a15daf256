import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import type { Places } from '../../system/places.ts';
import { errorCode } from '../../system/files/error-code.ts';
import { temporaryFor, writeWhole } from '../../system/files/whole-file.ts';
import { Queue } from '../../system/queue.ts';

/** A text that was written to a token file, recognized by its hash. */
export interface WrittenVersion {
  readonly sha256: string;
  /** When its token expires; milliseconds since the epoch. */
  readonly expiresOn: number;
}

const recordSchema = v.object({
  version: v.literal(1),
  files: v.array(
    v.object({
      path: v.string(),
      versions: v.array(v.object({ sha256: v.string(), expiresOn: v.number() })),
    }),
  ),
});

/**
 * Records what was written where, for the next process: it removes a token file whose token has expired, and never
 * a file that something else wrote. Holds hashes and no tokens.
 */
export class TokenFileRecord {
  readonly path: string;
  #files: ReadonlyMap<string, readonly WrittenVersion[]> = new Map();
  readonly #saves = new Queue();

  constructor(places: Pick<Places, 'stateDirectory'>) {
    this.path = join(places.stateDirectory, 'token-files.json');
  }

  get paths(): readonly string[] {
    return [...this.#files.keys()];
  }

  versionsOf(path: string): readonly WrittenVersion[] {
    return this.#files.get(path) ?? [];
  }

  /** Reads the record of the last process. A damaged record counts as empty. Rejects with the file system's error. */
  async load(): Promise<void> {
    const result = v.safeParse(recordSchema, await readJson(this.path));
    const files = result.success ? result.output.files : [];
    this.#files = new Map(files.map(({ path, versions }) => [path, versions]));
  }

  /** Records what a file holds or is about to hold. Rejects with the file system's error. */
  note(path: string, versions: readonly WrittenVersion[]): Promise<void> {
    const files = new Map(this.#files);
    if (versions.length === 0) files.delete(path);
    else files.set(path, versions);
    this.#files = files;
    return this.#saves.run(() => this.#save());
  }

  async #save(): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const files = [...this.#files].map(([path, versions]) => ({ path, versions }));
    await writeWhole(this.path, `${JSON.stringify({ version: 1, files })}\n`, temporaryFor(this.path));
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

import { isDeepStrictEqual } from 'node:util';
import type { Agent } from '../../agent/agent.ts';
import type { Problem } from '../../words/problem.ts';
import type { Places } from '../../system/places.ts';
import type { TokenFile } from '../../config/profile/profile.ts';
import type { Log } from '../../system/log/log.ts';
import { errorCode } from '../../system/files/error-code.ts';
import type { ServedProfiles } from '../answer/host.ts';
import { TokenFileKeeper } from './keeper.ts';
import { TokenFileRecord } from './record.ts';
import { Queue } from '../../system/queue.ts';

export interface TokenFilesOptions {
  readonly profiles: ServedProfiles;
  /**
   * Undefined if the settings are invalid or ignored for this run. The files of earlier processes are left alone
   * then, until {@link TokenFiles.replace}.
   */
  readonly files: readonly TokenFile[] | undefined;
  readonly places: Pick<Places, 'stateDirectory'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
}

/**
 * Files that always hold a fresh token, for programs that can read nothing else. Each is written as a whole, 0600,
 * on every new token of its profile and scopes. It is removed at sign-out, when the session is revoked and when its
 * token expires, and stays when the host exits. Only texts written here are removed: a file changed since then is
 * left alone, and so is anything but a regular file of this user. A problem with a file does not disturb the
 * session: see {@link TokenFiles.troubles}.
 */
export class TokenFiles {
  readonly #options: TokenFilesOptions;
  readonly #record: TokenFileRecord;
  #keepers: readonly TokenFileKeeper[] = [];
  #unwatch: () => void = () => undefined;
  /** Starting, replacing and stopping run one after the other. */
  readonly #changes = new Queue();

  constructor(options: TokenFilesOptions) {
    this.#options = options;
    this.#record = new TokenFileRecord(options.places);
  }

  /**
   * Call once the sessions are restored: removes files of earlier processes that are not configured any more, then
   * begins to write. Never rejects.
   */
  start(): Promise<void> {
    return this.#changes.run(async () => {
      const { files } = this.#options;
      await this.#load();
      if (files !== undefined) await this.#keep(files);
      this.#unwatch = this.#options.profiles.watch((agent) => this.#look(agent));
    });
  }

  /** Replaces the list of files. What was written to files that are no longer listed is removed. */
  replace(files: readonly TokenFile[]): Promise<void> {
    return this.#changes.run(() => this.#keep(files));
  }

  /** Call when the host exits: files stay while their tokens are valid. Resolves when pending writes are done. */
  stop(): Promise<void> {
    return this.#changes.run(async () => {
      this.#unwatch();
      await Promise.all(this.#keepers.map((keeper) => keeper.end()));
    });
  }

  /** The problems with the files of a profile, for its status. */
  troubles(profileId: string): readonly Problem[] {
    return this.#keepers
      .filter(({ file }) => file.profile === profileId)
      .flatMap(({ trouble }) => (trouble === undefined ? [] : [trouble]));
  }

  async #load(): Promise<void> {
    try {
      await this.#record.load();
    } catch (error) {
      this.#options.log.warn('token files', { path: this.#record.path, detail: errorCode(error) });
    }
  }

  async #keep(files: readonly TokenFile[]): Promise<void> {
    const kept = this.#keepers.filter(({ file }) => files.some((wanted) => isDeepStrictEqual(wanted, file)));
    const leaving = this.#keepers.filter((keeper) => !kept.includes(keeper));
    const wantedPaths = files.map(({ path }) => path);
    await Promise.all(
      leaving.map((keeper) => (wantedPaths.includes(keeper.file.path) ? keeper.end() : keeper.drop())),
    );
    // Written by an earlier process for settings that have changed since.
    const orphans = this.#record.paths.filter((path) => !wantedPaths.includes(path));
    for (const path of orphans) await this.#keeperOf(orphanAt(path)).drop();

    const added = files
      .filter((file) => !kept.some((keeper) => isDeepStrictEqual(keeper.file, file)))
      .map((file) => this.#keeperOf(file));
    await Promise.all(added.map((keeper) => keeper.begin()));
    this.#keepers = [...kept, ...added];
    for (const agent of this.#options.profiles.list) this.#look(agent);
  }

  #keeperOf(file: TokenFile): TokenFileKeeper {
    const { now, log } = this.#options;
    return new TokenFileKeeper({ file, record: this.#record, now, log });
  }

  #look(agent: Agent): void {
    const { profiles } = this.#options;
    for (const keeper of this.#keepers) {
      const { profile } = keeper.file;
      if (profile === agent.profile.id) keeper.look(agent);
      else if (profiles.get(profile) === undefined) void keeper.expire();
    }
  }
}

/**
 * Removes what was written to these files, if no host runs that would. A file with other content is left alone.
 * Resolves to the problems of those that could not be removed. Rejects with the file system's error if the record
 * cannot be read.
 */
export async function removeTokenFiles(
  paths: readonly string[],
  parts: Pick<TokenFilesOptions, 'places' | 'now' | 'log'>,
): Promise<readonly Problem[]> {
  const { places, now, log } = parts;
  const record = new TokenFileRecord(places);
  await record.load();
  const keepers = paths.map((path) => new TokenFileKeeper({ file: orphanAt(path), record, now, log }));
  await Promise.all(keepers.map((keeper) => keeper.drop()));
  return keepers.flatMap(({ trouble }) => (trouble === undefined ? [] : [trouble]));
}

/** A file that no profile keeps fresh any more. */
function orphanAt(path: string): TokenFile {
  return { path, profile: '', scopes: undefined, format: 'bare' };
}

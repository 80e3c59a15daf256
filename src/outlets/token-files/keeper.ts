import type { AccessToken } from '../../agent/status/account.ts';
import type { TokenAnswer } from '../../agent/refresh/lifetime.ts';
import { problem, ProblemError, type Problem } from '../../words/problem.ts';
import type { TokenFile } from '../../config/profile/profile.ts';
import type { Log } from '../../system/log/log.ts';
import { say } from '../../words/say.ts';
import { errorCode } from '../../system/files/error-code.ts';
import { checkTokenFile, foundHash, hashOf, isThere, removeLeftovers, removeOurs } from './disk.ts';
import { temporaryFor, writeWhole } from '../../system/files/whole-file.ts';
import type { TokenFileRecord, WrittenVersion } from './record.ts';
import { fateOf, isDefault, requestOf, type FileAgent, type Seen } from './rules.ts';
import { tokenFileText } from './text.ts';
import { Queue } from '../../system/queue.ts';

/**
 * The agent does not wait before it retries an extra scope that needs consent, because it may be given elsewhere at
 * any time. A file is checked every half minute, so that the wait is here.
 */
const ASK_AGAIN_MS = 5 * 60_000;

/** Keeps one token file as fresh as the session allows. Reports problems only by {@link trouble}. */
export class TokenFileKeeper {
  readonly file: TokenFile;
  readonly #record: TokenFileRecord;
  readonly #now: () => number;
  readonly #log: Log;
  #agent: FileAgent | undefined;
  #seen: Seen = 'never signed in';
  /** The content of the file, as far as this process knows. */
  #current: WrittenVersion | undefined;
  #asking: 'no' | 'yes' | 'yes, and once more' = 'no';
  #askAt = 0;
  #trouble: Problem | undefined;
  #isEnded = false;
  /** Operations on the file run one after the other. */
  readonly #work = new Queue();

  constructor(parts: { file: TokenFile; record: TokenFileRecord; now: () => number; log: Log }) {
    this.file = parts.file;
    this.#record = parts.record;
    this.#now = parts.now;
    this.#log = parts.log;
  }

  /** Why the file is not as it should be. */
  get trouble(): Problem | undefined {
    return this.#trouble;
  }

  /** Call before the first look: finds out what an earlier process left. */
  begin(): Promise<void> {
    return this.#do(async () => {
      await removeLeftovers(this.file.path);
      const found = await foundHash(this.file.path);
      this.#current = this.#versions.find(({ sha256 }) => sha256 === found);
      await this.#remove(this.#hasExpired);
    });
  }

  /** Call after every change of the agent's status and every check of the clock. */
  look(agent: FileAgent): void {
    this.#agent = agent;
    const { status } = agent;
    const fate = fateOf(status, this.#seen);
    if (status.session.kind !== 'signed-out') this.#seen = 'signed in before';
    // The user may just have consented to what was missing.
    if (status.activity.kind === 'signing-in') this.#askAt = 0;
    if (fate === 'remove') void this.#do(() => this.#remove());
    else void this.expire();
    if (fate === 'fill' && this.#now() >= this.#askAt) void this.#fill();
  }

  /** Removes the file once its token has expired. */
  expire(): Promise<void> {
    if (!this.#versions.some(this.#hasExpired)) return Promise.resolve();
    return this.#do(() => this.#remove(this.#hasExpired));
  }

  /** Stops keeping the file; its content stays. Resolves when pending writes are done. */
  end(): Promise<void> {
    this.#isEnded = true;
    return this.#work.idle();
  }

  /** Stops, and removes what was written: the file is not configured any more. */
  async drop(): Promise<void> {
    await this.end();
    await this.#do(() => this.#remove());
  }

  readonly #hasExpired = ({ expiresOn }: WrittenVersion): boolean => expiresOn <= this.#now();

  get #versions(): readonly WrittenVersion[] {
    return this.#record.versionsOf(this.file.path);
  }

  async #fill(): Promise<void> {
    if (this.#asking !== 'no') {
      this.#asking = 'yes, and once more';
      return;
    }
    try {
      do {
        this.#asking = 'yes';
        const agent = this.#agent;
        if (agent === undefined) return;
        const answer = await agent.getToken(requestOf(this.file, agent.profile));
        // The file was closed, or the user signed out: that look has decided already.
        if (this.#isEnded || agent !== this.#agent || fateOf(agent.status, this.#seen) !== 'fill') continue;
        this.#answered(answer, agent);
      } while (this.#isAskedAgain());
    } catch (error) {
      this.#tell(problem('admin', 'token-file.write', { path: this.file.path, detail: nameOf(error) }));
    } finally {
      this.#asking = 'no';
    }
  }

  #isAskedAgain(): boolean {
    return this.#asking === 'yes, and once more' && !this.#isEnded;
  }

  #answered(answer: TokenAnswer, agent: FileAgent): void {
    const reason = answer.kind === 'refused' ? answer.problem : answer.warning;
    if (reason?.kind === 'interaction') this.#askAt = this.#now() + ASK_AGAIN_MS;
    const isOwn = isDefault(this.file, agent.profile);
    // A problem with the profile's own token is in its status already.
    if (answer.kind === 'refused') this.#tell(isOwn ? undefined : answer.problem);
    else void this.#do(() => this.#write(answer.token, agent));
  }

  async #write(token: AccessToken, agent: FileAgent): Promise<void> {
    const { path, format } = this.file;
    const { session } = agent.status;
    if (session.kind === 'signed-out' || token.expiresOn <= this.#now()) return;
    const text = tokenFileText(format, token, session.account);
    if (text === undefined) {
      const detail = say('token-file.env-characters');
      throw new ProblemError(problem('admin', 'token-file.refused', { path, detail }));
    }
    const next: WrittenVersion = { sha256: hashOf(text), expiresOn: token.expiresOn };
    if (next.sha256 === this.#current?.sha256 && (await isThere(path))) return;
    await checkTokenFile(path);
    // Recorded first: a process that is killed in between leaves the old text or the new one, and both are known.
    const troubleWithRecord = await this.#note(this.#current === undefined ? [next] : [this.#current, next]);
    await writeWhole(path, text, temporaryFor(path));
    this.#current = next;
    if (troubleWithRecord !== undefined) throw new ProblemError(troubleWithRecord);
    this.#log.debug('token file written', { path });
  }

  /** Removes the file if it holds one of these versions, by default any that was written, and forgets them. */
  async #remove(isOver: (version: WrittenVersion) => boolean = () => true): Promise<void> {
    const { path } = this.file;
    const over = this.#versions.filter(isOver);
    if (over.length === 0) return;
    try {
      await removeOurs(
        path,
        over.map(({ sha256 }) => sha256),
      );
    } catch (error) {
      throw new ProblemError(problem('admin', 'token-file.remove', { path, detail: nameOf(error) }));
    }
    if (this.#current !== undefined && over.some(({ sha256 }) => sha256 === this.#current?.sha256))
      this.#current = undefined;
    const trouble = await this.#note(this.#versions.filter((version) => !over.includes(version)));
    if (trouble !== undefined) throw new ProblemError(trouble);
  }

  /** Records the versions. If that fails, the token is written all the same; resolves to the problem then. */
  async #note(versions: readonly WrittenVersion[]): Promise<Problem | undefined> {
    try {
      await this.#record.note(this.file.path, versions);
      return undefined;
    } catch (error) {
      return problem('admin', 'file-system', { path: this.#record.path, detail: nameOf(error) });
    }
  }

  #do(work: () => Promise<void>): Promise<void> {
    return this.#work.run(async () => {
      try {
        await work();
        this.#tell(undefined);
      } catch (error) {
        const { path } = this.file;
        this.#tell(
          error instanceof ProblemError
            ? error.problem
            : problem('admin', 'token-file.write', { path, detail: nameOf(error) }),
        );
      }
    });
  }

  /** Logs a problem once. */
  #tell(trouble: Problem | undefined): void {
    const before = this.#trouble;
    this.#trouble = trouble;
    if (trouble === undefined) return;
    if (before?.code === trouble.code && before.params.detail === trouble.params.detail) return;
    this.#log.warn('token file', { path: this.file.path, problem: trouble.code, ...trouble.params });
  }
}

/** The system's error code, if there is one. */
function nameOf(error: unknown): string {
  const code = errorCode(error);
  return code === '' ? String(error) : code;
}

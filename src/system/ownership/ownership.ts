import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { problem, ProblemError } from '../../words/problem.ts';
import type { Places } from '../places.ts';
import { say } from '../../words/say.ts';
import { absent, errorCode } from '../files/error-code.ts';
import { holdByFile } from './exclusive-file.ts';
import { holdByPipe } from './exclusive-pipe.ts';
import { holdBySocket, type Hold } from './exclusive-socket.ts';
import { parseJson } from '../json.ts';
import { fileIdentity } from '../files/file-identity.ts';
import { ensurePrivateDirectory } from '../files/private-directory.ts';
import { writeWhole } from '../files/whole-file.ts';

/** Who can own a configuration: the tray, `tokentray serve`, or `tokentray import` for a moment. */
export type HostKind = 'tray' | 'terminal' | 'import';

/** How an owner identifies itself. `startedAt` is in milliseconds since the epoch. */
export interface OwnerRecord {
  readonly pid: number;
  readonly kind: HostKind;
  readonly startedAt: number;
}

/** Proof of being the owner, required by everything that only an owner may do. */
export interface Ownership {
  readonly kind: 'owner';
  /**
   * Takes ownership again if the files that show it were removed; `lost` if another process was faster. The directory
   * must exist. Rejects with the file system's error.
   */
  keep(): Promise<'kept' | 'lost'>;
  /** Lets the next process become the owner; exiting does the same. */
  release(): Promise<void>;
}

/** `owner` is undefined if the other process has not written its record yet. */
export interface Taken {
  readonly kind: 'taken';
  readonly owner: OwnerRecord | undefined;
}

type OwnedPlaces = Pick<Places, 'runtimeDirectory' | 'socketPath'>;

/** An owner writes its record within milliseconds; an overloaded machine may take longer. */
const RECORD_PATIENCE_MS = 1000;
const RECORD_LOOK_MS = 25;

/**
 * Makes this process the owner of a configuration, or says which process owns it. One process owns the session, the
 * cache, the settings and the refresh, because two would overwrite each other's refresh tokens and settings. Survives
 * SIGKILL, because there is no lock to remove. Of any number of simultaneous starts exactly one succeeds.
 * @throws ProblemError `socket-directory` if the runtime directory cannot be trusted, `file-system` if it cannot be written to
 */
export async function takeOwnership(options: {
  readonly places: OwnedPlaces;
  readonly kind: HostKind;
  readonly now?: () => number;
  readonly platform?: NodeJS.Platform;
}): Promise<Ownership | Taken> {
  const { places, kind, now = Date.now, platform = process.platform } = options;
  await ensurePrivateDirectory(places.runtimeDirectory);
  const first = await holdFor(places, platform);
  const recordFile = join(places.runtimeDirectory, 'owner.json');
  if (first === undefined) return { kind: 'taken', owner: await readLivingOwner(recordFile) };
  let hold = first;
  const record: OwnerRecord = { pid: process.pid, kind, startedAt: now() };
  await writeRecord(recordFile, record);
  return {
    kind: 'owner',
    keep: async () => {
      if (!(await hold.isShown())) {
        const again = await holdFor(places, platform);
        if (again === undefined) return 'lost';
        await hold.release();
        hold = again;
      }
      if ((await fileIdentity(recordFile)) === undefined) await writeRecord(recordFile, record);
      return 'kept';
    },
    release: async () => {
      // If the hold was lost, the record belongs to another owner.
      if (await hold.isShown()) await rm(recordFile, { force: true });
      await hold.release();
    },
  };
}

/** The running owner, if it has written its record. Does not take ownership and does not wait. */
export async function findOwner(places: Pick<Places, 'runtimeDirectory'>): Promise<OwnerRecord | undefined> {
  return readRecord(join(places.runtimeDirectory, 'owner.json'));
}

/** The owner in words, for `problem.already-running`. */
export function sayOwner(owner: OwnerRecord | undefined): string {
  if (owner === undefined) return say('cli.owner.unknown');
  return say(`cli.owner.${owner.kind}`, { pid: owner.pid });
}

function holdFor(places: OwnedPlaces, platform: NodeJS.Platform): Promise<Hold | undefined> {
  if (platform === 'linux') return holdBySocket(places.runtimeDirectory);
  if (platform === 'win32') return holdByPipe(`${places.socketPath}-owner`);
  return holdByFile(join(places.runtimeDirectory, 'owner.lock'));
}

async function writeRecord(file: string, record: OwnerRecord): Promise<void> {
  try {
    await writeWhole(file, JSON.stringify(record));
  } catch (error) {
    // The error of a full disk does not name the file.
    throw new ProblemError(problem('storage', 'file-system', { path: file, detail: errorCode(error) }));
  }
}

/** The record of a running process; just after a start, the previous owner's record may still be there. */
async function readLivingOwner(file: string): Promise<OwnerRecord | undefined> {
  for (let waited = 0; waited <= RECORD_PATIENCE_MS; waited += RECORD_LOOK_MS) {
    const record = await readRecord(file);
    if (record !== undefined) return record;
    await sleep(RECORD_LOOK_MS);
  }
  return undefined;
}

async function readRecord(file: string): Promise<OwnerRecord | undefined> {
  const value = parseJson((await readFile(file, 'utf8').catch(absent)) ?? '');
  return isOwnerRecord(value) && isAlive(value.pid) ? value : undefined;
}

function isOwnerRecord(value: unknown): value is OwnerRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, kind, startedAt } = value as Partial<Record<keyof OwnerRecord, unknown>>;
  const isKind = kind === 'tray' || kind === 'terminal' || kind === 'import';
  return isKind && Number.isInteger(pid) && typeof startedAt === 'number';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

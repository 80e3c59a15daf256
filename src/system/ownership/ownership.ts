import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { problem, ProblemError } from '../../words/problem.ts';
import type { Places } from '../places.ts';
import { say } from '../../words/say.ts';
import { errorCode } from '../files/error-code.ts';
import { holdByFile } from './exclusive-file.ts';
import { holdByPipe } from './exclusive-pipe.ts';
import { holdBySocket, type Hold } from './exclusive-socket.ts';
import { fileIdentity } from '../files/file-identity.ts';
import { ensurePrivateDirectory } from '../files/private-directory.ts';
import { writeWhole } from '../files/whole-file.ts';

/** Who can own a configuration: the tray, `tokentray serve`, or `tokentray import` for a moment. */
export type HostKind = 'tray' | 'terminal' | 'import';

/** How an owner calls itself. `startedAt` is in milliseconds since the epoch. */
export interface OwnerRecord {
  readonly pid: number;
  readonly kind: HostKind;
  readonly startedAt: number;
}

/** Proof of being the one owner: what only an owner may do asks for it. */
export interface Ownership {
  readonly kind: 'owner';
  /**
   * Takes it again where somebody has removed the files that show it, or says that another process was faster.
   * The directory must be there. Rejects with the file system's error.
   */
  keep(): Promise<'kept' | 'lost'>;
  /** Lets the next process own it. Death does the same. */
  release(): Promise<void>;
}

/** `owner` is undefined when the other process has not said yet who it is. */
export interface Taken {
  readonly kind: 'taken';
  readonly owner: OwnerRecord | undefined;
}

type OwnedPlaces = Pick<Places, 'runtimeDirectory' | 'socketPath'>;

/** An owner writes its record within milliseconds; a machine in trouble may take longer. */
const RECORD_PATIENCE_MS = 1000;
const RECORD_LOOK_MS = 25;

/**
 * Makes this process the one that owns session, cache, settings and refresh of a configuration, or says
 * who owns it (DESIGN, The house). Survives SIGKILL: there is no lock to remove. Of any number of
 * simultaneous starts exactly one gets it.
 * @throws ProblemError `socket-directory` when the runtime directory cannot be trusted, `file-system` when nothing can be written there
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
      // Where the hold was lost, the record is another owner's.
      if (await hold.isShown()) await rm(recordFile, { force: true });
      await hold.release();
    },
  };
}

/** The owner that lives now, if one has said who it is. Takes nothing and waits for nobody. */
export async function findOwner(places: Pick<Places, 'runtimeDirectory'>): Promise<OwnerRecord | undefined> {
  const record = parseRecord(await readText(join(places.runtimeDirectory, 'owner.json')));
  return record !== undefined && isAlive(record.pid) ? record : undefined;
}

/** The owner in words, for `problem.already-running`. */
export function sayOwner(owner: OwnerRecord | undefined): string {
  if (owner === undefined) return say('cli.owner.unknown');
  const { pid } = owner;
  switch (owner.kind) {
    case 'tray':
      return say('cli.owner.tray', { pid });
    case 'terminal':
      return say('cli.owner.terminal', { pid });
    case 'import':
      return say('cli.owner.import', { pid });
  }
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

/** The record of a process that lives; the last owner's may still be there when the new one has just begun. */
async function readLivingOwner(file: string): Promise<OwnerRecord | undefined> {
  for (let waited = 0; waited <= RECORD_PATIENCE_MS; waited += RECORD_LOOK_MS) {
    const record = parseRecord(await readText(file));
    if (record !== undefined && isAlive(record.pid)) return record;
    await sleep(RECORD_LOOK_MS);
  }
  return undefined;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}

function parseRecord(text: string): OwnerRecord | undefined {
  if (text === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isOwnerRecord(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
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

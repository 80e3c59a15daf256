// One process per user data directory, made as Chromium's ProcessSingleton makes it: a symbolic link that
// names the owner, and a socket the later process hands its arguments to.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What the later process tells the first. */
export interface SecondInstance {
  argv: string[];
  workingDirectory: string;
  additionalData: unknown;
}

/** Chromium gives the first process 20 s to answer before it declares it hung. */
const ANSWER_LIMIT_MS = 60_000;

/** The later process must know the outcome before `requestSingleInstanceLock` returns, hence a helper it can wait for. */
const TELL_THE_FIRST = `
  const fs = require('node:fs'); const socket = require('node:net').connect(process.argv[1]);
  socket.on('connect', () => socket.end(fs.readFileSync(0)));
  socket.on('data', (data) => process.exit(data.toString() === 'ok' ? 0 : 1));
  socket.on('error', () => process.exit(2));
`;

export class SingleInstance {
  readonly #onSecond: (second: SecondInstance) => void;
  #server: Server | undefined;
  #link: string | undefined;
  #socketDirectory: string | undefined;

  constructor(onSecond: (second: SecondInstance) => void) {
    this.#onSecond = onSecond;
  }

  held(): boolean {
    return this.#server !== undefined;
  }

  /** @returns false when another process holds the lock and has been told of this one */
  request(userData: string, second: SecondInstance): boolean {
    if (this.held()) return true;
    mkdirSync(userData, { recursive: true });
    const link = path.join(userData, 'SingletonLock');
    for (;;) {
      const directory = mkdtempSync(path.join(tmpdir(), 'stand-in-singleton-'));
      try {
        symlinkSync(path.join(directory, `socket-${process.pid}`), link);
        this.#listen(link, directory);
        return true;
      } catch (error) {
        rmSync(directory, { recursive: true });
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
      if (tell(readlinkSync(link), second)) return false;
      // No process answers: the owner died without cleaning up.
      unlinkSync(link);
    }
  }

  release(): void {
    this.#server?.close();
    this.#server = undefined;
    if (this.#link !== undefined) rmSync(this.#link, { force: true });
    if (this.#socketDirectory !== undefined) rmSync(this.#socketDirectory, { recursive: true, force: true });
  }

  #listen(link: string, directory: string): void {
    this.#link = link;
    this.#socketDirectory = directory;
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      const chunks: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.on('error', () => socket.destroy());
      socket.on('end', () => {
        socket.end('ok');
        this.#onSecond(JSON.parse(Buffer.concat(chunks).toString()) as SecondInstance);
      });
    });
    // For a path the socket is bound before this returns; only its event comes later.
    this.#server.listen(path.join(directory, `socket-${process.pid}`));
    this.#server.unref();
  }
}

function tell(socket: string, second: SecondInstance): boolean {
  const { status } = spawnSync(process.execPath, ['-e', TELL_THE_FIRST, socket], {
    input: JSON.stringify(second),
    timeout: ANSWER_LIMIT_MS,
    env: { PATH: process.env.PATH },
  });
  return status === 0;
}

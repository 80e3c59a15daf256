import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { places, thisMachine, type Places } from '../../src/config/places.ts';
import { signInAsUser } from '../../src/demo-tenant/user.ts';
import { Tokentray, type Serving } from './command.ts';
import { makeDemoHome, type DemoHome, type DemoHomeOptions } from './demo-home.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/terminal/tokentray.js', import.meta.url));

/** Hangs are what this is for; a start takes well under a second. */
const LIMIT_MS = 60_000;

/** What the socket answered. */
export interface SocketAnswer {
  readonly status: number;
  readonly body: string;
}

/** A registered profile whose secrets are in files, so that no keyring is needed, and the means to use it. */
export interface StoredHome {
  readonly home: DemoHome;
  readonly places: Places;
  /** `extra` is put into the environment of the commands. */
  tokentray(extra?: NodeJS.ProcessEnv): Tokentray;
  /** Signs in as the tenant's first user at a host that runs and invited to it. */
  signIn(at: Pick<Serving, 'ticketUrl'>): Promise<void>;
  /** Asks the running host; undefined where none answers. */
  ask(method: 'GET' | 'POST', url: string): Promise<SocketAnswer | undefined>;
  /** The default token, as soon as a host serves one; rejects when none does for a minute. */
  firstToken(): Promise<string>;
  /** How often the tenant was asked to refresh, and when by its clock. */
  refreshes(): readonly number[];
  close(): Promise<void>;
}

/** Which files: both were chosen explicitly (DESIGN, Storage). */
export type FileStorage = 'encrypted-file' | 'plain-file';

/** This process's environment without the user's own keyring. */
export function environmentWithoutKeyring(): NodeJS.ProcessEnv {
  return { ...process.env, DBUS_SESSION_BUS_ADDRESS: undefined };
}

async function expectDone(tokentray: Tokentray, ...args: string[]): Promise<void> {
  const { code, err } = await tokentray.run(...args);
  if (code !== 0) throw new Error(`tokentray ${args.join(' ')} ended with ${String(code)}: ${err}`);
}

/** Imports the demo tenant's `.env` into a home of its own. `extra` goes to the environment of the import too. */
export async function makeStoredHome(
  storage: FileStorage,
  options: DemoHomeOptions & {
    readonly schedule?: readonly string[];
    readonly extra?: NodeJS.ProcessEnv;
  } = {},
): Promise<StoredHome> {
  const home = await makeDemoHome(environmentWithoutKeyring(), options);
  const tokentray = (extra: NodeJS.ProcessEnv = {}): Tokentray => new Tokentray({ ...home.env, ...extra });
  const found = places({ ...thisMachine(), env: home.env });
  const setup = tokentray(options.extra);
  const key = storage === 'plain-file' ? [] : ['--key-file', path.join(home.directory, 'vault.key')];
  await expectDone(setup, 'storage', storage, ...key);
  await expectDone(setup, 'import', home.envFile, ...(options.schedule ?? []));

  const ask: StoredHome['ask'] = (method, url) => askSocket(found.socketPath, method, url);
  return {
    home,
    places: found,
    tokentray,
    ask,
    signIn: async ({ ticketUrl }) => {
      const [user] = home.tenant.users;
      const outcome = await signInAsUser(ticketUrl ?? '', {
        username: user?.username ?? '',
        password: user?.password ?? '',
        ca: home.tenant.certificatePem,
      });
      if (outcome.kind !== 'page' || outcome.status !== 200) throw new Error('the sign-in did not finish');
    },
    firstToken: () => firstToken(ask),
    refreshes: () =>
      home.tenant.requests.filter(({ grantType }) => grantType === 'refresh_token').map(({ at }) => at),
    close: async () => {
      await home.tenant.close();
      rmSync(home.directory, { recursive: true, force: true });
    },
  };
}

function askSocket(socketPath: string, method: string, url: string): Promise<SocketAnswer | undefined> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, method, path: url }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', () => resolve(undefined));
    });
    asked.on('error', () => resolve(undefined));
    asked.end();
  });
}

async function firstToken(ask: StoredHome['ask']): Promise<string> {
  const end = performance.now() + LIMIT_MS;
  let last: SocketAnswer | undefined;
  while (performance.now() < end) {
    last = (await ask('GET', '/v1/token')) ?? last;
    if (last?.status === 200) return (JSON.parse(last.body) as { accessToken: string }).accessToken;
    await sleep(2);
  }
  throw new Error(`no token was served: ${last?.body ?? 'nobody answers'}`);
}

/** A `serve` that is not waited for: for what happens while it starts, and for its sudden end. */
export interface BareServe {
  readonly child: ChildProcess;
  readonly said: () => string;
  /** The exit code, or null after a signal. */
  readonly ended: Promise<number | null>;
}

export function startServe(env: NodeJS.ProcessEnv): BareServe {
  const child = spawn(process.execPath, [PROGRAM, 'serve'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, said: () => said, ended };
}

/** A running `tokentray` that its test must end: killed with SIGKILL, and waited for. */
export async function killServe({ child, ended }: BareServe): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}

/** The content of a file, for comparing it later. */
export const bytesOf = (file: string): string => readFileSync(file, 'latin1');

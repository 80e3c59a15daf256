/** A home that is signed in at a demo tenant of its own, so that a host can be started on it again and again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { places, thisMachine } from '../../src/system/places.ts';
import { signInAsUser } from '../../src/demo-tenant/play/user.ts';
import { makeDemoHome, type DemoHome } from '../terminal/fixtures/demo-home.ts';
import { askSocket, run, stop } from './measures.ts';

export const PROGRAM = path.resolve('dist/terminal/tokentray.js');

/** What the home is started with. */
export interface SignedInHome {
  readonly home: DemoHome;
  readonly env: NodeJS.ProcessEnv;
  readonly socketPath: string;
}

/** Starts `tokentray serve` there. */
export const serve = ({ env }: SignedInHome): ChildProcess =>
  spawn(process.execPath, [PROGRAM, 'serve'], { env, stdio: ['ignore', 'ignore', 'ignore'] });

/** Where its secrets are kept. */
export interface StorageChoice {
  /** Arguments of `tokentray storage`; none leaves the keyring. */
  readonly choice: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** @param base the environment with the keyring in it */
export async function makeSignedInHome(
  base: NodeJS.ProcessEnv,
  { choice, env: more }: StorageChoice = { choice: [], env: {} },
): Promise<SignedInHome> {
  const home = await makeDemoHome(base);
  const env = { ...home.env, ...more };
  const { socketPath } = places({ ...thisMachine(), env });
  const prepared = { home, env, socketPath };
  const command = (...args: string[]): ReturnType<typeof run> =>
    run(process.execPath, [PROGRAM, ...args], { env, cwd: home.directory });
  if (choice.length > 0) await command('storage', ...choice);
  await command('import', home.envFile, '--at', '07:00');
  const child = serve(prepared);
  while ((await askSocket(socketPath, 'GET', '/v1/token')) === undefined) await sleep(20);
  await sleep(1000);
  const { stdout: url } = await command('sign-in');
  const [user] = home.tenant.users;
  await signInAsUser(String(url).trim(), {
    username: user?.username ?? '',
    password: user?.password ?? '',
    ca: home.tenant.certificatePem,
  });
  await stop(child);
  return prepared;
}

export async function removeHome({ home }: SignedInHome): Promise<void> {
  await home.tenant.close();
  await rm(home.directory, { recursive: true, force: true });
}

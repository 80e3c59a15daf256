/**
 * What 1, 10 and 100 profiles cost, each with tokens for 10 resources: one token, the start, one save, memory.
 * The sessions are real: one sign-in and ten refreshes at the demo tenant, through the product, and what it
 * stored is given to every profile. Later refreshes are answered with what the tenant said, without a network, so
 * that they cost what the product costs. Secrets are in an encrypted file vault.
 */
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Agent } from '../../../src/agent/agent.ts';
import { httpsSend } from '../../../src/agent/network/https-send.ts';
import { openAgent } from '../../../src/agent/open-agent.ts';
import { Profiles } from '../../../src/agent/profiles.ts';
import type { HttpResponse, Send } from '../../../src/agent/network/send.ts';
import { sessionItems } from '../../../src/agent/session/stored-session.ts';
import { credentialItem, saveCredential } from '../../../src/config/credential/credential.ts';
import type { Profile } from '../../../src/config/profile/profile.ts';
import { startDemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import { signInAsUser } from '../../../src/demo-tenant/play/user.ts';
import { answerToken } from '../../../src/outlets/answer/token-answer.ts';
import { memoryVault } from '../../../src/vault/store/memory-vault.ts';
import { openEncryptedVault } from '../../../src/vault/file-store/open-file-vault.ts';
import { Secret } from '../../../src/system/secret.ts';
import type { Vault } from '../../../src/vault/store/vault.ts';
import { median, print, timed } from './fixtures/measures.ts';

const COUNTS = [1, 10, 100] as const;
const RESOURCES = 10;
const ROUNDS = 9;
const TOKENS = 20_000;
const SAVES = 10;
const KEY_BYTES = 32;

/** Of 100 profiles to 1: what one token, one save and each profile's part of the start cost. */
const GOAL = 1.5;

let missed = 0;

const silent = (): void => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };
const scopesOf = (resource: number): readonly string[] =>
  resource === 0 ? ['User.Read'] : [`https://resource-${resource}.example.test/.default`];
const allScopes = Array.from({ length: RESOURCES }, (_one, resource) => scopesOf(resource));

/** Answers as the tenant did, by what was asked; whatever it was never asked is a mistake of this program. */
class Recorded {
  readonly #answers = new Map<string, HttpResponse>();

  recording(send: Send): Send {
    return async (request, limits) => {
      const response = await send(request, limits);
      this.#answers.set(this.#keyOf(request), response);
      return response;
    };
  }

  readonly send: Send = (request) => {
    const answer = this.#answers.get(this.#keyOf(request));
    return answer === undefined
      ? Promise.reject(new Error(`not recorded: ${request.method} ${new URL(request.url).pathname}`))
      : Promise.resolve(answer);
  };

  #keyOf({ method, url, body = '' }: Parameters<Send>[0]): string {
    const form = new URLSearchParams(body);
    return [method, url.split('?')[0], form.get('grant_type'), form.get('scope')].join(' ');
  }
}

interface Seed {
  readonly profile: Profile;
  /** By the item's name behind the profile's id. */
  readonly items: ReadonlyMap<string, string>;
  readonly recorded: Recorded;
}

const withoutId = ({ id }: Profile, name: string): string => name.slice(id.length);

/** Signs in, asks for a token of every resource, and takes what was stored. */
async function makeSeed(): Promise<Seed> {
  const tenant = await startDemoTenant();
  try {
    const { clientId, redirectUris, clientSecret } = tenant.client;
    const profile: Profile = {
      id: 'seed',
      name: 'seed',
      protocol: 'entra',
      authority: tenant.authority,
      clientId,
      redirectUri: redirectUris[0] ?? '',
      scopes: scopesOf(0),
      extraScopes: allScopes.slice(1),
      schedule: undefined,
      continuousAccess: true,
      signIn: 'browser',
    };
    const vault = memoryVault();
    await saveCredential(vault, profile, { kind: 'secret', secret: new Secret(clientSecret) });
    const recorded = new Recorded();
    const send = recorded.recording(httpsSend(tenant.certificatePem));
    const agent = openAgent({ profile, vault, send, now: Date.now, log });
    const started = await agent.beginSignIn('browser');
    if (started.kind === 'failed') throw new Error(started.problem.code);
    const [user] = tenant.users;
    const end = await signInAsUser(started.attempt.authorizeUrl, {
      username: user?.username ?? '',
      password: user?.password ?? '',
      ca: tenant.certificatePem,
      stopAt: (url) => url.startsWith(profile.redirectUri),
    });
    await started.attempt.receive(end.url);
    for (const scopes of allScopes) await expectToken(agent, scopes, 'always');
    await agent.settle();
    agent.stop();
    const items = new Map<string, string>();
    for (const name of [...sessionItems(profile), credentialItem(profile)])
      items.set(withoutId(profile, name), (await vault.item(name).load()) ?? '');
    return { profile, items, recorded };
  } finally {
    await tenant.close();
  }
}

async function expectToken(agent: Agent, scopes: readonly string[], fresh?: 'always'): Promise<void> {
  const answer = await agent.getToken({ scopes, ...(fresh === undefined ? {} : { fresh }) });
  if (answer.kind === 'refused') throw new Error(answer.problem.code);
  if (answer.warning !== undefined) throw new Error(answer.warning.code);
}

/** Some profiles in a vault of their own. */
interface World {
  readonly count: number;
  readonly directory: string;
  readonly profiles: readonly Profile[];
  readonly open: () => Promise<Profiles>;
}

async function makeWorld(count: number, { profile, items, recorded }: Seed): Promise<World> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'scale-'));
  const keyFile = path.join(directory, 'key');
  await writeFile(keyFile, randomBytes(KEY_BYTES), { mode: 0o600 });
  const openVault = (): Promise<Vault> =>
    openEncryptedVault({
      directory: path.join(directory, 'vault'),
      key: { kind: 'key-file', path: keyFile },
    });
  const profiles = Array.from({ length: count }, (_one, index) => ({
    ...profile,
    id: `p${index}`,
    name: `p${index}`,
  }));
  const vault = await openVault();
  for (const { id } of profiles) for (const [name, text] of items) await vault.item(id + name).save(text);
  return {
    count,
    directory,
    profiles,
    open: async () => {
      const opened = await openVault();
      const all = new Profiles((one) =>
        openAgent({ profile: one, vault: opened, send: recorded.send, now: Date.now, log }),
      );
      await all.apply({ profiles, defaultProfile: undefined });
      return all;
    },
  };
}

/** From nothing to a token of every resource of every profile. Milliseconds. */
async function startOnce({ open }: World): Promise<number> {
  let all: Profiles | undefined;
  const ms = await timed(async () => {
    all = await open();
    for (const agent of all.list) for (const scopes of allScopes) await expectToken(agent, scopes);
  });
  all?.stop();
  return ms;
}

/** Microseconds of one token of the last profile, by the answer that outlets give. */
async function tokenOnce(all: Profiles, { count }: World): Promise<number> {
  const query = new URLSearchParams({ profile: `p${count - 1}`, scope: scopesOf(RESOURCES - 1).join(' ') });
  const ms = await timed(async () => {
    for (let asked = 0; asked < TOKENS; asked += 1) await answerToken(all, query);
  });
  return (1000 * ms) / TOKENS;
}

/** One refresh with everything that it stores: milliseconds. */
async function saveOnce(all: Profiles): Promise<number> {
  const agent = all.list.at(-1);
  if (agent === undefined) throw new Error('there is no profile');
  const ms = await timed(async () => {
    for (let save = 0; save < SAVES; save += 1) await expectToken(agent, scopesOf(save), 'always');
  });
  return ms / SAVES;
}

/** Bytes of the files of the vault that one refresh replaces. */
async function bytesOfSave({ directory }: World, all: Profiles): Promise<number> {
  const vault = path.join(directory, 'vault');
  const look = async (): Promise<ReadonlyMap<string, { inode: number; size: number }>> => {
    const names = await readdir(vault);
    const seen = await Promise.all(
      names.map(async (name) => [name, await stat(path.join(vault, name))] as const),
    );
    return new Map(seen.map(([name, { ino, size }]) => [name, { inode: ino, size }]));
  };
  const before = await look();
  const agent = all.list.at(-1);
  if (agent !== undefined) await expectToken(agent, scopesOf(1), 'always');
  const after = await look();
  // Each is replaced by a new file (whole-file.ts).
  const replaced = [...after].filter(([name, { inode }]) => before.get(name)?.inode !== inode);
  return replaced.reduce((sum, [, { size }]) => sum + size, 0);
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Memory in use after everything that nobody needs has been dropped. */
async function memoryBytes(): Promise<number> {
  for (let turn = 0; turn < 3; turn += 1) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Kilobytes a profile: with its tokens restored, and after a refresh, with MSAL's client and its cache. */
async function memoryOf(world: World): Promise<{ restored: number; refreshed: number }> {
  const before = await memoryBytes();
  const all = await world.open();
  const restored = await memoryBytes();
  for (const agent of all.list) await expectToken(agent, scopesOf(0), 'always');
  const refreshed = await memoryBytes();
  all.stop();
  return {
    restored: (restored - before) / world.count / 1024,
    refreshed: (refreshed - before) / world.count / 1024,
  };
}

interface Figures {
  readonly token: number[];
  readonly start: number[];
  readonly save: number[];
}

function row(name: string, cells: readonly string[], ratio?: number): void {
  const goal =
    ratio === undefined ? '' : `  ${ratio.toFixed(2)} ×  goal ${GOAL} ×${ratio <= GOAL ? '' : '  MISSED'}`;
  // What is no number is no success.
  if (ratio !== undefined && !(ratio <= GOAL)) missed += 1;
  print(`${name.padEnd(44)}${cells.map((cell) => cell.padStart(12)).join('')}${goal}`);
}

const seed = await makeSeed();
const worlds: World[] = [];
try {
  for (const count of COUNTS) worlds.push(await makeWorld(count, seed));
  const figures = new Map<World, Figures>(worlds.map((one) => [one, { token: [], start: [], save: [] }]));
  // In turns, so that a busy moment meets all of them; the first turn only warms up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [world, { token, start, save }] of figures) {
      const startMs = await startOnce(world);
      const all = await world.open();
      const [tokenUs, saveMs] = [await tokenOnce(all, world), await saveOnce(all)];
      all.stop();
      if (round === 0) continue;
      token.push(tokenUs);
      start.push(startMs);
      save.push(saveMs);
    }
  }
  const cells = (of: (world: World, one: Figures) => number, unit: string, digits: number): string[] =>
    [...figures].map(([world, one]) => `${of(world, one).toFixed(digits)} ${unit}`);
  /** The last to the first, of the same round: what slows the machine down for a while slows both. */
  const ratio = (of: keyof Figures, by: number): number => {
    const [first, last] = [[...figures.values()][0]?.[of] ?? [], [...figures.values()].at(-1)?.[of] ?? []];
    return median(last.map((value, round) => value / (first[round] ?? NaN))) / by;
  };
  row(`profiles, each with ${RESOURCES} tokens`, COUNTS.map(String));
  row(
    'one token from memory',
    cells((_world, { token }) => median(token), 'µs', 2),
    ratio('token', 1),
  );
  row(
    'start to the last of all tokens',
    cells((_world, { start }) => median(start), 'ms', 1),
  );
  row(
    '  for each profile',
    cells(({ count }, { start }) => median(start) / count, 'ms', 2),
    ratio('start', COUNTS.at(-1) ?? NaN),
  );
  row(
    'one refresh with its save',
    cells((_world, { save }) => median(save), 'ms', 2),
    ratio('save', 1),
  );
  const bytes: number[] = [];
  const memories: { restored: number; refreshed: number }[] = [];
  for (const world of worlds) {
    const all = await world.open();
    bytes.push(await bytesOfSave(world, all));
    all.stop();
    memories.push(await memoryOf(world));
  }
  row(
    '  what it writes',
    bytes.map((count) => `${(count / 1000).toFixed(1)} kB`),
    (bytes.at(-1) ?? NaN) / (bytes[0] ?? NaN),
  );
  // What one alone takes is lost in what the process frees meanwhile.
  const each = (of: 'restored' | 'refreshed'): string[] =>
    memories.map((one, index) => (COUNTS[index] === 1 ? '–' : `${one[of].toFixed(0)} kB`));
  row('memory a profile: restored', each('restored'));
  row('  after a refresh, with MSAL’s client', each('refreshed'));
} finally {
  for (const { directory } of worlds) await rm(directory, { recursive: true, force: true });
}
const load = os.loadavg()[0] ?? 0;
if (load > os.cpus().length)
  print(`The machine is busy: load ${load.toFixed(1)} on ${os.cpus().length} processors.`);
if (missed > 0) {
  print(`${missed} goal(s) missed`);
  process.exitCode = 1;
}

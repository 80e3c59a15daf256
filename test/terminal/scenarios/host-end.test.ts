// How a running host ends, and what it survives: signals during a request, errors that nothing handles, another owner,
// and program files that are replaced under it.
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TokenFault } from '../../../src/demo-tenant/state/faults.ts';
import { takeOwnership } from '../../../src/system/ownership/ownership.ts';
import { root } from '../fixtures/recipes.ts';
import {
  bytesOf,
  killServe,
  makeStoredHome,
  startServe,
  type BareServe,
  type StoredHome,
} from '../fixtures/stored-home.ts';

let stored: StoredHome;
let running: BareServe[] = [];

function start(more: NodeJS.ProcessEnv = {}, program?: string): BareServe {
  const serve = startServe({ ...stored.home.env, ...more }, program);
  running.push(serve);
  return serve;
}

beforeAll(async () => {
  stored = await makeStoredHome('plain-file');
  const serving = await stored.tokentray().serve();
  await stored.signIn(serving);
  await stored.firstToken();
  await serving.end();
});
beforeEach(() => void (stored.home.tenant.faults.refuseUsedRefreshTokens = true));
afterEach(async () => {
  stored.home.tenant.faults.token = undefined;
  await Promise.all(running.map(killServe));
  running = [];
});
afterAll(() => stored.close());

/** The content of every file of the vault. */
function vaultFiles(): readonly string[] {
  const { vaultDirectory } = stored.places;
  return readdirSync(vaultDirectory).map((name) => `${name} ${bytesOf(path.join(vaultDirectory, name))}`);
}

/** A refresh with a fault; resolves when the tenant has the request. */
async function beginRefresh(fault: TokenFault): Promise<void> {
  const before = stored.refreshes().length;
  stored.home.tenant.faults.token = fault;
  void stored.ask('POST', '/v1/refresh');
  await expect.poll(() => stored.refreshes().length).toBe(before + 1);
}

test('told to end during a refresh that takes seconds, it stores the rotated refresh token first', async () => {
  const serve = start();
  await stored.firstToken();
  await beginRefresh({ kind: 'slow', ms: 4_000, times: 1 });
  serve.child.kill('SIGTERM');
  expect(await serve.ended, serve.said()).toBe(0);
  expect(serve.said()).toContain('press Ctrl+C again');

  // The tenant refuses a refresh token that was used: only the rotated one works.
  start();
  await stored.firstToken();
  expect(await stored.ask('POST', '/v1/refresh')).toMatchObject({ status: 200 });
});

test('a second signal ends it at once', async () => {
  const serve = start();
  await stored.firstToken();
  await beginRefresh({ kind: 'hang', times: 1 });
  serve.child.kill('SIGINT');
  await expect.poll(() => serve.said()).toContain('press Ctrl+C again');
  const asked = performance.now();
  serve.child.kill('SIGINT');
  expect(await serve.ended).toBeNull();
  expect(performance.now() - asked).toBeLessThan(10_000);
});

/** Makes errors in the host's process when it gets a signal. */
const ERRORS = `
  import { EventEmitter } from 'node:events';
  const causes = [
    () => new EventEmitter().emit('error', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' })),
    () => new EventEmitter().emit('error', Object.assign(new Error('The operation was aborted'), { code: 'ABORT_ERR' })),
    () => void Promise.reject(new TypeError('nobody awaits this')),
  ];
  process.on('SIGUSR2', () => setTimeout(causes.shift() ?? (() => { throw new TypeError('secret=hunter2hunter2 is not a function'); })));
`;

test('errors of connections and promises are survived; any other ends it with one sentence and exit code 1', async () => {
  const file = path.join(stored.home.directory, 'errors.mjs');
  writeFileSync(file, ERRORS);
  const serve = start({ NODE_OPTIONS: `--import=${file} --unhandled-rejections=strict` });
  const token = await stored.firstToken();
  for (const seen of ['ECONNRESET', 'aborted', 'nobody awaits this']) {
    serve.child.kill('SIGUSR2');
    await expect.poll(() => serve.said()).toContain(seen);
    expect(await stored.firstToken()).toBe(token);
  }
  serve.child.kill('SIGUSR2');
  expect(await serve.ended).toBe(1);
  expect(serve.said()).not.toContain('hunter2hunter2');
  start();
  expect(await stored.firstToken()).toBe(token);
});

test('with its runtime directory removed and another owner, it sends no refresh token, writes nothing, and ends', async () => {
  const first = start();
  await stored.firstToken();
  // A token is served before the files of the start are written.
  await expect.poll(() => first.said()).toContain(stored.places.accessKeyFile);
  // Renamed first: the host may write into the directory while its files are removed.
  const removed = path.join(stored.home.directory, 'removed');
  renameSync(stored.places.runtimeDirectory, removed);
  rmSync(removed, { recursive: true });
  // As a tray does, which opens no port until somebody signs in.
  const other = await takeOwnership({ places: stored.places, kind: 'tray' });
  expect(other.kind).toBe('owner');
  const [before, kept] = [stored.refreshes().length, vaultFiles()];
  expect(await first.ended, first.said()).toBe(1);
  expect(first.said()).toContain('another Tokentray process has started since');
  expect([stored.refreshes().length, vaultFiles()]).toEqual([before, kept]);
  if (other.kind === 'owner') await other.release();
});

test('with its program files removed after the start, it still refreshes, and says to restart where a file is missing', async () => {
  const copy = path.join(stored.home.directory, 'program');
  mkdirSync(copy);
  for (const part of ['dist', 'package.json'])
    cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  start({}, path.join(copy, 'dist/terminal/tokentray.js'));
  await stored.firstToken();
  // MSAL is loaded in the quiet second after the start.
  await sleep(3_000);
  rmSync(copy, { recursive: true });
  const refreshed = await stored.ask('POST', '/v1/refresh');
  expect(refreshed?.status, refreshed?.body).toBe(200);
  const answer = await stored.ask('POST', '/v1/reload');
  expect(answer?.body).toContain('Restart Tokentray');
});

test('a refusal is logged with what an administrator asks for, and `status --json` and `doctor` show it', async () => {
  const serve = start();
  await stored.firstToken();
  stored.home.tenant.faults.token = { kind: 'aadsts', code: 53003, error: 'interaction_required' };
  await stored.ask('POST', '/v1/refresh');
  const guid = '[0-9a-f-]{36}';
  await expect
    .poll(() => serve.said())
    .toMatch(
      new RegExp(
        `refresh failed.*problem=conditional-access.*detail=AADSTS53003.*correlationId=${guid}.*traceId=${guid}.*timestamp=`,
        'u',
      ),
    );
  const tokentray = stored.tokentray();
  const { session } = JSON.parse((await tokentray.run('status', '--json')).out) as {
    session: { reason: { reference: Record<string, string> } };
  };
  const { correlationId = '', traceId = '', timestamp = '' } = session.reason.reference;
  expect([correlationId, traceId]).toEqual([expect.stringMatching(guid), expect.stringMatching(guid)]);
  expect(timestamp).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/u);
  const doctor = await tokentray.run('doctor');
  expect(doctor.err + doctor.out).toContain(
    `correlation ID ${correlationId}, trace ID ${traceId}, ${timestamp}`,
  );
});

/**
 * `npm run demo`: the demo tenant, and the application configured for it, in a directory of their own that is removed
 * at the end. `--auto` also acts as the user, through the same pages; with `--once` it then exits.
 */
import { decodeJwt } from 'jose';
import { parseArgs } from 'node:util';
import { freePort, makeDemoHome, type DemoHome } from './play/demo-home.ts';
import { startTerminalHost, startTray, tokentray } from './play/demo-hosts.ts';
import { startDemoTenant, type DemoTenant } from './server/tenant.ts';
import { signInAsUser } from './play/user.ts';

/** The old application's port; if it is taken, the demo uses another one. */
const PREFERRED_PORT = 5000;

/** Undefined, after an error message, for unknown flags. */
function readFlags(): { readonly auto: boolean; readonly once: boolean } | undefined {
  try {
    const { values } = parseArgs({ options: { auto: { type: 'boolean' }, once: { type: 'boolean' } } });
    return { auto: values.auto === true || values.once === true, once: values.once === true };
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\nUsage: npm run demo [-- --auto] [-- --auto --once]\n`);
    process.exitCode = 2;
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function askToken(home: DemoHome): Promise<{ accessToken: string; expiresOn: string }> {
  return JSON.parse(await tokentray(home, ['token', '--json'])) as { accessToken: string; expiresOn: string };
}

/** Signs in through the real pages, then gets and refreshes a token as a script would. */
async function playUser(tenant: DemoTenant, home: DemoHome, signInUrl: string): Promise<void> {
  const [user] = tenant.users;
  if (user === undefined) throw new Error('the demo tenant has no user');
  print(`▸ Signing in as ${user.username} through the sign-in pages …`);
  const script = { username: user.username, password: user.password, ca: tenant.certificatePem };
  const end = await signInAsUser(signInUrl, script);
  if (end.kind !== 'page' || end.status !== 200) throw new Error(`the sign-in ended at ${end.url}`);
  print(`  signed in; the browser is at ${end.url}`);

  print('▸ tokentray token');
  const first = await askToken(home);
  const { scp, aud, tid, oid, name, exp } = decodeJwt<Record<string, unknown>>(first.accessToken);
  print(first.accessToken);
  print('  its claims:');
  for (const [claim, value] of Object.entries({ scp, aud, tid, oid, name }))
    print(`    ${claim.padEnd(4)} ${String(value)}`);
  print(`    exp  ${String(exp)} (good until ${first.expiresOn})`);

  print('▸ tokentray refresh');
  await tokentray(home, ['refresh']);
  const second = await askToken(home);
  if (second.accessToken === first.accessToken) throw new Error('the refresh brought the same token');
  print(`  a new token, good until ${second.expiresOn}`);
}

function explain(tenant: DemoTenant, signInUrl: string | undefined): void {
  const [user] = tenant.users;
  print(`  user name: ${user?.username ?? ''}`);
  print(`  password:  ${user?.password ?? ''}`);
  if (signInUrl === undefined) print('Choose “Sign in…” from the tray icon.');
  else {
    print(`Open ${signInUrl}`);
    print('Your browser warns of the demo tenant’s certificate, which was made for this run: go on.');
  }
}

async function run(flags: { readonly auto: boolean; readonly once: boolean }): Promise<void> {
  const redirectUri = `http://localhost:${await freePort(PREFERRED_PORT)}/getAToken`;
  const tenant = await startDemoTenant({ client: { redirectUris: [redirectUri] } });
  const home = await makeDemoHome(tenant, redirectUri);
  const leave = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  try {
    print(`▸ Demo tenant: ${tenant.authority}`);
    const tray = flags.auto ? undefined : await startTray(home, tenant.certificateSpkiSha256);
    if (tray !== undefined) {
      explain(tenant, undefined);
      const code = await Promise.race([tray.ended, leave]);
      if (typeof code === 'number' && code !== 0) throw new Error(`the tray ended with ${code}`);
      await tray.stop();
      return;
    }
    const host = await startTerminalHost(home);
    try {
      print('▸ tokentray serve is running');
      if (flags.auto) await playUser(tenant, home, host.signInUrl);
      else explain(tenant, host.signInUrl);
      if (flags.once) return;
      print('Ctrl-C ends the demo and removes what it made.');
      await Promise.race([host.ended, leave]);
    } finally {
      await host.stop();
    }
  } finally {
    await tenant.close();
    await home.remove();
  }
}

const flags = readFlags();
if (flags !== undefined)
  run(flags).catch((error: unknown) => {
    process.stderr.write(`The demo ended: ${messageOf(error)}\n`);
    process.exitCode = 1;
  });

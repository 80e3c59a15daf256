/**
 * `npm run demo`: the demo tenant and the application against it, in a directory of their own that is
 * gone afterwards. `--auto` plays the user too, through the same pages; with `--once` it ends after that.
 */
import { decodeJwt } from 'jose';
import { parseArgs } from 'node:util';
import { freePort, makeDemoHome, type DemoHome } from './play/demo-home.ts';
import { startTerminalHost, startTray, tokentray } from './play/demo-hosts.ts';
import { startDemoTenant, type DemoTenant } from './server/tenant.ts';
import { signInAsUser } from './play/user.ts';

/** The old application's port; the demo takes another one when somebody has it. */
const PREFERRED_PORT = 5000;

interface Flags {
  readonly auto: boolean;
  readonly once: boolean;
}

/** undefined, and said why, for flags that the demo does not have. */
function readFlags(): Flags | undefined {
  try {
    const { values } = parseArgs({ options: { auto: { type: 'boolean' }, once: { type: 'boolean' } } });
    return { auto: values.auto === true || values.once === true, once: values.once === true };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${detail}\nUsage: npm run demo [-- --auto] [-- --auto --once]\n`);
    process.exitCode = 2;
    return undefined;
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

interface TokenJson {
  readonly accessToken: string;
  readonly expiresOn: string;
}

async function askToken(home: DemoHome): Promise<TokenJson> {
  return JSON.parse(await tokentray(home, ['token', '--json'])) as TokenJson;
}

/** Through the real pages, as a person with a browser would; then what a script would do. */
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
  for (const [claim, value] of Object.entries({ scp, aud, tid, oid, name })) {
    print(`    ${claim.padEnd(4)} ${String(value)}`);
  }
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

async function run(flags: Flags): Promise<void> {
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
    process.stderr.write(`The demo ended: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });

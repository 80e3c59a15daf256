import { once } from 'node:events';
import { createServer } from 'node:net';
import { problem } from '../agent/problem.ts';
import { isLoopbackRedirectUri, receivablePort } from '../config/redirect-uri.ts';
import { errorCode } from '../outlets/error-code.ts';
import type { OwnerRecord } from '../outlets/ownership.ts';
import { sayPortHolder } from '../outlets/port-holder.ts';
import { say } from '../words/say.ts';
import type { Outcome } from './findings.ts';

/** Both are wanted, or somebody else gets the code: DESIGN, Threats. */
const ADDRESSES = ['127.0.0.1', '::1'];
/** The machine has no such address: many have no IPv6. */
const NO_SUCH_ADDRESS: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);

/** Whether the redirect URI's port can be had, or who has it: free, our own owner, or somebody else. */
export async function checkPort(redirectUri: string, owner: OwnerRecord | undefined): Promise<Outcome> {
  const port = receivablePort(redirectUri);
  if (port === undefined) {
    const isHere = isLoopbackRedirectUri(redirectUri);
    const detail = say(isHere ? 'doctor.port.window' : 'doctor.port.elsewhere', { redirectUri });
    return { kind: 'skipped', detail };
  }
  const codes = await Promise.all(ADDRESSES.map((host) => refusalOf(host, port)));
  if (codes.includes('EADDRINUSE')) return heldPort(port, owner);
  const refused = codes.find((code) => code !== undefined && !NO_SUCH_ADDRESS.has(code));
  if (refused !== undefined) {
    return { kind: 'trouble', problem: problem('admin', 'port-refused', { port, detail: refused }) };
  }
  return { kind: 'ok', detail: say('doctor.port.free', { port }) };
}

async function heldPort(port: number, owner: OwnerRecord | undefined): Promise<Outcome> {
  const holder = await sayPortHolder(port);
  // Where it cannot be told who holds it (only Linux tells), tokentray serve is believed.
  const isOurs =
    owner?.kind === 'terminal' && (holder === '' || new RegExp(`\\b${owner.pid}\\b`, 'u').test(holder));
  return isOurs
    ? { kind: 'ok', detail: say('doctor.port.ours', { port }) }
    : { kind: 'trouble', problem: problem('admin', 'port-in-use', { port, holder }) };
}

/** The code with which listening is refused; undefined where it is not. The port is free again afterwards. */
async function refusalOf(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
  } catch (error) {
    return errorCode(error);
  }
  server.close();
  await once(server, 'close');
  return undefined;
}

import { once } from 'node:events';
import { createServer } from 'node:net';
import { errorCode } from '../files/error-code.ts';
import { findPortHolder, type PortHolder } from './port-holder.ts';

/** Whether a port of this machine can be listened on. */
export type PortLook =
  | { readonly kind: 'free' }
  | { readonly kind: 'held'; readonly holder: PortHolder }
  /** `detail`: the system's code, EACCES for example. */
  | { readonly kind: 'refused'; readonly detail: string };

/** Both are required: another user could listen on the other address and receive the authorization code. */
const ADDRESSES = ['127.0.0.1', '::1'];
/** The machine lacks this address; many have no IPv6. */
const NO_SUCH_ADDRESS: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);

/** Checks by listening briefly on both loopback addresses; the port is free again afterwards. */
export async function lookAtPort(port: number): Promise<PortLook> {
  const codes = await Promise.all(ADDRESSES.map((host) => refusalOf(host, port)));
  if (codes.includes('EADDRINUSE')) return { kind: 'held', holder: await findPortHolder(port) };
  const refused = codes.find((code) => code !== undefined && !NO_SUCH_ADDRESS.has(code));
  return refused === undefined ? { kind: 'free' } : { kind: 'refused', detail: refused };
}

/** Whether the machine lacks a loopback address. */
export async function lacksAddress(address: '127.0.0.1' | '::1'): Promise<boolean> {
  return NO_SUCH_ADDRESS.has((await refusalOf(address, 0)) ?? '');
}

/** The error code if listening is refused. */
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

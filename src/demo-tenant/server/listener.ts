import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { RunCertificate } from './certificate.ts';

/** A client that cannot send its head in this time is not one of ours. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Attempts to find a port that is free on both loopback addresses. */
const PORT_ATTEMPTS = 10;

/** The open server, on one address or on two. */
export interface Listener {
  readonly port: number;
  /** Closes every connection, answered or not, and resolves when all are closed. */
  close(): Promise<void>;
}

/**
 * Listens over TLS. `localhost` means both 127.0.0.1 and, if the machine has it, ::1: clients may choose either.
 * @throws the system's error if the port is not available.
 */
export async function listen(
  host: string,
  port: number,
  certificate: RunCertificate,
  onRequest: RequestListener,
): Promise<Listener> {
  const serve = (address: string, on: number) => openServer(address, on, certificate, onRequest);
  if (host !== 'localhost') return serve(host, port);
  for (let attempt = 1; ; attempt += 1) {
    const first = await serve('127.0.0.1', port);
    try {
      const second = await serve('::1', first.port);
      const close = async (): Promise<void> => {
        await Promise.all([first.close(), second.close()]);
      };
      return { port: first.port, close };
    } catch (thrown) {
      if (isWithoutIpv6(thrown)) return first;
      await first.close();
      if (port !== 0 || attempt === PORT_ATTEMPTS) throw thrown;
    }
  }
}

async function openServer(
  host: string,
  port: number,
  { certificatePem: cert, privateKeyPem: key }: RunCertificate,
  onRequest: RequestListener,
): Promise<Listener> {
  const timeouts = { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS };
  const server = createServer({ cert, key, ...timeouts }, onRequest);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen({ host, port });
  await once(server, 'listening');
  return { port: portOf(server), close: () => closeAll(server, sockets) };
}

async function closeAll(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // Not closeAllConnections: it misses connections whose TLS handshake is not complete.
  for (const socket of sockets) socket.destroy();
  await closed;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function isWithoutIpv6(thrown: unknown): boolean {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT';
}

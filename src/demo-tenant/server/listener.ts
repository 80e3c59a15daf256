import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { RunCertificate } from './certificate.ts';

/** A client that cannot send its head in this time is not one of ours. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Tries to find a port that is free on both loopback addresses. */
const PORT_ATTEMPTS = 10;

/** The open server, on one address or on two. */
export interface Listener {
  readonly port: number;
  /** Ends every connection, answered or not, and resolves when all is closed. */
  close(): Promise<void>;
}

/**
 * Listens over TLS. `localhost` means both 127.0.0.1 and, where the machine has it, ::1: clients may choose either.
 * @throws the system's error when the port cannot be had.
 */
export async function listen(
  host: string,
  port: number,
  certificate: RunCertificate,
  onRequest: RequestListener,
): Promise<Listener> {
  const serve = (address: string, on: number) => openServer(address, on, certificate, onRequest);
  if (host !== 'localhost') return join([await serve(host, port)]);
  for (let attempt = 1; ; attempt += 1) {
    const first = await serve('127.0.0.1', port);
    try {
      const second = await serve('::1', portOf(first.server));
      return join([first, second]);
    } catch (thrown) {
      if (isWithoutIpv6(thrown)) return join([first]);
      await first.close();
      if (port !== 0 || attempt === PORT_ATTEMPTS) throw thrown;
    }
  }
}

interface OpenServer {
  readonly server: Server;
  close(): Promise<void>;
}

function openServer(
  host: string,
  port: number,
  certificate: RunCertificate,
  onRequest: RequestListener,
): Promise<OpenServer> {
  const server = createServer(
    {
      cert: certificate.certificatePem,
      key: certificate.privateKeyPem,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
    },
    onRequest,
  );
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      // Not closeAllConnections: it misses those whose TLS handshake is under way.
      for (const socket of sockets) socket.destroy();
    });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve({ server, close });
    });
  });
}

function join(servers: readonly [OpenServer, ...OpenServer[]]): Listener {
  return {
    port: portOf(servers[0].server),
    async close() {
      await Promise.all(servers.map((open) => open.close()));
    },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function isWithoutIpv6(thrown: unknown): boolean {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT';
}

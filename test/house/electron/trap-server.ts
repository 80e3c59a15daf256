import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One HTTP request that reached the trap. */
export interface TrappedRequest {
  method: string;
  url: string;
  body: string;
  address: string;
}

/** A server where nothing must ever arrive: the redirect port of an in-app sign-in. */
export interface TrapServer {
  readonly port: number;
  /** TCP connections. Chromium may open one and send nothing. */
  connections(): number;
  /** Bytes of any kind: a TLS ClientHello is not an HTTP request, and has reached the server all the same. */
  bytesReceived(): number;
  /** Connections that sent at least one of them. */
  speakers(): number;
  requests(): readonly TrappedRequest[];
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1 and, where the machine has it, ::1.
 * @param port 0 takes a free one
 * @throws when the port is taken
 */
export async function openTrap(port = 0): Promise<TrapServer> {
  const requests: TrappedRequest[] = [];
  const sockets: Socket[] = [];
  const makeServer = (): Server =>
    createServer((request, response) => {
      readBody(request, (body) => {
        const address = request.socket.localAddress ?? '';
        requests.push({ method: request.method ?? '', url: request.url ?? '', body, address });
        response.setHeader('content-type', 'text/html').end('<title>trap</title>the trap was reached');
      });
    }).on('connection', (socket: Socket) => sockets.push(socket));

  const first = makeServer();
  await listen(first, port, '127.0.0.1');
  const actual = (first.address() as AddressInfo).port;
  const servers = [first];
  const second = makeServer();
  try {
    await listen(second, actual, '::1');
    servers.push(second);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRNOTAVAIL')) throw error;
  }
  return {
    port: actual,
    connections: () => sockets.length,
    bytesReceived: () => sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
    speakers: () => sockets.filter(({ bytesRead }) => bytesRead > 0).length,
    requests: () => requests,
    close: async () => {
      await Promise.all(servers.map(close));
    },
  };
}

function readBody(request: IncomingMessage, use: (body: string) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => use(Buffer.concat(chunks).toString()));
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

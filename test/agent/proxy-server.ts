// A proxy of the tests: it takes CONNECT, and decides itself where a host name leads.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface TestProxy {
  /** `127.0.0.1:PORT` */
  readonly name: string;
  readonly url: string;
  /** `login.example.test:443 Basic …`, one for each CONNECT. */
  readonly seen: string[];
  close(): void;
}

/** `tunnel` leads to 127.0.0.1 at that port; `answer` is a status without a tunnel; `hang` never answers. */
export type ProxyConduct =
  | { readonly kind: 'tunnel'; readonly port: number }
  | { readonly kind: 'answer'; readonly status: number }
  | { readonly kind: 'hang' };

export async function startProxy(conduct: ProxyConduct): Promise<TestProxy> {
  const seen: string[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer((_request: IncomingMessage, response: ServerResponse) => {
    seen.push('not a CONNECT');
    response.writeHead(500).end();
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    seen.push([request.url, request.headers['proxy-authorization']].filter(Boolean).join(' '));
    if (conduct.kind === 'hang') return;
    if (conduct.kind === 'answer') {
      const page = '<h1>The proxy says no</h1>';
      const challenge = conduct.status === 407 ? 'Proxy-Authenticate: Basic realm="proxy"\r\n' : '';
      client.end(
        `HTTP/1.1 ${conduct.status} No\r\n${challenge}Content-Type: text/html\r\nContent-Length: ${page.length}\r\n\r\n${page}`,
      );
      return;
    }
    const upstream = connect(conduct.port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    sockets.add(upstream);
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const name = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    name,
    url: `http://${name}`,
    seen,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

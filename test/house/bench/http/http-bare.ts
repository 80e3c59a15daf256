/**
 * A process with a bare `node:http` server that answers everything with the same head and body: what the
 * answers of the product's servers are measured beside. What it is to do is in the variable ORDER, as JSON; it
 * prints the port it listens on, or 0 where it is a socket.
 */
import { createServer } from 'node:http';
import type { ListenOptions } from 'node:net';

export interface BareOrder {
  readonly listen: ListenOptions;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const { listen, headers, body } = JSON.parse(process.env['ORDER'] ?? '{}') as BareOrder;
const server = createServer((_request, response) => {
  response.writeHead(200, headers);
  response.end(body);
});
server.listen(listen, () => {
  const address = server.address();
  process.stdout.write(String(typeof address === 'object' ? (address?.port ?? 0) : 0));
});

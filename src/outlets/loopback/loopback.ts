import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { problem, ProblemError } from '../../words/problem.ts';
import { errorCode } from '../../system/files/error-code.ts';
import { closeServer, limitedServer, listen, type Handler } from '../http/limited-server.ts';
import { sayPortHolder } from '../../system/ports/port-holder.ts';

/** A server on all loopback addresses of the machine. */
export interface LoopbackServer {
  readonly port: number;
  readonly addresses: readonly string[];
  close(): Promise<void>;
}

/** Only for port 0 (tests): a port that is free on one address may be taken on the other. */
const FREE_PORT_ATTEMPTS = 10;

/**
 * Listens on 127.0.0.1 and, if the machine has it, on ::1, or on neither: a browser may use either for `localhost`,
 * and a process that held the other one would receive the authorization code.
 * @throws ProblemError `port-in-use`, naming who holds the port, or `port-refused`
 */
export async function listenOnLoopback(options: {
  /** 0 takes a free one. */
  readonly port: number;
  readonly handler: Handler;
  readonly onError: (error: unknown) => void;
}): Promise<LoopbackServer> {
  const open = (address: string, port: number): Promise<Server> =>
    listen(limitedServer(options.handler, options.onError), { host: address, port });
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await openBoth(options.port, open);
    } catch (error) {
      if (options.port === 0 && attempt < FREE_PORT_ATTEMPTS) continue;
      throw await toProblem(error, options.port);
    }
  }
}

async function openBoth(
  port: number,
  open: (address: string, port: number) => Promise<Server>,
): Promise<LoopbackServer> {
  const first = await open('127.0.0.1', port);
  const found = (first.address() as AddressInfo).port;
  const close = (servers: readonly Server[]) => async (): Promise<void> => {
    await Promise.all(servers.map(closeServer));
  };
  try {
    const second = await open('::1', found);
    return { port: found, addresses: ['127.0.0.1', '::1'], close: close([first, second]) };
  } catch (error) {
    // A machine without IPv6, or with IPv6 disabled on the loopback interface.
    if (['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(errorCode(error))) {
      return { port: found, addresses: ['127.0.0.1'], close: close([first]) };
    }
    await closeServer(first);
    throw error;
  }
}

async function toProblem(error: unknown, port: number): Promise<unknown> {
  const code = errorCode(error);
  if (code === 'EADDRINUSE') {
    return new ProblemError(problem('admin', 'port-in-use', { port, holder: await sayPortHolder(port) }));
  }
  if (code === 'EACCES') return new ProblemError(problem('admin', 'port-refused', { port, detail: code }));
  return error;
}

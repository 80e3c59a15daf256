// How `net.request` reaches an https server: nobody is trusted but whom Chromium's own switch names
// (`--ignore-certificate-errors-spki-list`). Node's trust, NODE_EXTRA_CA_CERTS with it, counts for nothing, as in
// Electron: a request that arrives has gone this way.
import { createHash } from 'node:crypto';
import { connect, createSecureContext, type TLSSocket } from 'node:tls';
import { commandLine } from '../app/command-line.ts';

const TRUSTING = 'ignore-certificate-errors-spki-list';

/** Answers with the connection when it stands and is trusted, before anything is sent on it. */
export function connectTrusted(
  { hostname, port }: URL,
  answer: (error: Error | null, socket?: TLSSocket) => void,
): void {
  const host = hostname.replaceAll(/[[\]]/gu, '');
  const socket = connect({
    host,
    port: Number(port || 443),
    ...(/^[\d.]+$|:/u.test(host) ? {} : { servername: host }),
    // No roots at all: the public ones take a tenth of a second to read, and no test meets them.
    secureContext: createSecureContext({ ca: [] }),
    // Chromium judges after the handshake too.
    rejectUnauthorized: false,
  });
  socket.once('error', answer);
  socket.once('secureConnect', () => {
    socket.off('error', answer);
    const problem: unknown = socket.authorizationError;
    if (socket.authorized || isNamed(socket)) {
      answer(null, socket);
      return;
    }
    socket.destroy();
    answer(Object.assign(new Error('certificate'), { code: String(problem) }));
  });
}

function isNamed(socket: TLSSocket): boolean {
  const key = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' });
  if (key === undefined) return false;
  return trusted().includes(createHash('sha256').update(key).digest('base64'));
}

function trusted(): readonly string[] {
  const given = JSON.parse(process.env.STANDIN_CHROMIUM_ARGS ?? '[]') as string[];
  const start = `--${TRUSTING}=`;
  const lists = given.filter((one) => one.startsWith(start)).map((one) => one.slice(start.length));
  return [...lists, commandLine.getSwitchValue(TRUSTING)].flatMap((list) => list.split(','));
}

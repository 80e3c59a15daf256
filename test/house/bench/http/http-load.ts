/**
 * A process that asks one server again and again over several connections, each waiting for its answer before it
 * asks anew, and prints what it saw as JSON. It writes one prepared request and counts bytes instead of parsing
 * every answer, so that the server is what limits the rate. Where the server closes after each answer, every
 * request has a connection of its own. Anything but a 200 ends it with an error.
 */
import { connect, type NetConnectOpts } from 'node:net';

/** What the process is given in the variable ORDER, as JSON. */
export interface LoadOrder {
  readonly target: NetConnectOpts;
  /** Head of a GET, with the empty line. */
  readonly request: string;
  readonly connections: number;
  /** Asked, but not counted. */
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface LoadSeen {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Head {
  /** Bytes of the whole answer. */
  readonly wanted: number;
  readonly connection: 'stays' | 'closes';
}

const OK_LINE = /^HTTP\/1\.[01] 200 /u;
const END_OF_HEAD = '\r\n\r\n';

const order = JSON.parse(process.env['ORDER'] ?? '{}') as LoadOrder;
const measureFrom = performance.now() + order.warmUpMs;
const measureUntil = measureFrom + order.measureMs;
const tookMs: number[] = [];

/** undefined until the whole head is there. */
function readHead(answer: Buffer): Head | undefined {
  const end = answer.indexOf(END_OF_HEAD);
  if (end === -1) return undefined;
  const head = answer.toString('latin1', 0, end);
  const length = /^content-length: *(\d+)$/imu.exec(head)?.[1];
  if (!OK_LINE.test(head) || length === undefined) throw new Error(`an unexpected answer: ${head}`);
  const stays = head.startsWith('HTTP/1.1') && !/^connection: *close$/imu.test(head);
  return {
    wanted: end + END_OF_HEAD.length + Number(length),
    connection: stays ? 'stays' : 'closes',
  };
}

/** Asks over one connection until the time is over; resolves earlier where the server closes after its answer. */
function askOver(): Promise<void> {
  return new Promise((resolve, reject) => {
    let askedAt = performance.now();
    /** Of the answer that is coming in. */
    let first: Buffer | undefined;
    let received = 0;
    let head: Head | undefined;

    const socket = connect(order.target, () => socket.write(order.request));
    socket.setNoDelay(true);
    const answered = (connection: Head['connection']): void => {
      const now = performance.now();
      if (askedAt >= measureFrom && now < measureUntil) tookMs.push(now - askedAt);
      if (connection === 'closes' || now >= measureUntil) {
        resolve();
        socket.destroy();
        return;
      }
      [first, received, head] = [undefined, 0, undefined];
      askedAt = now;
      socket.write(order.request);
    };
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (head === undefined) {
        first = first === undefined ? chunk : Buffer.concat([first, chunk]);
        head = readHead(first);
      }
      if (head === undefined || received < head.wanted) return;
      if (received > head.wanted) reject(new Error('more came than one answer'));
      answered(head.connection);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server closed without a whole answer')));
  });
}

async function ask(): Promise<void> {
  while (performance.now() < measureUntil) await askOver();
}

await Promise.all(Array.from({ length: order.connections }, ask));
const sorted = tookMs.toSorted((a, b) => a - b);
const quantile = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? NaN;
const seen: LoadSeen = {
  perSecond: (sorted.length * 1000) / order.measureMs,
  p50Ms: quantile(0.5),
  p99Ms: quantile(0.99),
};
process.stdout.write(JSON.stringify(seen));

import { EventEmitter } from 'node:events';
import { Duplex } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { Connections, MAX_CONNECTIONS } from '../../../src/outlets/http/connections.ts';
import { token } from '../fixtures/fake-agent.ts';
import { dial, get, MSI, openLoopback, type Line } from '../fixtures/loopback-fixture.ts';
import { closeAll } from '../fixtures/socket-fixture.ts';

afterEach(closeAll);

describe('which connection goes when there are too many', () => {
  function world(): {
    connect: () => Duplex;
    begin: (socket: Duplex) => { ended: () => void; answered: () => void; may: 'go on' | 'gone' };
  } {
    const server = new EventEmitter();
    const connections = new Connections(server);
    return {
      connect: () => {
        const socket = new Duplex({ read: () => undefined, write: () => undefined });
        server.emit('connection', socket);
        return socket;
      },
      begin: (socket) => {
        const response = Object.assign(new EventEmitter(), { writableEnded: false });
        const may = connections.begin(socket, response);
        return {
          may,
          ended: () => (response.writableEnded = true),
          answered: () => response.emit('close'),
        };
      },
    };
  }

  test('the one that has been silent for longest; the last one answered goes last', () => {
    const { connect, begin } = world();
    const [first, second, third] = [connect(), connect(), connect()];
    begin(first).answered();
    for (let count = 3; count < MAX_CONNECTIONS; count += 1) connect();
    expect(second.destroyed).toBe(false);
    connect();
    expect([first, second, third].map(({ destroyed }) => destroyed)).toEqual([false, true, false]);
    connect();
    expect([first, third].map(({ destroyed }) => destroyed)).toEqual([false, true]);
  });

  test('none that is being answered; then the newest is refused', () => {
    const { connect, begin } = world();
    const busy = Array.from({ length: MAX_CONNECTIONS }, connect);
    const answers = busy.map((socket) => begin(socket));
    expect(connect().destroyed).toBe(true);
    expect(busy.some(({ destroyed }) => destroyed)).toBe(false);
    answers[0]!.answered();
    const next = connect();
    expect([busy[0]!.destroyed, next.destroyed]).toEqual([true, false]);
  });

  test('first those that do not read their answer, never those that wait for one', () => {
    const { connect, begin } = world();
    const silent = connect();
    const [deaf, waiting, reading] = [connect(), connect(), connect()];
    for (const socket of [deaf, waiting]) {
      begin(socket).ended();
      // No client reads it.
      socket.write('an answer');
    }
    begin(waiting);
    begin(reading).ended();
    for (let count = 4; count < MAX_CONNECTIONS; count += 1) connect();
    const newest = connect();
    const gone = (): boolean[] => [silent, deaf, waiting, reading, newest].map(({ destroyed }) => destroyed);
    expect(gone()).toEqual([false, true, false, false, false]);
    connect();
    expect(gone()).toEqual([true, true, false, false, false]);
  });

  test('those that have ended do not count', async () => {
    const { connect } = world();
    const kept = connect();
    for (let count = 0; count < 3 * MAX_CONNECTIONS; count += 1) {
      await new Promise((resolve) => connect().once('close', resolve).destroy());
    }
    expect(kept.destroyed).toBe(false);
  });

  test('a second request before the first is answered keeps the connection busy', () => {
    const { connect, begin } = world();
    const socket = connect();
    const [one] = [begin(socket), begin(socket)];
    one.answered();
    for (let count = 0; count < MAX_CONNECTIONS; count += 1) connect();
    expect(socket.destroyed).toBe(false);
  });
});

const BATCH = 500;

/** Silent connections, or those that begin a request and never end it. */
async function flood(api: { readonly port: number }, text: string): Promise<readonly Line[]> {
  const lines = Array.from({ length: BATCH }, () => dial(api, text));
  await Promise.all(
    lines.map(
      ({ socket }) =>
        new Promise<void>((resolve) => {
          socket.once('connect', resolve);
          socket.once('close', () => resolve());
        }),
    ),
  );
  return lines;
}

test.each([
  [10_000, 'say nothing', ''],
  [2_000, 'never end their headers', `GET ${MSI} HTTP/1.1\r\nX-Slow: `],
])(
  '%i connections that %s: bounded, and everybody else is served all the while',
  async (count, _what, text) => {
    const { api, agent } = await openLoopback();
    // Asked before the flood, and answered after it.
    let answer = (): void => undefined;
    agent.answer = new Promise((resolve) => {
      answer = () => resolve({ kind: 'token', token, warning: undefined });
    });
    const waiting = get(api, MSI);
    while (agent.requests.length === 0) await new Promise(setImmediate);
    agent.answer = { kind: 'token', token, warning: undefined };
    const lines: Line[] = [];
    for (let batch = 0; batch < count / BATCH; batch += 1) {
      lines.push(...(await flood(api, text)));
      expect((await get(api, MSI)).status).toBe(200);
    }
    const open = (): number => lines.filter(({ socket }) => !socket.destroyed).length;
    await expect.poll(open).toBeLessThanOrEqual(MAX_CONNECTIONS);
    answer();
    expect((await waiting).status).toBe(200);
  },
);

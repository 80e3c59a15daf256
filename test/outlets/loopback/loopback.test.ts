import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ProblemError } from '../../../src/words/problem.ts';
import { listenOnLoopback, type LoopbackServer } from '../../../src/outlets/loopback/loopback.ts';
import { findListeners, sayPortHolder } from '../../../src/system/ports/port-holder.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === '::1'),
);

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listen(port: number): Promise<LoopbackServer> {
  const server = await listenOnLoopback({
    port,
    handler: (_request, response) => Promise.resolve(void response.end('here')),
    onError: () => undefined,
  });
  closing.push(() => server.close());
  return server;
}

async function occupy(host: string, port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer().listen({ host, port });
  await once(server, 'listening');
  closing.push(() => server.close());
  return { server, port: (server.address() as AddressInfo).port };
}

async function problemOf(refused: Promise<unknown>): Promise<ProblemError['problem']> {
  const error: unknown = await refused.catch((thrown: unknown) => thrown);
  if (error instanceof ProblemError) return error.problem;
  throw error;
}

test('answers on both loopback addresses that the machine has', async () => {
  const { port, addresses } = await listen(0);
  expect(addresses).toEqual(hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1']);
  for (const address of addresses) {
    const host = address.includes(':') ? `[${address}]` : address;
    expect(await (await fetch(`http://${host}:${port}/`)).text()).toBe('here');
  }
});

test.skipIf(!hasIpv6)('where the other address is taken, it listens on neither', async () => {
  const { port, server } = await occupy('::1');
  expect((await problemOf(listen(port))).code).toBe('port-in-use');
  server.close();
  // 127.0.0.1 was let go of again.
  await expect(occupy('127.0.0.1', port)).resolves.toBeDefined();
});

test.skipIf(process.platform !== 'linux')('names the program that holds the port', async () => {
  const code =
    'const s=require("net").createServer().listen(0,"127.0.0.1",()=>console.log(s.address().port))';
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  closing.push(() => child.kill());
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(line.toString());
  const { kind, code: found, params } = await problemOf(listen(port));
  expect({ kind, found, port: params.port }).toEqual({ kind: 'admin', found: 'port-in-use', port });
  expect(params.holder).toMatch(new RegExp(` by \\S+ \\(process ${child.pid ?? 0}\\)`, 'u'));
});

test('another user’s program, whose name is hidden, is reported with its user', async () => {
  const proc = mkdtempSync(path.join(tmpdir(), 'proc-'));
  mkdirSync(path.join(proc, 'net'));
  const line =
    '   0: 0100007F:1388 00000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 4711 1';
  const busy =
    '   1: 0100007F:1388 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 4712 1';
  writeFileSync(path.join(proc, 'net', 'tcp'), `  sl  local_address\n${line}\n${busy}\n`);
  expect(await sayPortHolder(5000, proc)).toBe(' by a program of the user with ID 33');
  expect(await sayPortHolder(5001, proc)).toBe('');
  mkdirSync(path.join(proc, '12', 'fd'), { recursive: true });
  symlinkSync('socket:[4711]', path.join(proc, '12', 'fd', '3'));
  writeFileSync(path.join(proc, '12', 'comm'), 'python3\n');
  expect(await sayPortHolder(5000, proc)).toBe(' by python3 (process 12)');
  expect(findListeners('', 5000)).toEqual([]);
});

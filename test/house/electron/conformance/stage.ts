// What every subject of the conformance list uses: how a behaviour is added, and the windows, servers and waits of
// its program.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { app, BrowserWindow, session, type Session } from 'electron';
import { createRunCertificate, type RunCertificate } from '../../../../src/demo-tenant/server/certificate.ts';
import { openTrap } from '../trap-server.ts';

type Behaviour = () => Promise<void>;
export type Details = Electron.OnBeforeRequestListenerDetails;

export const behaviours = new Map<string, Behaviour>();
export const closers: (() => unknown)[] = [];
let partitions = 0;

/** Long enough for Chromium to send what it is going to send. */
export const SETTLE_MS = 120;
export const settle = () => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

export function behaves(name: string, program: Behaviour): void {
  behaviours.set(name, program);
}

/** A behaviour of some systems only; on others the output says that it is not asked. */
export function behavesOn(platforms: readonly NodeJS.Platform[], name: string, program: Behaviour): void {
  if (platforms.includes(process.platform)) behaves(name, program);
  else process.stdout.write(`not asked on ${process.platform}: ${name}\n`);
}

export function freshSession(): Session {
  return session.fromPartition(`conformance-${++partitions}`, { cache: false });
}

export function openWindow(
  ses = freshSession(),
  webPreferences: Electron.WebPreferences = {},
): BrowserWindow {
  const window = new BrowserWindow({
    show: false,
    webPreferences: { session: ses, sandbox: true, ...webPreferences },
  });
  closers.push(() => window.destroy());
  return window;
}

/** A remote server, such as an identity provider. */
export async function serve(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === '/favicon.ico') response.writeHead(404).end();
    else handler(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Named to Chromium before `ready`, as the demo tenant's is. */
export const NAMED = createRunCertificate(['127.0.0.1']);
app.commandLine.appendSwitch('ignore-certificate-errors-spki-list', NAMED.spkiSha256);

export async function serveTls(
  { privateKeyPem: key, certificatePem: cert }: RunCertificate,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createTlsServer({ key, cert }, handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function trap() {
  const server = await openTrap();
  closers.push(() => server.close());
  return {
    url: `http://localhost:${server.port}/getAToken`,
    /** Without the icon that Chromium fetches once a page of the trap is open. */
    requests: () => server.requests().filter(({ url }) => url !== '/favicon.ico'),
    port: server.port,
    close: () => server.close(),
  };
}

export function html(response: ServerResponse, body: string): void {
  response.setHeader('content-type', 'text/html').end(`<!doctype html><title>page</title>${body}`);
}

export function redirect(response: ServerResponse, location: string, status = 302): void {
  response.writeHead(status, { location }).end();
}

/** Loads, with any outcome, and waits for the requests that follow. */
export async function loadAndSettle(window: BrowserWindow, url: string): Promise<unknown> {
  const outcome = await window.loadURL(url).catch((error: unknown) => error);
  await settle();
  return outcome;
}

export function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + 15_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited 15 s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function say(line: string): void {
  // Synchronous, as the process may end right after.
  process.stdout.write(`ROLE ${line}\n`);
}

export const ONE_PIXEL_PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

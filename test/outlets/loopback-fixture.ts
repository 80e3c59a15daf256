// The loopback server over fake agents, and clients that say to it whatever a test wants said.
import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { openLoopbackApi, type LoopbackApi } from '../../src/outlets/loopback-api.ts';
import { profilesSource } from '../../src/outlets/token-source.ts';
import { Secret } from '../../src/vault/secret.ts';
import { fakeAgent, fakeProfiles, type FakeAgent, type FakeProfiles } from './fake-agent.ts';
import { closing, quiet } from './socket-fixture.ts';

/** As long as a real one. */
export const KEY = `${'k'.repeat(42)}-`;
export const RESOURCE = 'https://graph.microsoft.com';
export const MSI = `/msi/token?api-version=2019-08-01&resource=${encodeURIComponent(RESOURCE)}`;
/** What Azure's clients send. */
export const WITH_KEY = { 'X-IDENTITY-HEADER': KEY };

export interface OpenLoopback {
  readonly api: LoopbackApi;
  readonly agent: FakeAgent;
  readonly profiles: FakeProfiles;
}

/** Closed by `closeAll` of socket-fixture. */
export async function openLoopback(): Promise<OpenLoopback> {
  const agent = fakeAgent();
  const profiles = fakeProfiles(agent);
  const source = profilesSource(profiles);
  const api = await openLoopbackApi({ source, key: new Secret(KEY), port: 0, log: quiet });
  closing.push(() => api.close());
  return { api, agent, profiles };
}

export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** One request on a connection of its own; rejects where the connection ends without an answer. */
export function get(
  { port }: { readonly port: number },
  path: string,
  headers: OutgoingHttpHeaders = WITH_KEY,
  method = 'GET',
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
        }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** A connection; what it receives is in `received`, and `ended` resolves when it is closed. */
export interface Line {
  readonly socket: Socket;
  received: string;
  readonly ended: Promise<string>;
}

export function dial({ port }: { readonly port: number }, text = ''): Line {
  const socket = connect({ port, host: '127.0.0.1' });
  const line: Line = {
    socket,
    received: '',
    ended: new Promise((resolve) => socket.on('close', () => resolve(line.received))),
  };
  socket.setEncoding('utf8');
  socket.on('data', (part: string) => (line.received += part));
  // A reset is an end like another.
  socket.on('error', () => undefined);
  if (text !== '') socket.write(text);
  closing.push(() => Promise.resolve(void socket.destroy()));
  return line;
}

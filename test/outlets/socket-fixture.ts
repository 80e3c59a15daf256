// The socket API of a host made of fake agents, in a directory of its own.
import { request } from 'node:http';
import { takeOwnership } from '../../src/outlets/ownership.ts';
import { openSocketApi, type SocketApi } from '../../src/outlets/socket-api.ts';
import type { SocketHost } from '../../src/outlets/socket-host.ts';
import type { Log } from '../../src/vault/log.ts';
import { fakeAgent, fakeProfiles, NOON, type FakeAgent, type FakeProfiles } from './fake-agent.ts';
import { testPlaces } from './runtime-directory.ts';

export const quiet: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A host that does nothing but serve these profiles. */
export function fakeHost(profiles: FakeProfiles, more: Partial<SocketHost> = {}): SocketHost {
  return {
    profiles: () => profiles,
    inviteToSignIn: () => Promise.resolve({ kind: 'shown' }),
    registrations: undefined,
    checkUp: () => Promise.resolve([]),
    ...more,
  };
}

export interface OpenSocket {
  readonly places: ReturnType<typeof testPlaces>;
  readonly agent: FakeAgent;
  readonly profiles: FakeProfiles;
  readonly api: SocketApi;
  /** The host's clock; it stands still until a test turns it. */
  readonly clock: { now: number };
}

/** What has to be ended after a test, the last first. */
export const closing: (() => Promise<void>)[] = [];

export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}

export async function openSocket(more: Partial<SocketHost> = {}): Promise<OpenSocket> {
  const places = testPlaces();
  const agent = fakeAgent();
  const profiles = fakeProfiles(agent);
  const ownership = await takeOwnership({ places, kind: 'tray' });
  if (ownership.kind !== 'owner') throw new Error('the directory was new');
  closing.push(() => ownership.release());
  const host = fakeHost(profiles, more);
  const clock = { now: NOON };
  const api = await openSocketApi({ places, ownership, host, log: quiet, now: () => clock.now });
  closing.push(() => api.close());
  return { places, agent, profiles, api, clock };
}

/** What Node's client gets: for requests that `askOwner` would never send. */
export function send(
  { socketPath }: { readonly socketPath: string },
  options: {
    readonly method?: string;
    readonly path: string;
    readonly headers?: Record<string, string>;
    readonly body?: string;
  },
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  const { method = 'GET', path, headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method, path, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

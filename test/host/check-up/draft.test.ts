// “Test connection”: its lines for a registration that is being typed.
import { once } from 'node:events';
import { createServer, Server, type AddressInfo } from 'node:net';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { SendError } from '../../../src/agent/network/send.ts';
import { saveCredential, type Credential } from '../../../src/config/credential/credential.ts';
import type { Profile } from '../../../src/config/profile/profile.ts';
import { draftCheckUp, type DraftCheckLine } from '../../../src/host/check-up/draft.ts';
import { lookAtPort, type PortLook } from '../../../src/system/ports/port-look.ts';
import { Secret } from '../../../src/system/secret.ts';
import { refused } from '../../agent/fixtures/fixture.ts';
import { inTenant, type World } from '../../agent/fixtures/tenant-fixture.ts';

const NAMES: readonly DraftCheckLine['name'][] = [
  'network',
  'discovery',
  'clock',
  'redirect-uri',
  'credential',
  'storage',
];

let world: World;
inTenant((made) => {
  world = made;
});
/** The server's Date header comes from Node's own clock, which tests cannot set: it is replaced here. */
beforeEach(() => {
  const { send } = world;
  const date = new Date(Date.now()).toUTCString();
  world.send = async (...call) => {
    const response = await send(...call);
    return { ...response, headers: { ...response.headers, date } };
  };
});

const typed = (secret: string): Credential => ({ kind: 'secret', secret: new Secret(secret) });

type Lines = Readonly<Record<DraftCheckLine['name'], DraftCheckLine>>;

interface Tried {
  readonly profile?: Partial<Profile>;
  readonly credential?: Credential;
  readonly port?: PortLook;
  /** The one that a sign-in of our own listens on. */
  readonly ownPort?: number;
}

/** The lines by name; each was heard when it was there, and says nothing secret and nothing unfinished. */
async function tryOut({ profile, credential, port = { kind: 'free' }, ownPort }: Tried = {}): Promise<Lines> {
  const heard: DraftCheckLine[] = [];
  const lines = await draftCheckUp({
    profile: { ...world.profile, ...profile },
    credential,
    vault: world.vault,
    send: (...call) => world.send(...call),
    now: () => Date.now(),
    onLine: (line) => heard.push(line),
    isOwnPort: (asked) => asked === ownPort,
    lookAtPort: () => Promise.resolve(port),
  });
  expect(lines.map(({ name }) => name)).toEqual(NAMES);
  expect(heard.toSorted((one, other) => NAMES.indexOf(one.name) - NAMES.indexOf(other.name))).toEqual(lines);
  const secrets = [...world.tenant.issuedSecrets(), world.tenant.client.clientSecret];
  if (credential?.kind === 'secret') secrets.push(credential.secret.reveal());
  for (const secret of secrets) expect(JSON.stringify(lines)).not.toContain(secret);
  for (const line of lines) {
    expect(`${line.said} ${line.next ?? ''}`).not.toMatch(/\{[a-zA-Z]+\}|undefined/u);
    expect(line.next !== undefined, line.name).toBe(line.kind === 'trouble');
  }
  return Object.fromEntries(lines.map((line) => [line.name, line])) as Lines;
}

const kinds = (lines: Lines): string[] => NAMES.map((name) => `${name}: ${lines[name].kind}`);
const tokenRequests = (): number =>
  world.tenant.requests.filter(({ endpoint }) => endpoint === 'token').length;

describe('a registration that is right', () => {
  test('is ok in every line, with the secret just typed', async () => {
    const credential = typed(world.tenant.client.clientSecret);
    // Of a profile that is nowhere stored.
    const lines = await tryOut({ profile: { id: 'new' }, credential });
    expect(kinds(lines)).toEqual(NAMES.map((name) => `${name}: ok`));
    expect(lines['redirect-uri'].said).toBe('The redirect URI is registered.');
    expect(world.vault.calls.filter((call) => call.startsWith('save new'))).toEqual([]);
  });

  test('is ok with the stored credential', async () => {
    expect(kinds(await tryOut())).toEqual(NAMES.map((name) => `${name}: ok`));
  });

  test('gets a line about its port if the browser signs in', async () => {
    const { said } = (await tryOut({ profile: { signIn: 'browser' } }))['redirect-uri'];
    expect(said).toContain('port 5000 is free');
  });
});

describe('the credential', () => {
  test('that is wrong is a problem, and the rest is ok', async () => {
    const lines = await tryOut({ credential: typed('not-the-right-one') });
    expect(lines.credential).toMatchObject({ kind: 'trouble' });
    expect(lines.credential.said).toContain('AADSTS7000215');
    expect(lines.credential.next).toContain('Certificates & secrets');
    expect(kinds(lines).filter((line) => line.endsWith('ok'))).toHaveLength(5);
  });

  test.each<[string, Partial<Profile>]>([
    ['client', { clientId: '99999999-2222-3333-4444-555555555555' }],
    ['profile', { id: 'new' }],
  ])('that is stored for another %s goes nowhere', async (_, profile) => {
    const { credential } = await tryOut({ profile });
    expect(credential).toMatchObject({ kind: 'trouble', said: 'There is no credential to test.' });
    expect(tokenRequests()).toBe(0);
  });

  test('that is stored for another authority goes nowhere', async () => {
    const { origin } = new URL(world.profile.authority);
    await saveCredential(
      world.vault,
      { ...world.profile, authority: `${origin}/another` },
      typed(world.tenant.client.clientSecret),
    );
    expect((await tryOut()).credential.kind).toBe('trouble');
    expect(tokenRequests()).toBe(0);
  });

  test('is what the store reports if the store refuses', async () => {
    world.vault.fault = (call) => (call.startsWith('load') ? refused : undefined);
    expect((await tryOut()).credential.said).toContain(refused.message);
  });
});

describe('the redirect URI', () => {
  test('that is not registered is a problem with the URI to register', async () => {
    const line = (await tryOut({ profile: { redirectUri: 'http://localhost:5000/other' } }))['redirect-uri'];
    expect(line).toMatchObject({ kind: 'trouble' });
    expect([line.said, line.next]).toEqual([
      expect.stringContaining('AADSTS50011'),
      expect.stringContaining('http://localhost:5000/other'),
    ]);
  });

  test('whose port is another program’s is a problem if the browser signs in, and only then', async () => {
    const port = { kind: 'held', holder: { said: ' by python3 (process 1)', pid: 1 } } as const;
    const line = (await tryOut({ profile: { signIn: 'browser' }, port }))['redirect-uri'];
    expect([line.kind, line.said]).toEqual([
      'trouble',
      'Port 5000 of the redirect URI is in use by python3 (process 1).',
    ]);
    expect((await tryOut({ port }))['redirect-uri'].kind).toBe('ok');
  });

  test('whose port is held by our own sign-in is ok', async () => {
    const profile = { signIn: 'browser' } as const;
    // As on any system but Linux, where the holder is unknown.
    const port = { kind: 'held', holder: { said: '', pid: undefined } } as const;
    const line = (await tryOut({ profile, port, ownPort: 5000 }))['redirect-uri'];
    expect([line.kind, line.said]).toEqual(['ok', 'The redirect URI is registered.']);
    expect((await tryOut({ profile, port, ownPort: 5001 }))['redirect-uri'].kind).toBe('trouble');
  });

  test('whose port may not be opened is a problem', async () => {
    const port = { kind: 'refused', detail: 'EACCES' } as const;
    expect((await tryOut({ profile: { signIn: 'browser' }, port }))['redirect-uri'].said).toContain('EACCES');
  });

  test('to which this machine has no address is a problem if the browser signs in, and only then', async () => {
    const listen = Reflect.get<Server, 'listen'>(Server.prototype, 'listen');
    const spy = vi.spyOn(Server.prototype, 'listen').mockImplementation(function (
      this: Server,
      ...given: unknown[]
    ) {
      const [options] = given as [{ host?: string }];
      if (options.host !== '::1') return Reflect.apply(listen, this, given) as Server;
      const error = Object.assign(new Error('no such address'), { code: 'EADDRNOTAVAIL' });
      process.nextTick(() => this.emit('error', error));
      return this;
    });
    const redirectUri = 'http://[::1]:5000/getAToken';
    world.tenant.client.redirectUris.push(redirectUri);
    const browser = await tryOut({ profile: { signIn: 'browser', redirectUri } });
    const window = await tryOut({ profile: { redirectUri } });
    spy.mockRestore();
    expect(browser['redirect-uri']).toMatchObject({
      kind: 'trouble',
      said: expect.stringContaining('no IPv6 loopback address') as string,
      next: expect.stringMatching(/enter a redirect URI with localhost or 127\.0\.0\.1\.$/u) as string,
    });
    expect(window['redirect-uri'].kind).toBe('ok');
  });

  test('that the browser could not return to is a problem', async () => {
    const profile = { signIn: 'browser', redirectUri: 'https://app.example/back' } as const;
    expect((await tryOut({ profile }))['redirect-uri'].kind).toBe('trouble');
  });
});

test('no next step in the form is to import a file again', async () => {
  const busy = { kind: 'held', holder: { said: '', pid: undefined } } as const;
  const tries: readonly Tried[] = [
    { credential: typed('not-the-right-one') },
    { profile: { clientId: '99999999-2222-3333-4444-555555555555' }, credential: typed('any') },
    { profile: { signIn: 'browser' }, port: busy },
    { profile: { id: 'new' } },
  ];
  for (const one of tries) {
    const lines = Object.values(await tryOut(one)).filter(({ kind }) => kind === 'trouble');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.next).not.toMatch(/import|\.env|CLIENT_ID|tokentray /iu);
  }
});

test.each<[string, SendError | number]>([
  ['is offline', new SendError('unreachable', 'ENOTFOUND')],
  ['does not answer', new SendError('timeout', '')],
  ['shows a certificate that is not trusted', new SendError('unreachable', 'SELF_SIGNED_CERT_IN_CHAIN')],
  ['is behind a proxy that is off', new SendError('proxy-unreachable', 'ECONNREFUSED', 'proxy.example:1')],
  ['is behind a proxy that refuses', new SendError('proxy-refused', 'HTTP 403', 'proxy.example:1')],
  ['expects fewer requests', 429],
  ['is down', 503],
  ['refuses for no known reason', 418],
])('no next step promises an automatic retry of the test: the authority %s', async (_, fault) => {
  const { send } = world;
  world.send = (request, limits) =>
    typeof fault !== 'number'
      ? Promise.reject(fault)
      : request.method === 'POST'
        ? Promise.resolve({ status: fault, headers: {}, body: '{"error":"odd"}' })
        : send(request, limits);
  const lines = Object.values(await tryOut()).filter(({ kind }) => kind === 'trouble');
  expect(lines).toHaveLength(1);
  expect(`${lines[0]?.said} ${lines[0]?.next}`).not.toMatch(
    /automatically|refresh|keeps what it has|import|\.env/iu,
  );
});

test('an unreachable authority is one problem, dependent checks are skipped, the store is checked', async () => {
  world.send = () => Promise.reject(new SendError('unreachable', 'ENOTFOUND'));
  const lines = await tryOut({ profile: { signIn: 'browser' } });
  expect(kinds(lines)).toEqual([
    'network: trouble',
    'discovery: skipped',
    'clock: skipped',
    'redirect-uri: skipped',
    'credential: skipped',
    'storage: ok',
  ]);
  expect(lines['redirect-uri'].said).toContain('Port 5000 is free');
});

test('a store that refuses hides nothing else', async () => {
  world.vault.selfTest = () => Promise.reject(refused);
  const lines = await tryOut({ credential: typed(world.tenant.client.clientSecret) });
  expect(kinds(lines).filter((line) => !line.endsWith('ok'))).toEqual(['storage: trouble']);
});

test('a hanging check is given up after 65 seconds, and everything else is reported long before', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: Date.now() });
  const heard: string[] = [];
  const { profile, vault } = world;
  vault.selfTest = () => new Promise(() => undefined);
  const done = draftCheckUp({
    profile,
    credential: undefined,
    vault,
    send: () => Promise.reject(new SendError('unreachable', 'ECONNREFUSED')),
    now: () => Date.now(),
    onLine: ({ name }) => heard.push(name),
  });
  await vi.waitFor(() => expect(heard).toHaveLength(5));
  await vi.advanceTimersByTimeAsync(65_000);
  expect((await done).at(-1)).toMatchObject({ name: 'storage', kind: 'trouble' });
});

describe('a port', () => {
  test.each(['127.0.0.1', '::1'])(
    'that is held on %s is reported with its holder, and is free after that',
    async (host) => {
      const server = createServer();
      server.listen({ host, port: 0 });
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const look = await lookAtPort(port);
      expect(look.kind).toBe('held');
      if (process.platform === 'linux') expect(look).toMatchObject({ holder: { pid: process.pid } });
      server.close();
      await once(server, 'close');
      expect(await lookAtPort(port)).toEqual({ kind: 'free' });
      // It was listened on for a moment only.
      expect(await lookAtPort(port)).toEqual({ kind: 'free' });
    },
  );
});

import { generateKeyPairSync } from 'node:crypto';
import { exportJWK, SignJWT, type JWTPayload } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Agent } from '../../../src/agent/agent.ts';
import {
  SendError,
  type HttpRequest,
  type HttpResponse,
  type Send,
} from '../../../src/agent/network/send.ts';
import type { Profile } from '../../../src/config/profile/profile.ts';
import type { TokenView } from '../../../src/outlets/answer/token-view-body.ts';
import { ASK_AGAIN_MS, KEYS_AGE_MS } from '../../../src/host/token-view/signing-keys.ts';
import { openTokenViews, type TokenViews } from '../../../src/host/token-view/token-view.ts';
import { Secret } from '../../../src/system/secret.ts';
import { catalogue } from '../../../src/words/catalogue.ts';
import { memoryLog, profile } from '../../agent/fixtures/fixture.ts';
import {
  inTenant,
  open,
  signedIn as signedInAtTenant,
  type World,
} from '../../agent/fixtures/tenant-fixture.ts';
import { NOON, signedIn, token } from '../../outlets/fixtures/fake-agent.ts';

type JwtView = Extract<TokenView, { kind: 'jwt' }>;

const first = generateKeyPairSync('rsa', { modulusLength: 2048 });
const second = generateKeyPairSync('rsa', { modulusLength: 2048 });

let now: number;
let logged: unknown[];
let asked: string[];
/** The authority's published keys; a test may change them. */
let published: Record<string, typeof first>;
let issuer: string;
let answer: (request: HttpRequest) => Promise<Partial<HttpResponse>>;
let views: TokenViews;

beforeEach(() => {
  now = NOON;
  logged = [];
  asked = [];
  published = { one: first };
  issuer = 'https://login.example.test/tenant/v2.0';
  answer = async ({ url }) => {
    const endpoint = 'https://login.example.test/x';
    if (url.endsWith('openid-configuration'))
      return {
        body: JSON.stringify({
          issuer,
          authorization_endpoint: endpoint,
          token_endpoint: endpoint,
          jwks_uri: 'https://login.example.test/keys',
        }),
      };
    const keys = await Promise.all(
      Object.entries(published).map(async ([kid, { publicKey }]) => ({
        ...(await exportJWK(publicKey)),
        kid,
        use: 'sig',
      })),
    );
    return { body: JSON.stringify({ keys: [{ kty: 'EC', kid: 'ec' }, null, ...keys] }) };
  };
  const send: Send = async (request) => {
    asked.push(new URL(request.url).pathname);
    return { status: 200, headers: {}, body: '', ...(await answer(request)) };
  };
  views = openTokenViews({ send, now: () => now, log: memoryLog(logged) });
});

const KEYS = '/keys';
const offline = (): Promise<never> => Promise.reject(new SendError('unreachable', 'ENOTFOUND'));

function signed(payload: JWTPayload, header: object = {}, key = first): Promise<string> {
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'RS256', kid: 'one', typ: 'JWT', ...header })
    .sign(key.privateKey);
}
const part = (content: unknown): string =>
  Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)).toString('base64url');
const unsigned = (header: unknown, payload: unknown, signature = 'AAAA'): string =>
  `${part(header)}.${part(payload)}.${signature}`;

function agentWith(value: string, more: Partial<Profile> = {}): Pick<Agent, 'profile' | 'status' | 'held'> {
  return {
    profile: { ...profile, ...more },
    status: signedIn,
    held: { ...token, value: new Secret(value) },
  };
}
const viewOf = (value: string, more: Partial<Profile> = {}): Promise<TokenView> =>
  views.view(agentWith(value, more));
async function jwtView(value: string): Promise<JwtView> {
  const view = await viewOf(value);
  if (view.kind !== 'jwt') throw new Error(`it is ${view.kind}`);
  return view;
}
const verdict = async (value: string): Promise<string> => (await jwtView(value)).signature;

describe('the token taken apart', () => {
  test('has header and claims, explains known ones, and reads times', async () => {
    const jwt = await signed({
      aud: 'api://it',
      exp: NOON / 1000,
      scp: 'Read',
      groups: ['a', 'b'],
      own: { deep: [1, null, true] },
    });
    const view = await jwtView(jwt);
    expect(view).toEqual({
      kind: 'jwt',
      expiresOn: token.expiresOn,
      header: [
        { name: 'alg', value: 'RS256', meaning: catalogue['claim.header.alg'], at: undefined },
        { name: 'kid', value: 'one', meaning: catalogue['claim.header.kid'], at: undefined },
        { name: 'typ', value: 'JWT', meaning: catalogue['claim.header.typ'], at: undefined },
      ],
      claims: [
        { name: 'aud', value: 'api://it', meaning: catalogue['claim.aud'], at: undefined },
        { name: 'exp', value: String(NOON / 1000), meaning: catalogue['claim.exp'], at: NOON },
        { name: 'scp', value: 'Read', meaning: catalogue['claim.scp'], at: undefined },
        { name: 'groups', value: '["a","b"]', meaning: catalogue['claim.groups'], at: undefined },
        { name: 'own', value: '{"deep":[1,null,true]}', meaning: undefined, at: undefined },
      ],
      signature: 'verified',
    });
    // Neither the token nor its signature, nor a part that would do.
    for (const piece of jwt.split('.')) expect(JSON.stringify(view)).not.toContain(piece);
  });

  test('without a user or a token there is nothing to see', async () => {
    const { held, ...rest } = agentWith(await signed({}));
    expect(await views.view({ ...rest, held: undefined })).toEqual({ kind: 'none' });
    const session = { kind: 'signed-out' as const };
    expect(await views.view({ ...rest, status: { ...signedIn, session }, held })).toEqual({ kind: 'none' });
    expect(asked).toEqual([]);
  });

  test.each([
    ['a text', 'EwBwA8l6BAAU'],
    ['two parts', 'e30.e30'],
    ['an encrypted one', 'e30.e30.e30.e30.e30'],
    ['no JSON', unsigned('hello', {})],
    ['a list', unsigned({}, [1])],
    ['null', unsigned({}, null)],
    ['a text in JSON', unsigned('"x"', {})],
    ['other letters', 'e30=.e30.AA'],
    ['nothing', ''],
    ['dots', '..'],
  ])('%s is opaque', async (_, value) => {
    expect(await viewOf(value)).toEqual({ kind: 'opaque', expiresOn: token.expiresOn });
    expect(asked).toEqual([]);
  });

  test('a claim with an invalid time has none', async () => {
    const { claims } = await jwtView(
      unsigned({ alg: 'none' }, { exp: 'soon', iat: 1e300, nbf: null, uti: 5 }),
    );
    expect(claims.map(({ at }) => at)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('of ten thousand claims some are shown, and the rest is counted', async () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`claim-${index}`, index]));
    const { claims } = await jwtView(unsigned({ alg: 'none' }, many));
    expect(claims).toHaveLength(201);
    expect(claims.at(-1)).toMatchObject({ name: '…', value: '9800 more are not shown.' });
  });

  test('a megabyte, or a value nested a hundred thousand times, is cut and quick to read', async () => {
    const deep = `{"deep":${'['.repeat(100_000)}${']'.repeat(100_000)},"wide":"${'\u{1F600}'.repeat(250_000)}","list":${JSON.stringify(Array.from({ length: 50_000 }, String))}}`;
    const view = await jwtView(`${part('{"alg":"none"}')}.${part(deep)}.`);
    for (const { value } of view.claims) expect(value.length).toBeLessThanOrEqual(8_001);
    expect(view.claims.map(({ value }) => value.at(-1))).toEqual([']', '…', '…']);
    expect(view.claims.some(({ value }) => /\p{Cs}/u.test(value))).toBe(false);
  });

  test('names that JavaScript uses are claims like others', async () => {
    const { claims } = await jwtView(
      unsigned('{"alg":"none"}', '{"__proto__":{"aud":"x"},"constructor":1,"toString":2}'),
    );
    expect(claims.map(({ name, meaning }) => [name, meaning])).toEqual([
      ['__proto__', undefined],
      ['constructor', undefined],
      ['toString', undefined],
    ]);
  });
});

describe('the signature', () => {
  test('holds, and a changed payload does not', async () => {
    const [header, , signature] = (await signed({ scp: 'Read' })).split('.');
    expect(await verdict(await signed({ scp: 'Read' }))).toBe('verified');
    expect(await verdict(`${header!}.${part({ scp: 'Write' })}.${signature!}`)).toBe('wrong');
    expect(await verdict(await signed({ scp: 'Read' }, {}, second))).toBe('wrong');
  });

  test.each<[string, object, object, string]>([
    ['Graph by its id', { aud: '00000003-0000-0000-c000-000000000000' }, {}, 'not-verifiable'],
    ['Graph by its address', { aud: 'https://graph.microsoft.com' }, {}, 'not-verifiable'],
    ['Graph in a national cloud', { aud: 'https://graph.microsoft.us/' }, {}, 'not-verifiable'],
    ['a nonce in the header', { aud: 'x' }, { nonce: 'n' }, 'not-verifiable'],
    ['a name that resembles Graph’s', { aud: 'https://graph.microsoft.com.evil.test' }, {}, 'wrong'],
    ['none', {}, { alg: 'none' }, 'wrong'],
    ['None', {}, { alg: 'None' }, 'wrong'],
    ['no algorithm', {}, { alg: undefined }, 'wrong'],
    ['another algorithm', {}, { alg: 'HS256' }, 'unknown'],
    ['no key', {}, { kid: undefined }, 'unknown'],
    ['a key of another kind', {}, { kid: 'ec' }, 'unknown'],
  ])('%s', async (_, payload, header, expected) => {
    expect(await verdict(unsigned({ alg: 'RS256', kid: 'one', ...header }, payload))).toBe(expected);
  });

  test('a missing one is wrong, whatever the header says', async () => {
    expect(await verdict(unsigned({ alg: 'RS256', kid: 'one' }, {}, ''))).toBe('wrong');
  });

  test('keys are asked for once a day, and at once for a new one', async () => {
    const old = await signed({});
    expect([await verdict(old), await verdict(old)]).toEqual(['verified', 'verified']);
    expect(asked).toEqual(['/tenant/v2.0/.well-known/openid-configuration', KEYS]);
    now += ASK_AGAIN_MS;
    published = { two: second };
    expect(await verdict(await signed({}, { kid: 'two' }, second))).toBe('verified');
    expect(asked).toHaveLength(4);
    // The old one is published no more.
    expect(await verdict(old)).toBe('unknown');
    expect(asked).toHaveLength(4);
    now += KEYS_AGE_MS;
    published = {};
    expect(await verdict(await signed({}, { kid: 'two' }, second))).toBe('unknown');
    expect(asked).toHaveLength(6);
  });

  test('an unknown key is not requested again and again', async () => {
    const strange = await signed({}, { kid: 'three' });
    for (let count = 0; count < 5; count += 1) expect(await verdict(strange)).toBe('unknown');
    expect(asked).toHaveLength(2);
    now += ASK_AGAIN_MS;
    expect(await verdict(strange)).toBe('unknown');
    expect(asked).toHaveLength(4);
  });

  test.each<[string, typeof answer]>([
    ['offline', offline],
    ['an error page', () => Promise.resolve({ status: 503, body: '<html>' })],
    ['an invalid metadata document', () => Promise.resolve({ body: '[]' })],
    [
      'an invalid key set',
      ({ url }) => (url.endsWith(KEYS) ? Promise.resolve({ body: '{"keys":{}}' }) : answerOf(url)),
    ],
    ['keys in no JSON', ({ url }) => (url.endsWith(KEYS) ? Promise.resolve({ body: 'x' }) : answerOf(url))],
    [
      'keys that are gone',
      ({ url }) => (url.endsWith(KEYS) ? Promise.resolve({ status: 404 }) : answerOf(url)),
    ],
    [
      'a broken key',
      ({ url }) =>
        url.endsWith(KEYS)
          ? Promise.resolve({ body: '{"keys":[{"kty":"RSA","kid":"one","n":"","e":""}]}' })
          : answerOf(url),
    ],
    ['what throws', () => Promise.reject(new TypeError('bug'))],
  ])('%s: unknown, and tried again a minute later', async (_, trouble) => {
    const before = answer;
    answerOf = (url) => before({ url } as HttpRequest);
    answer = trouble;
    const jwt = await signed({});
    expect(await verdict(jwt)).toBe('unknown');
    expect(JSON.stringify(logged)).not.toContain(jwt.slice(0, 10));
    answer = before;
    now += ASK_AGAIN_MS;
    expect(await verdict(jwt)).toBe('verified');
  });

  test('keys of another issuer, or not over https, are not used', async () => {
    issuer = 'http://login.example.test/tenant/v2.0';
    expect(await verdict(await signed({}))).toBe('unknown');
    expect(asked).toHaveLength(1);
  });

  test('two views at once cause one request', async () => {
    const jwt = await signed({});
    expect(await Promise.all([verdict(jwt), verdict(jwt)])).toEqual(['verified', 'verified']);
    expect(asked).toHaveLength(2);
  });
});

let answerOf: (url: string) => Promise<Partial<HttpResponse>>;

describe('at the demo tenant', () => {
  let world: World;
  inTenant((made) => {
    world = made;
  });

  test('a token verifies, a changed one does not, and looking asks for no token', async () => {
    // The resource of `User.Read` is Graph, whose tokens only Graph can verify.
    world.profile = { ...world.profile, scopes: ['api://demo/Read'] };
    const agent = await signedInAtTenant(world);
    const tokenViews = openTokenViews({
      send: world.send,
      now: () => Date.now(),
      log: memoryLog(world.logged),
    });
    const view = await tokenViews.view(agent);
    expect(view).toMatchObject({ kind: 'jwt', signature: 'verified', expiresOn: agent.held!.expiresOn });
    const text = agent.held!.value.reveal();
    const [header, payload, signature] = text.split('.');
    const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as object;
    const changed = [header, part({ ...claims, scp: 'Everything' }), signature].join('.');
    const held = { ...agent.held!, value: new Secret(changed) };
    expect(await tokenViews.view({ profile: agent.profile, status: agent.status, held })).toMatchObject({
      signature: 'wrong',
    });
    expect(world.tenant.requests.filter(({ endpoint }) => endpoint === 'token')).toHaveLength(1);
    expect(JSON.stringify(view)).not.toContain(signature);
    await agent.signOut();
    expect(await tokenViews.view(agent)).toEqual({ kind: 'none' });
    expect(await tokenViews.view(open(world, { id: 'nobody' }))).toEqual({ kind: 'none' });
  });
});

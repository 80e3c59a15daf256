import { inspect } from 'node:util';
import type { Random } from '../../vault/fixtures/random.ts';

/** A text with a secret, and every notation of the secret that the text may contain. */
export interface Sample {
  readonly shape: string;
  readonly text: string;
  readonly spellings: readonly string[];
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const WORD = `${LOWER}${LOWER.toUpperCase()}0123456789`;
const URL_SAFE = `${WORD}-_`;
const HEX = '0123456789abcdef';

/** Secrets as made by Entra, MSAL, browsers and people; RFC 6749 allows any printable character in most of them. */
const SECRETS: Readonly<Record<string, (random: Random) => string>> = {
  jwt: (random) =>
    [24, 300, 342]
      .map((most, part) => `${part < 2 ? 'eyJ' : ''}${random.text(URL_SAFE, random.between(10, most))}`)
      .join('.'),
  'refresh token or code': (random) =>
    `${random.pick(['0.', '1.', 'M.C5_'])}A${random.text(`${URL_SAFE}.`, random.between(40, 1200))}`,
  'personal account code': (random) =>
    `M.C507_BL2.2.U.${random.text(`${WORD}*!$-`, random.between(30, 200))}`,
  'client secret': (random) => random.text(`${WORD}~_.-`, random.between(12, 44)),
  'old client secret': (random) => random.text(`${WORD}+/=:.@?[]*-_`, random.between(14, 44)),
  'hex key': (random) => random.text(HEX, random.pick([16, 32, 64])),
  'base64 key': (random) => Buffer.from(random.text(WORD, random.between(16, 90))).toString('base64'),
};

/** Names in OAuth, in MSAL, in an environment, and in headers. */
const NAMES = [
  'code',
  'client_secret',
  'clientSecret',
  'CLIENT_SECRET',
  'EMAIL_CLIENT_SECRET',
  'access_token',
  'accessToken',
  'refresh_token',
  'refreshToken',
  'id_token',
  'idToken',
  'client_assertion',
  'clientAssertion',
  'code_verifier',
  'codeVerifier',
  'device_code',
  'client_info',
  'ticket',
  'secret',
  'assertion',
  'id_token_hint',
  'password',
  'passphrase',
  'accessKey',
  'access_key',
  'access-key',
  'Access_Token',
  'x-ms-token-aad-access-token',
  'IDENTITY_HEADER',
  'TOKENTRAY_PASSPHRASE',
] as const;

const KEY_HEADERS = ['X-Tokentray-Key', 'X-IDENTITY-HEADER', 'Access-Key', 'X-Api-Key'] as const;

const NEIGHBOURS = [
  'state=abc',
  'scope=User.Read',
  'client_id=11111111-2222-3333-4444-555555555555',
  'session_state=q',
  'x=%20',
  'grant_type=refresh_token',
];
const UNICODE = ['', ' ', 'é', '日本語', '😀', '“', '»', '\u00a0', 'не удалось ', '\u200b', 'ﷺ'];
const SENTENCES = [
  'connect ECONNREFUSED 127.0.0.1:443',
  'AADSTS50076: you must use multi-factor authentication.',
  'at async main (file:///opt/tokentray/dist/main.js:1:2345)',
  'Content-Type: application/json',
  "{ code: 'ENOENT' }",
  'GET /health 200',
];

/** In any case, because header names are not case-sensitive (RFC 9110 section 5.1). */
function anyCase(random: Random, name: string): string {
  return random.pick([name, name.toLowerCase(), name.toUpperCase()]);
}

function query(random: Random, pair: string): string {
  const pairs = [pair, ...Array.from({ length: random.below(3) }, () => random.pick(NEIGHBOURS))];
  return pairs.sort(() => random.below(3) - 1).join('&');
}

function object(random: Random, name: string, value: string): Record<string, unknown> {
  const inner = { a: 1, [name]: value, expires_in: 3600, list: ['x', { y: null }] };
  return random.pick<() => Record<string, unknown>>([
    () => inner,
    () => ({ request: { body: inner }, ok: false }),
    () => ({ entries: [inner, { b: 'text' }] }),
  ])();
}

type Shape = (random: Random, name: string, value: string) => string;

const WITH_A_NAME: Readonly<Record<string, Shape>> = {
  'URL query': (random, name, value) =>
    `GET https://host/path?${query(random, `${name}=${encodeURIComponent(value)}`)} HTTP/1.1`,
  'URL fragment': (random, name, value) =>
    `http://localhost:5000/getAToken#${query(random, `${name}=${encodeURIComponent(value)}`)}`,
  'encoded URL in a query': (random, name, value) =>
    `next=${encodeURIComponent(`https://host/?${query(random, `${name}=${encodeURIComponent(value)}`)}`)}&z=1`,
  'form body': (random, name, value) => query(random, new URLSearchParams({ [name]: value }).toString()),
  JSON: (random, name, value) => JSON.stringify(object(random, name, value)),
  'pretty JSON': (random, name, value) =>
    JSON.stringify(object(random, name, value), null, random.pick([2, 4, '\t'])),
  'JSON in JSON': (random, name, value) =>
    JSON.stringify({ body: JSON.stringify(object(random, name, value)) }),
  'JSON in JSON in JSON': (random, name, value) =>
    JSON.stringify({ a: JSON.stringify({ body: JSON.stringify(object(random, name, value)) }) }),
  'inspected object': (random, name, value) =>
    inspect(object(random, name, value), { depth: 6, compact: random.pick([true, false, 3]) }),
  'inspected object, long strings cut': (random, name, value) =>
    inspect(object(random, name, value), { depth: 6, maxStringLength: 60 }),
  'inspected JSON': (random, name, value) => inspect({ body: JSON.stringify(object(random, name, value)) }),
  'inspected Map': (_random, name, value) => inspect(new Map([[name, value]])),
  'inspected URLSearchParams': (_random, name, value) =>
    inspect(new URLSearchParams({ a: '1', [name]: value })),
  'error message': (random, name, value) =>
    String(new Error(`Request failed: ${name}=${encodeURIComponent(value)}. ${random.pick(SENTENCES)}`)),
  'error fields': (random, name, value) =>
    inspect(Object.assign(new Error('failed'), { config: object(random, name, value) })),
  'error in JSON': (_random, name, value) =>
    JSON.stringify({ error: 'x', message: `POST ${name}=${encodeURIComponent(value)}` }),
  'environment file, quoted': (random, name, value) =>
    random.pick([`${name}="${value}"`, `export ${name}='${value}'`]),
};

const WITHOUT_A_NAME: Readonly<Record<string, Shape>> = {
  'authorization header': (random, _name, value) =>
    `${anyCase(random, random.pick(['Authorization', 'Proxy-Authorization']))}: ${random.pick(['Bearer', 'Basic', 'DPoP', 'bearer'])} ${value}\r\nHost: x`,
  'headers as an object': (random, _name, value) => {
    const headers = { [anyCase(random, 'Authorization')]: `Bearer ${value}`, host: 'x' };
    return random.pick([
      inspect({ headers }),
      JSON.stringify({ headers }),
      inspect(new Headers(headers)),
      inspect(new Map(Object.entries(headers))),
    ]);
  },
  'raw headers': (random, _name, value) => {
    const raw = ['Host', 'x', anyCase(random, 'Authorization'), `Bearer ${value}`, 'Accept', '*/*'];
    return random.pick([inspect(raw), JSON.stringify(raw), inspect([[raw[2], raw[3]]])]);
  },
  'cookie header': (random, _name, value) =>
    `${anyCase(random, 'Cookie')}: a=1; tokentray=${value}; b=2\r\nHost: x`,
  'set-cookie header': (random, _name, value) =>
    `${anyCase(random, 'Set-Cookie')}: __Host-s=${value}; HttpOnly; Path=/`,
  'cookies as an object': (random, _name, value) => {
    const headers = { 'set-cookie': [`a=${value}; Path=/`, 'b=2'], cookie: `s=${value}` };
    return random.pick([inspect({ headers }), JSON.stringify({ headers }), JSON.stringify(headers, null, 2)]);
  },
  'key header': (random, _name, value) => {
    const name = anyCase(random, random.pick(KEY_HEADERS));
    return random.pick([
      `${name}: ${value}\r\nHost: x`,
      inspect({ [name]: value }),
      JSON.stringify({ [name]: value }),
      inspect(['Host', 'x', name, value]),
    ]);
  },
  'curl command': (_random, _name, value) => `curl -H "Authorization: Bearer ${value}" https://host/path`,
  'private key file': (random, _name, value) => {
    const lines = Array.from({ length: 4 }, (_line, index) =>
      index === 1 ? value : random.text(`${WORD}+/`, 64),
    );
    const kind = random.pick(['', 'RSA ', 'EC ', 'ENCRYPTED ']);
    const pem = `-----BEGIN ${kind}PRIVATE KEY-----\n${lines.join('\n')}\n-----END ${kind}PRIVATE KEY-----`;
    return random.pick([
      pem,
      JSON.stringify({ pem }),
      inspect({ pem }),
      pem.replaceAll('\n', '\r\n'),
      inspect(pem),
    ]);
  },
  'password in a URL': (_random, _name, value) =>
    `proxy http://user:${encodeURIComponent(value)}@proxy.example:8080/`,
};

/** Recognizable only by its form. */
const BARE: Readonly<Record<string, (random: Random) => string>> = {
  'bare token': (random) => SECRETS.jwt!(random),
  'long opaque value': (random) => `0.A${random.text(`${URL_SAFE}.`, random.between(100, 1200))}`,
};

/** Keys are base64; other characters do not occur in a key file. */
const ONLY_BASE64 = ['private key file'];
/** Characters that a notation cannot contain: they end a header's value, or are the quote itself. */
const HEADER_SECRETS = ['jwt', 'refresh token or code', 'client secret', 'hex key', 'base64 key'];
const QUOTABLE = Object.keys(SECRETS);

function spellingsOf(value: string): string[] {
  const encoded = encodeURIComponent(value);
  const form = new URLSearchParams({ a: value }).toString().slice(2);
  const json = JSON.stringify(value).slice(1, -1);
  return [
    ...new Set([value, encoded, encodeURIComponent(encoded), form, json, JSON.stringify(json).slice(1, -1)]),
  ];
}

/** Surrounded by other text, which must not change what is masked. */
function surrounded(random: Random, text: string): string {
  const before = random.below(3) === 0 ? `${random.pick(SENTENCES)}${random.pick(['\n', ' ', ' | '])}` : '';
  const after = random.below(3) === 0 ? `${random.pick([' ', '\n', '\r\n'])}${random.pick(SENTENCES)}` : '';
  return `${before}${random.pick(UNICODE)}${text}${random.below(4) === 0 ? `\n${random.pick(UNICODE)}` : ''}${after}`;
}

/** Cut off at the end, like logs and error messages. */
function truncated(random: Random, text: string): string {
  return random.below(3) === 0 ? text.slice(0, random.below(text.length + 1)) : text;
}

export function sample(random: Random): Sample {
  const name = random.pick(NAMES);
  const kind = random.below(10);
  if (kind === 0) {
    const shape = random.pick(Object.keys(BARE));
    const value = BARE[shape]!(random);
    return { shape, text: surrounded(random, value), spellings: [value] };
  }
  const shapes = kind < 6 ? WITH_A_NAME : WITHOUT_A_NAME;
  const shape = random.pick(Object.keys(shapes));
  const kinds = ONLY_BASE64.includes(shape) ? ['base64 key'] : kind < 6 ? QUOTABLE : HEADER_SECRETS;
  const value = SECRETS[random.pick(kinds)]!(random);
  const text = truncated(random, surrounded(random, shapes[shape]!(random, name, value)));
  return { shape, text, spellings: spellingsOf(value) };
}

const guid = (random: Random): string => [8, 4, 4, 4, 12].map((length) => random.text(HEX, length)).join('-');

/** Useful information without secrets, which must not be masked. */
export function innocent(random: Random): string {
  // Not as short as “code”, which in a list or object is the name of a secret.
  const word = (): string => random.text(LOWER, random.between(5, 12));
  return random.pick<() => string>([
    () => `correlation_id=${guid(random)} trace_id: ${guid(random)}`,
    () =>
      `https://login.microsoftonline.com/${guid(random)}/oauth2/v2.0/authorize?client_id=${guid(random)}&state=${word()}`,
    () =>
      `/home/${word()}/.local/state/tokentray/${word()}/default-msal-cache-${random.text(HEX, 16)}.marker`,
    () => `C:\\Users\\${word()}\\AppData\\Local\\tokentray\\logs\\tokentray.${random.between(1, 4)}.log`,
    () => new Date(random.between(0, 2_000_000_000) * 1000).toISOString(),
    () => new Date(random.between(0, 2_000_000_000) * 1000).toUTCString(),
    () =>
      `AADSTS${random.between(10_000, 7_000_300)}: The grant was issued to a different client. Error code: ${random.between(10_000, 90_000)}`,
    () =>
      `{"error":"invalid_grant","error_codes":[${random.between(10_000, 90_000)}],"suberror":"${word()}","token_type":"Bearer"}`,
    () => `sha256:${random.text(HEX, 64)} sha1 ${random.text(HEX, 40)}`,
    () =>
      `code: '${random.pick(['ENOENT', 'ECONNRESET', 'ERR_SOCKET_TIMEOUT', 'EAI_AGAIN'])}', errno: -${random.between(1, 200)}`,
    () =>
      `error_code=${random.between(1, 999_999)} exitCode=${random.below(15)} statusCode=${random.between(100, 599)}`,
    () =>
      `${word()}@${word()}.example good until ${random.between(0, 23)}:${random.between(10, 59)}, scopes=User.Read,Mail.Send`,
    () =>
      `    at ${word()}.${word()} (file:///opt/${word()}/node_modules/@azure/msal-node/dist/client/${word()}.mjs:${random.between(1, 999)}:7)`,
    () =>
      inspect({
        session: word(),
        expiresOn: random.between(1, 2e12),
        list: [word(), guid(random)],
        scope: `api://${guid(random)}/.default`,
      }),
    () =>
      JSON.stringify(
        { [word()]: word(), id: guid(random), nested: { [word()]: [random.below(1000), null, true] } },
        null,
        2,
      ),
    () => `${random.pick(UNICODE)}${random.pick(SENTENCES)}${random.pick(UNICODE)}`,
    () =>
      `http://${random.pick(['localhost', '127.0.0.1', '[::1]', 'user@host'])}:${random.between(1, 65_535)}${random.pick(['', '/', '?login_hint=alice@example.com', "'", '.', '/a@b'])}`,
    () => `v${random.below(30)}.${random.below(30)}.${random.below(30)} node ${process.version} linux x64`,
  ])();
}

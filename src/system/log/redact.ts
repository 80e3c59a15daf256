const MASK = '[secret]';

/**
 * Names whose values are secret wherever they turn up, also inside longer names (EMAIL_CLIENT_SECRET,
 * x-ms-token-aad-access-token). OAuth 2.0 (RFC 6749, 7521, 7636), MSAL's cache, and our own.
 */
const SECRET_NAMES =
  'client[_-]?secret|access[_-]?token|refresh[_-]?token|id[_-]?token|client[_-]?assertion|code[_-]?verifier|' +
  'device[_-]?code|client[_-]?info|access[_-]?key|api[_-]?key|tokentray[_-]?key|identity[_-]?header|password|passphrase';

/** Names too common to be masked inside longer ones: `error_code=…` is what a log is read for. */
const WHOLE_NAMES = 'code|ticket|secret|assertion|id_token_hint|login_ticket';

/** A quote as it stands in JSON, in inspected objects, and in JSON inside JSON (`\"`). */
const QUOTE = String.raw`\\*["']`;

/** A quoted value, up to its own quote and past escaped ones. */
const QUOTED = String.raw`(?<quote>\\*["'])(?<quoted>(?:(?!\k<quote>)[^\\]|\\(?!\k<quote>)[\s\S]|\\["'\\])*)`;

/** A bare value, up to what ends it in a query, a form or a sentence. */
const BARE = String.raw`(?<bare>(?:(?!%26|%23)[^\s&"'<>,;#(){}[\]\\])+)`;

/** What stands between a name and its value: `=`, `:`, a Map's `=>`, and the comma of `['code', 'x']`. */
const GAP = `(?:${QUOTE}\\s*,(?=\\s*${QUOTE})|(?:${QUOTE})?\\s*(?:=>?|:|%3D|%3A))`;

const PAIR = new RegExp(
  `((?:${SECRET_NAMES}|(?<![A-Za-z0-9_-])(?:${WHOLE_NAMES})|(?<=%(?:26|3F))(?:${WHOLE_NAMES}))` +
    `${GAP}\\s*)(?:${QUOTED}|${BARE})`,
  'giu',
);

/** What stands between a header's name and its value; the comma is that of `['Cookie', 'a=b']`. */
const HEADER_GAP = `(?:${QUOTE}\\s*(?:=>|[:=,])|\\s*[:=])\\s*`;

/** `Authorization: Bearer …` in any header or object; a bare value goes to the end of its line (Digest has quotes inside). */
const AUTHORIZATION = new RegExp(`(authorization${HEADER_GAP})(?:${QUOTED}|(?<bare>[^\\r\\n]+))`, 'giu');
const SCHEME = /^[A-Za-z-]{1,20}(?=[ \t]+\S)/u;
const BEARER = /\b(bearer|dpop|pop|basic|negotiate)((?:\s|%20|\+)+)([^\s"',;\\]{8,})/giu;

/** All cookies of a header, whatever they are called; of a list of headers, all up to its bracket. */
const COOKIE = new RegExp(
  `((?<![A-Za-z0-9_])(?:set-)?cookies?2?${HEADER_GAP})` +
    `(?:${QUOTED}|(?<list>\\[)(?!secret\\])(?:\\[secret\\]|[^\\]])*|[^\\r\\n]+)`,
  'giu',
);

/** Also one that is cut off before its `@`; digits there are a port. */
const URL_PASSWORD = /(:\/\/[^/\s@:?#[\]]{0,200}:)(?:[^/\s@?#]{1,400}(@)|(?!\d{1,5}\W*$)[^/\s@?#]{1,400}$)/gu;

/** A key file (RFC 7468), to its end line or to where it was cut off. */
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/gu;

/** What a token is written with. Runs are found whole and judged once, so that long text takes linear time. */
const TOKEN_RUN = /[A-Za-z0-9_.~+-]{12,}/gu;

/** `eyJ` is `{"` in base64: a JWT, also one cut off after its first characters (the old app showed 50). */
const JWT_START = 'eyJ';
const JWT_LEAST_CHARS = 12;

/** Entra's codes and refresh tokens have several hundred characters; names and parts of paths stay below this. */
const OPAQUE_CHARS = 100;

/** Values of `code` that say what went wrong and are no authorization code: ENOENT, ERR_X, AADSTS50076, 404. */
const ERROR_CODE = /^(?:[A-Z][A-Z_]{2,39}|AADSTS\d{1,9}|\d{1,6})$/u;
const CODE_NAME = /(?<![A-Za-z0-9_-])code\W*$/iu;

function maskRun(run: string): string {
  // First: a long value may have these three letters anywhere in it.
  if (run.length >= OPAQUE_CHARS) return MASK;
  const jwt = run.indexOf(JWT_START);
  return jwt >= 0 && run.length - jwt >= JWT_LEAST_CHARS ? run.slice(0, jwt) + MASK : run;
}

/**
 * The text without the tokens, codes, secrets and cookies in it: in queries, forms, JSON, inspected
 * objects, headers and sentences. A second wall, not the first: what is known to be secret is carried in
 * a `Secret`, and a secret in a shape that none of these rules know stays.
 */
export function redact(text: string): string {
  return text
    .replace(PRIVATE_KEY, MASK)
    .replace(
      COOKIE,
      (_all, name: string, quote?: string, _quoted?: string, list?: string) =>
        `${name}${quote ?? list ?? ''}${MASK}`,
    )
    .replace(AUTHORIZATION, (_all, name: string, quote?: string, quoted?: string, bare?: string) => {
      const scheme = SCHEME.exec(quoted ?? bare ?? '')?.[0];
      return `${name}${quote ?? ''}${scheme === undefined ? '' : `${scheme} `}${MASK}`;
    })
    .replace(BEARER, `$1$2${MASK}`)
    .replace(PAIR, (all: string, name: string, quote?: string, quoted?: string, bare?: string) => {
      const value = quoted ?? bare ?? '';
      if (value === '' || value === MASK || (CODE_NAME.test(name) && ERROR_CODE.test(value))) return all;
      return `${name}${quote ?? ''}${MASK}`;
    })
    .replace(URL_PASSWORD, (_all, start: string, at = '') => `${start}${MASK}${at}`)
    .replace(TOKEN_RUN, maskRun);
}

const MASK = '[secret]';

/**
 * Names whose values are secret wherever they occur, also inside longer names (EMAIL_CLIENT_SECRET,
 * x-ms-token-aad-access-token). From OAuth 2.0 (RFC 6749, 7521, 7636), MSAL's cache, and Tokentray.
 */
const SECRET_NAMES =
  'client[_-]?secret|access[_-]?token|refresh[_-]?token|id[_-]?token|client[_-]?assertion|code[_-]?verifier|' +
  'device[_-]?code|client[_-]?info|access[_-]?key|api[_-]?key|tokentray[_-]?key|identity[_-]?header|password|passphrase';

/** Names too common to be masked inside longer ones: a log must show `error_code=…`. */
const WHOLE_NAMES = 'code|ticket|secret|assertion|id_token_hint|login_ticket';

/** A quote in JSON, in inspected objects, and in JSON inside JSON (`\"`). */
const QUOTE = String.raw`\\*["']`;

/** A quoted value, up to its closing quote and past escaped ones. */
const QUOTED = String.raw`(?<quote>\\*["'])(?<quoted>(?:(?!\k<quote>)[^\\]|\\(?!\k<quote>)[\s\S]|\\["'\\])*)`;

/** A value without quotes, up to what ends it in a query, a form or a sentence. */
const BARE = String.raw`(?<bare>(?:(?!%26|%23)[^\s&"'<>,;#(){}[\]\\])+)`;

/** The separator between a name and its value: `=`, `:`, a Map's `=>`, or the comma of `['code', 'x']`. */
const GAP = `(?:${QUOTE}\\s*,(?=\\s*${QUOTE})|(?:${QUOTE})?\\s*(?:=>?|:|%3D|%3A))`;

const PAIR = new RegExp(
  `((?:${SECRET_NAMES}|(?<![A-Za-z0-9_-])(?:${WHOLE_NAMES})|(?<=%(?:26|3F))(?:${WHOLE_NAMES}))` +
    `${GAP}\\s*)(?:${QUOTED}|${BARE})`,
  'giu',
);

/** The separator between a header's name and its value; the comma is that of `['Cookie', 'a=b']`. */
const HEADER_GAP = `(?:${QUOTE}\\s*(?:=>|[:=,])|\\s*[:=])\\s*`;

/** `Authorization: Bearer …` in any header or object; without quotes, to the end of the line (Digest contains quotes). */
const AUTHORIZATION = new RegExp(`(authorization${HEADER_GAP})(?:${QUOTED}|(?<bare>[^\\r\\n]+))`, 'giu');
const SCHEME = /^[A-Za-z-]{1,20}(?=[ \t]+\S)/u;
const BEARER = /\b(bearer|dpop|pop|basic|negotiate)((?:\s|%20|\+)+)([^\s"',;\\]{8,})/giu;

/** All cookies of a header, whatever their names; in a list of headers, all up to the closing bracket. */
const COOKIE = new RegExp(
  `((?<![A-Za-z0-9_])(?:set-)?cookies?2?${HEADER_GAP})` +
    `(?:${QUOTED}|(?<list>\\[)(?!secret\\])(?:\\[secret\\]|[^\\]])*|[^\\r\\n]+)`,
  'giu',
);

/** Also a password cut off before its `@`; digits there are a port. */
const URL_PASSWORD = /(:\/\/[^/\s@:?#[\]]{0,200}:)(?:[^/\s@?#]{1,400}(@)|(?!\d{1,5}\W*$)[^/\s@?#]{1,400}$)/gu;

/** A private key (RFC 7468), up to its end line or to where it was cut off. */
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/gu;

/** The characters of tokens. Runs are matched whole and checked once, so long text takes linear time. */
const TOKEN_RUN = /[A-Za-z0-9_.~+-]{12,}/gu;

/** `eyJ` is `{"` in base64: a JWT, even one cut off after its first characters (the old app showed 50). */
const JWT_START = 'eyJ';
const JWT_LEAST_CHARS = 12;

/** Entra's codes and refresh tokens have several hundred characters; names and path segments stay below this. */
const OPAQUE_CHARS = 100;

/** Values of `code` that are error codes, not authorization codes: ENOENT, ERR_X, AADSTS50076, 404. */
const ERROR_CODE = /^(?:[A-Z][A-Z_]{2,39}|AADSTS\d{1,9}|\d{1,6})$/u;
const CODE_NAME = /(?<![A-Za-z0-9_-])code\W*$/iu;

function maskRun(run: string): string {
  // Checked first: a long value may contain these three letters anywhere.
  if (run.length >= OPAQUE_CHARS) return MASK;
  const jwt = run.indexOf(JWT_START);
  return jwt >= 0 && run.length - jwt >= JWT_LEAST_CHARS ? run.slice(0, jwt) + MASK : run;
}

/**
 * Masks tokens, codes, secrets and cookies in a text: in queries, forms, JSON, inspected objects, headers and
 * sentences. This is the second line of defense: known secrets are held in a `Secret`, and secrets in a form that
 * none of these rules match are not masked.
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

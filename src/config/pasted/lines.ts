import { GUID_PATTERN } from '../../system/guid.ts';
import { pastedOf, type Named, type Pasted, type PastedParts } from './pasted.ts';

/** Between a label and its value: the portal puts line breaks, a colon, or nothing there when it is copied. */
const BETWEEN = /[\s:=：]{0,20}/u.source;

/** Entra's own secrets, wherever they stand: three characters, a digit, `Q~` and some 34 more. */
const ENTRA_SECRET = /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/u;

/** What the portal, in English, calls the parts of a registration; each with the value it can have. */
const LABELS = {
  clientId: new RegExp(
    `(?:application|app|client)[ \\t]?(?:\\(client\\)[ \\t]?)?id${BETWEEN}(${GUID_PATTERN})`,
    'iu',
  ),
  tenant: new RegExp(
    `(?:directory|tenant)[ \\t]?(?:\\(tenant\\)[ \\t]?)?(?:id)?${BETWEEN}(${GUID_PATTERN}|[a-z0-9-]{1,63}\\.onmicrosoft\\.com)`,
    'iu',
  ),
  authority:
    /(https:\/\/login\.[a-z.]{4,60}\/[\w.~-]{1,120}(?:\/oauth2(?:\/v2\.0)?\/(?:authorize|token)|\/v2\.0)?)/iu,
  redirectUri: /redirect[ \t]?uris?[\s:=：]{0,20}((?:https?):\/\/[^\s"',;]{1,500})/iu,
  name: /display[ \t]name[ \t]*[\s:：]{1,5}([^\s:：][^\r\n\t]{0,59})/iu,
} as const satisfies Partial<Record<keyof PastedParts, RegExp>>;

/**
 * Reads lines that were copied from the portal's Overview page: labels in English with their values, on one line or
 * below each other. A secret is known by its form alone.
 */
export function readPastedLines(text: string): Pasted {
  const parts: PastedParts = Object.fromEntries(
    Object.entries(LABELS).map(([part, pattern]) => [part, match(text, pattern)]),
  );
  const [secret] = ENTRA_SECRET.exec(text) ?? [];
  return pastedOf({ ...parts, secret: secret === undefined ? undefined : { field: '', value: secret } });
}

function match(text: string, pattern: RegExp): Named | undefined {
  const [whole, value] = pattern.exec(text) ?? [];
  if (whole === undefined || value === undefined) return undefined;
  return { field: whole.slice(0, whole.length - value.length).trim(), value };
}

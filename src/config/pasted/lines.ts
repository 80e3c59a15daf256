import { GUID_PATTERN } from '../../system/guid.ts';
import { pastedOf, type Named, type Pasted, type PastedParts } from './pasted.ts';

/** Between a label and its value, text copied from the portal has line breaks, a colon, or nothing. */
const BETWEEN = /[\s:=：]{0,20}/u.source;

/** Entra's client secrets: three characters, a digit, `Q~` and about 34 more. */
const ENTRA_SECRET = /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/u;

/** The portal's English labels for the parts of a registration, each with the form of its value. */
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
 * Reads lines copied from the portal's Overview page: English labels with their values, on one line or on separate lines.
 * A secret is recognized by its form.
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

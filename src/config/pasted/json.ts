import { parseJson } from '../../system/json.ts';
import { say } from '../../words/say.ts';
import { isRecord } from '../rules/checked.ts';
import { showFound } from '../rules/issue.ts';
import { pastedOf, refuseSeveral, type Named, type Pasted } from './pasted.ts';

/** An `appsettings.json` nests its sections at most three deep; anything deeper is something else. */
const MAX_DEPTH = 6;

/** A JSON string, or a comment or trailing comma as allowed in `appsettings.json`. */
const STRING_OR_COMMENT = /("(?:[^"\\\n]|\\.)*"?)|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|,(?=\s*[}\]])/gu;

/** JSON with the comments and trailing commas that .NET accepts; undefined if the text is not JSON. */
export function parseRelaxedJson(text: string): unknown {
  return (
    parseJson(text) ?? parseJson(text.replaceAll(STRING_OR_COMMENT, (_, string?: string) => string ?? ''))
  );
}

/** An object of the text, with its texts by name, in lowercase without hyphens and underscores. */
interface Section {
  readonly object: Readonly<Record<string, unknown>>;
  readonly texts: ReadonlyMap<string, Named>;
}

function sectionOf(object: Readonly<Record<string, unknown>>): Section {
  const texts = new Map<string, Named>();
  for (const [field, value] of Object.entries(object)) {
    const name = field.toLowerCase().replaceAll(/[-_]/gu, '');
    if (typeof value === 'string' && value.trim() !== '' && !texts.has(name))
      texts.set(name, { field, value });
  }
  return { object, texts };
}

/** The names of each part, in lowercase without hyphens and underscores, the likelier first. */
const NAMES = {
  name: ['displayname'],
  clientId: ['clientid', 'appid', 'applicationid'],
  tenant: ['tenantid', 'tenant', 'directoryid', 'domain'],
  authority: ['authority', 'authorityurl', 'cloudinstanceid'],
  instance: ['instance', 'activedirectoryendpointurl'],
  redirectUri: ['redirecturi', 'redirecturl', 'replyurl'],
  scopes: ['scopes', 'scope'],
  secret: ['clientsecret', 'password', 'secret'],
} as const;

/**
 * Reads the JSON output of `az ad app create`, `az ad app show` and `az ad sp create-for-rbac`, the `AzureAd` section of
 * an `appsettings.json`, and other JSON with the same names.
 */
export function readPastedJson(json: unknown): Pasted {
  const sections = sectionsIn(json, 0);
  const ids = new Set(sections.map((section) => textOf(section, NAMES.clientId)?.value.toLowerCase()));
  if (ids.size > 1) return refuseSeveral([...ids].join(', '));
  const [section = sectionOf(isRecord(json) ? json : {})] = sections;
  return pastedOf(
    {
      name: textOf(section, NAMES.name),
      clientId: textOf(section, NAMES.clientId),
      tenant: textOf(section, NAMES.tenant) ?? publisherDomain(section),
      authority: textOf(section, NAMES.authority) ?? textOf(section, NAMES.instance),
      redirectUri: textOf(section, NAMES.redirectUri) ?? firstRedirect(section),
      scopes: scopesOf(section),
      secret: textOf(section, NAMES.secret) ?? secretOfList(section),
    },
    callbackSaid(section),
  );
}

/** The objects that contain a client ID, at any depth. */
function sectionsIn(value: unknown, depth: number): readonly Section[] {
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return value.flatMap((one) => sectionsIn(one, depth + 1));
  if (!isRecord(value)) return [];
  const section = sectionOf(value);
  if (textOf(section, NAMES.clientId) !== undefined) return [section];
  return Object.values(value).flatMap((one) => sectionsIn(one, depth + 1));
}

function textOf({ texts }: Section, names: readonly string[]): Named | undefined {
  const [found] = names.map((name) => texts.get(name)).filter((text) => text !== undefined);
  return found;
}

/** Microsoft Graph's application: the domain of its tenant, if it is one of Microsoft's. */
function publisherDomain(section: Section): Named | undefined {
  const domain = textOf(section, ['publisherdomain']);
  return domain?.value.endsWith('.onmicrosoft.com') === true ? domain : undefined;
}

/** Microsoft Graph's application: its redirect URIs by platform. */
function firstRedirect(section: Section): Named | undefined {
  for (const platform of ['web', 'publicClient']) {
    const part = section.object[platform];
    const uris = isRecord(part) ? part['redirectUris'] : undefined;
    const first: unknown = Array.isArray(uris) ? uris[0] : undefined;
    if (typeof first === 'string') return { field: `${platform}.redirectUris`, value: first };
  }
  return undefined;
}

function scopesOf(section: Section): Named | undefined {
  const text = textOf(section, NAMES.scopes);
  if (text !== undefined) return text;
  const { scopes, scope, Scopes } = section.object;
  const list = scopes ?? scope ?? Scopes;
  return Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === 'string')
    ? { field: 'scopes', value: list.join(' ') }
    : undefined;
}

/** Microsoft.Identity.Web: `ClientCredentials: [{ SourceType: 'ClientSecret', ClientSecret }]`. */
function secretOfList(section: Section): Named | undefined {
  const list = section.object['ClientCredentials'];
  const secrets = (Array.isArray(list) ? list : [])
    .filter(isRecord)
    .map((one) => textOf(sectionOf(one), ['clientsecret']));
  return secrets.find((one) => one !== undefined);
}

/** ASP.NET knows its own address and writes only the path of the redirect URI. */
function callbackSaid(section: Section): readonly string[] {
  const path = showFound(textOf(section, ['callbackpath'])?.value);
  return path === undefined ? [] : [say('settings.pasted.callback-path', { path })];
}

import { protocol, type Session } from 'electron';
import { lstatSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const SCHEME = 'app';

/** The whole of an address that is answered: what is not written exactly so (encoded, nested, asked with a query) is refused. */
const OWN_ADDRESS = /^app:\/\/bundle\/(?<file>[\w-]+\.(?<extension>[a-z]+))(?:#.*)?$/u;

const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['css', 'text/css; charset=utf-8'],
  ['html', 'text/html; charset=utf-8'],
  ['js', 'text/javascript; charset=utf-8'],
  ['png', 'image/png'],
  ['svg', 'image/svg+xml'],
]);

/** On every answer: nothing but our own files, no connection, no form, no frame (Electron's checklist 7). */
const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** What the scheme answers with. */
export interface OwnFiles {
  /** Absolute; only what lies directly in it is served, and no link. */
  readonly directory: string;
  /** Pages that are put together when they are asked for, by their file's name; they come before the directory. */
  readonly pages: Readonly<Partial<Record<string, () => string>>>;
}

export type Located =
  | { readonly kind: 'file'; readonly name: string; readonly contentType: string }
  | { readonly kind: 'refused' };

/** The address of a page of our own. */
export function ownAddress(file: string): string {
  return `${SCHEME}://bundle/${file}`;
}

/**
 * Which file a request is for. A name has no separator, no encoding and one dot, so nothing that it says can
 * lead out of the directory: there is nothing to decode and nothing to resolve.
 */
export function locate({ method, url }: Pick<Request, 'method' | 'url'>): Located {
  const { file, extension } = OWN_ADDRESS.exec(url)?.groups ?? {};
  const contentType = CONTENT_TYPES.get(extension ?? '');
  if (method !== 'GET' || file === undefined || contentType === undefined) return { kind: 'refused' };
  return { kind: 'file', name: file, contentType };
}

/** Answers one request: 200 with the file, or 404 without a word. Rejects where a file cannot be read. */
export async function answer(
  request: Pick<Request, 'method' | 'url'>,
  { directory, pages }: OwnFiles,
): Promise<Response> {
  const located = locate(request);
  if (located.kind === 'refused') return refusal();
  const page = pages[located.name]?.();
  const file = path.join(directory, located.name);
  // `lstat`: a link is no file, wherever it leads.
  if (page === undefined && lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return refusal();
  const body = page ?? new Uint8Array(await readFile(file));
  return new Response(body, { headers: { ...HEADERS, 'Content-Type': located.contentType } });
}

function refusal(): Response {
  return new Response(null, { status: 404, headers: HEADERS });
}

/**
 * Makes `app:` a scheme with origins, and a secure one; before `ready`, once. Fetch, service workers and a
 * bypass of the policy are for nobody: our pages connect to nothing.
 */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }]);
}

/** Serves the scheme on this session and, as handlers are each session's own, on no other. */
export function serveAppScheme(session: Session, files: OwnFiles): void {
  session.protocol.handle(SCHEME, (request) => answer(request, files));
}

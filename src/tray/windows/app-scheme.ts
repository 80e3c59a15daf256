import { protocol, type Session } from 'electron';
import { lstatSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const SCHEME = 'app';

/** The only addresses that are answered: no encoding, no folders, no query. */
const OWN_ADDRESS = /^app:\/\/bundle\/(?<file>[\w-]+\.(?<extension>[a-z]+))(?:#.*)?$/u;

const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['css', 'text/css; charset=utf-8'],
  ['html', 'text/html; charset=utf-8'],
  ['js', 'text/javascript; charset=utf-8'],
  ['png', 'image/png'],
  ['svg', 'image/svg+xml'],
]);

/** On every answer: only our own files, no connections, no forms, no frames (Electron's security checklist, item 7). */
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

/** What the scheme serves. */
export interface OwnFiles {
  /** Absolute; only files directly in it are served, and no links. */
  readonly directory: string;
  /** Pages generated on request, by file name; they take precedence over the directory. */
  readonly pages: Readonly<Partial<Record<string, () => string>>>;
}

/** The address of a page of our own. */
export function ownAddress(file: string): string {
  return `${SCHEME}://bundle/${file}`;
}

/**
 * The file that a request is for; undefined if it is refused. A name has no separator, no encoding and one dot, so
 * it cannot lead out of the directory.
 */
export function locate({
  method,
  url,
}: Pick<Request, 'method' | 'url'>): { readonly name: string; readonly contentType: string } | undefined {
  const { file, extension } = OWN_ADDRESS.exec(url)?.groups ?? {};
  const contentType = CONTENT_TYPES.get(extension ?? '');
  if (method !== 'GET' || file === undefined || contentType === undefined) return undefined;
  return { name: file, contentType };
}

/** Answers one request: 200 with the file, or 404 with an empty body. Rejects if a file cannot be read. */
export async function answer(
  request: Pick<Request, 'method' | 'url'>,
  { directory, pages }: OwnFiles,
): Promise<Response> {
  const located = locate(request);
  if (located === undefined) return refusal();
  const page = pages[located.name]?.();
  const file = path.join(directory, located.name);
  // `lstat`, because links are not served.
  if (page === undefined && lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return refusal();
  const body = page ?? new Uint8Array(await readFile(file));
  return new Response(body, { headers: { ...HEADERS, 'Content-Type': located.contentType } });
}

function refusal(): Response {
  return new Response(null, { status: 404, headers: HEADERS });
}

/**
 * Makes `app:` a secure scheme with origins; call once, before `ready`. Fetch, service workers and a bypass of the
 * Content-Security-Policy stay off: our pages connect to nothing.
 */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }]);
}

/** Serves the scheme on this session only: each session has its own handlers. */
export function serveAppScheme(session: Session, files: OwnFiles): void {
  session.protocol.handle(SCHEME, (request) => answer(request, files));
}

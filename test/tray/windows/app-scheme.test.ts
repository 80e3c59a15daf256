import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

// The real module would download Electron's binary; security.test.ts tests the calls to it on the stand-in.
vi.mock('electron', () => ({}));

const { answer, locate, ownAddress } = await import('../../../src/tray/windows/app-scheme.ts');

const PAGE = '<!doctype html><title>put together</title>';
let scratch: string;
let files: Parameters<typeof answer>[1];

beforeAll(() => {
  scratch = mkdtempSync(path.join(os.tmpdir(), 'app-scheme-'));
  const directory = path.join(scratch, 'windows');
  mkdirSync(path.join(directory, 'folder.css'), { recursive: true });
  mkdirSync(path.join(directory, 'inner'));
  writeFileSync(path.join(scratch, 'secret.css'), 'secret');
  for (const name of [
    'page.css',
    'script.js',
    'drawn.svg',
    'picture.png',
    'static.html',
    '.hidden.css',
    'notes.txt',
  ])
    writeFileSync(path.join(directory, name), `content of ${name}`);
  writeFileSync(path.join(directory, 'inner/nested.css'), 'nested');
  writeFileSync(path.join(directory, '%2e%2e%2fsecret.css'), 'encoded');
  writeFileSync(path.join(directory, '..\\secret.css'), 'backslash');
  symlinkSync(path.join(scratch, 'secret.css'), path.join(directory, 'link.css'));
  symlinkSync(path.join(directory, 'page.css'), path.join(directory, 'inward.css'));
  symlinkSync(scratch, path.join(directory, 'up.css'));
  files = { directory, pages: { 'about.html': () => PAGE, 'throws.html': () => fail() } };
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function fail(): never {
  throw new Error('this page cannot be put together');
}

const get = (url: string, method = 'GET'): Promise<Response> => answer({ method, url }, files);

test.each([
  ['page.css', 'text/css; charset=utf-8'],
  ['static.html', 'text/html; charset=utf-8'],
  ['script.js', 'text/javascript; charset=utf-8'],
  ['drawn.svg', 'image/svg+xml'],
  ['picture.png', 'image/png'],
])('%s is served as %s', async (name, type) => {
  const response = await get(ownAddress(name));
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(type);
  expect(await response.text()).toBe(`content of ${name}`);
});

test('a generated page takes precedence over the directory, with or without a fragment', async () => {
  for (const url of ['app://bundle/about.html', 'app://bundle/about.html#licence'])
    expect(await (await get(url)).text()).toBe(PAGE);
});

test('an error in a page rejects instead of answering with an empty page', async () => {
  await expect(get('app://bundle/throws.html')).rejects.toThrow('put together');
});

/** Most would name an existing file if they were decoded, resolved or truncated. */
const ESCAPES: readonly (readonly [what: string, url: string])[] = [
  ['the directory above', 'app://bundle/../secret.css'],
  ['the directory above, from a folder', 'app://bundle/inner/../../secret.css'],
  ['dots, encoded', 'app://bundle/%2e%2e/secret.css'],
  ['dots, half encoded', 'app://bundle/.%2E/secret.css'],
  ['a slash, encoded', 'app://bundle/..%2fsecret.css'],
  ['all of it, encoded', 'app://bundle/%2e%2e%2fsecret.css'],
  ['all of it, encoded twice', 'app://bundle/%252e%252e%252fsecret.css'],
  ['a letter, encoded', 'app://bundle/p%61ge.css'],
  ['a backslash', 'app://bundle/..\\secret.css'],
  ['a backslash, encoded', 'app://bundle/..%5csecret.css'],
  ['a NUL', 'app://bundle/page.css\0.html'],
  ['a NUL, encoded', 'app://bundle/page.css%00'],
  ['a line break', 'app://bundle/page.css\n'],
  ['a line break before the fragment', 'app://bundle/page.css\n#x'],
  ['a line break before it', '\napp://bundle/page.css'],
  ['another host', 'app://other/page.css'],
  ['a longer host', 'app://bundle.example/page.css'],
  ['a host that ends in ours', 'app://example.bundle/page.css'],
  ['no host', 'app:///page.css'],
  ['no slashes', 'app:page.css'],
  ['a port', 'app://bundle:80/page.css'],
  ['a user', 'app://user@bundle/page.css'],
  ['a user and a password', 'app://user:password@bundle/page.css'],
  ['our host as the user', 'app://bundle@example/page.css'],
  ['another scheme', 'https://bundle/page.css'],
  ['a longer scheme', 'xapp://bundle/page.css'],
  ['a file', 'file:///etc/passwd'],
  ['a query', 'app://bundle/page.css?x=1'],
  ['an empty query', 'app://bundle/page.css?'],
  ['an absolute path', 'app://bundle//etc/passwd.css'],
  ['an absolute path of Windows', 'app://bundle/C:/Windows/page.css'],
  ['an absolute path of Windows, with backslashes', 'app://bundle/C:\\Windows\\page.css'],
  ['a drive', 'app://bundle/C:page.css'],
  ['a share of Windows', 'app://bundle/\\\\server\\share\\page.css'],
  ['another stream of a file of Windows', 'app://bundle/page.css:stream.css'],
  ['a folder', 'app://bundle/inner/nested.css'],
  ['a folder that is named like a file, with a slash', 'app://bundle/folder.css/'],
  ['through a link to a folder', 'app://bundle/up.css/secret.css'],
  ['a hidden file', 'app://bundle/.hidden.css'],
  ['an unknown file type', 'app://bundle/notes.txt'],
  ['a file type named like a property of Object', 'app://bundle/page.constructor'],
  ['other letters', 'app://BUNDLE/page.css'],
  ['a name without an extension', 'app://bundle/inner'],
  ['the directory itself', 'app://bundle/'],
  ['nothing', 'app://bundle'],
  ['a property of Object', 'app://bundle/constructor'],
  ['nonsense', 'nonsense'],
];

/** Valid names that are not regular files. */
const NO_FILES: typeof ESCAPES = [
  ['a folder named like a file', 'app://bundle/folder.css'],
  ['a link out of the directory', 'app://bundle/link.css'],
  ['a link to a file of the directory', 'app://bundle/inward.css'],
  ['a link to a folder', 'app://bundle/up.css'],
  ['a missing file', 'app://bundle/absent.css'],
];

describe('is answered with an empty 404:', () => {
  const expectNothing = async (response: Response): Promise<void> => {
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('');
  };

  test.each(ESCAPES)('%s, before the disk is accessed', async (_what, url) => {
    expect(locate({ method: 'GET', url })).toBeUndefined();
    await expectNothing(await get(url));
  });

  test.each(NO_FILES)('%s', async (_what, url) => {
    expect(locate({ method: 'GET', url })).toBeDefined();
    await expectNothing(await get(url));
  });

  test.each(['POST', 'PUT', 'HEAD', 'OPTIONS', 'DELETE', 'get', ''])('the method “%s”', async (method) => {
    await expectNothing(await get('app://bundle/page.css', method));
    await expectNothing(await get('app://bundle/about.html', method));
  });
});

test('every answer has the whole policy, and no other header', async () => {
  const headers = {
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
  const of = async (url: string): Promise<object> => Object.fromEntries((await get(url)).headers);
  expect(await of('app://bundle/nothing.css')).toEqual(headers);
  expect(await of('app://bundle/page.css')).toEqual({
    ...headers,
    'content-type': 'text/css; charset=utf-8',
  });
  expect(await of('app://bundle/about.html')).toEqual({
    ...headers,
    'content-type': 'text/html; charset=utf-8',
  });
});

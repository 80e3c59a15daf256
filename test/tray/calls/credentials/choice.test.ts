import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FileWanted } from '../../../../src/tray/dialogs/file-choice.ts';
import { HeldCredentials } from '../../../../src/tray/calls/credentials/held-credentials.ts';
import type { CredentialChosen } from '../../../../src/pages/bridge/contract.ts';

vi.mock('electron', () => ({}));
const { chooseAssertionFile, chooseCertificate } =
  await import('../../../../src/tray/calls/credentials/choice.ts');
const { readDraftFile } = await import('../../../../src/tray/calls/settings/draft-file.ts');

let directory: string;
let held: HeldCredentials;
let titles: string[];
const at = (name: string): string => path.join(directory, name);

/** A file dialog in which the user chooses these files one after the other. */
const choosing = (
  ...files: (string | undefined)[]
): ((wanted: FileWanted) => Promise<string | undefined>) => {
  const left = [...files];
  return ({ title }) => {
    titles.push(title);
    return Promise.resolve(left.shift());
  };
};
const credentialOf = (chosen: CredentialChosen): unknown =>
  chosen.kind === 'chosen' ? held.get(chosen.credential.handle) : chosen;

beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'credential-choice-'));
  const out = ['-keyout', at('one.key'), '-out', at('one.crt'), '-subj', '/CN=tokentray', '-days', '30'];
  execFileSync('openssl', ['req', '-x509', '-nodes', '-newkey', 'rsa:2048', ...out], { stdio: 'ignore' });
  const read = (name: string): string => readFileSync(at(name), 'utf8');
  writeFileSync(at('both.pem'), read('one.crt') + read('one.key'));
  const header = Buffer.from('{"alg":"RS256"}').toString('base64url');
  writeFileSync(at('assertion'), `${header}.e30.signature\n`);
});
afterAll(() => rmSync(directory, { recursive: true }));
beforeEach(() => {
  held = new HeldCredentials();
  titles = [];
});

describe('a certificate', () => {
  test('with its key in one file needs one choice', async () => {
    const chosen = await chooseCertificate(held, choosing(at('both.pem')));
    expect(chosen).toMatchObject({ kind: 'chosen', said: expect.stringContaining('CN=tokentray') as string });
    expect(credentialOf(chosen)).toMatchObject({ kind: 'certificate' });
    expect(JSON.stringify(chosen)).not.toContain('PRIVATE');
    expect(titles).toHaveLength(1);
  });

  test('without its key asks for the key file', async () => {
    const chosen = await chooseCertificate(held, choosing(at('one.crt'), at('one.key')));
    expect(credentialOf(chosen)).toMatchObject({ kind: 'certificate' });
    expect(titles.at(-1)).toBe('Choose the certificate’s private key');
  });

  test('is refused with a sentence if the file holds none, without asking for a key', async () => {
    const chosen = await chooseCertificate(held, choosing(at('one.key')));
    expect(chosen).toMatchObject({ kind: 'refused' });
    expect(JSON.stringify(chosen)).not.toContain('PRIVATE');
    expect(titles).toHaveLength(1);
  });

  test('changes nothing if the first or second dialog is cancelled', async () => {
    expect(await chooseCertificate(held, choosing(undefined))).toEqual({ kind: 'cancelled' });
    expect(await chooseCertificate(held, choosing(at('one.crt'), undefined))).toEqual({ kind: 'cancelled' });
  });
});

test('an assertion file is held by its path, and must contain an assertion', async () => {
  const chosen = await chooseAssertionFile(held, choosing(at('assertion')));
  expect(credentialOf(chosen)).toEqual({ kind: 'assertion-file', path: at('assertion') });
  expect(await chooseAssertionFile(held, choosing(at('one.crt')))).toMatchObject({
    kind: 'refused',
    sentences: [expect.any(String) as string],
  });
  expect(await chooseAssertionFile(held, choosing(undefined))).toEqual({ kind: 'cancelled' });
});

test.skipIf(process.platform === 'win32')('a pipe is refused without waiting for it', async () => {
  execFileSync('mkfifo', [at('pipe')]);
  const drafts = { read: (): never => expect.unreachable() };
  const choices = [
    chooseCertificate(held, choosing(at('pipe'))),
    chooseCertificate(held, choosing(at('one.crt'), at('pipe'))),
    chooseAssertionFile(held, choosing(at('pipe'))),
    readDraftFile(drafts, choosing(at('pipe'))),
  ];
  for (const chosen of await Promise.all(choices))
    expect(chosen).toMatchObject({
      kind: 'refused',
      sentences: [expect.stringContaining('It is a pipe or a device') as string],
    });
});

describe('a file with a registration', () => {
  const drafts = { read: (text: string) => Promise.resolve({ kind: 'refused', sentences: [text] } as const) };

  test('is read completely, up to a limit larger than any real file', async () => {
    writeFileSync(at('.env'), 'CLIENT_ID=x');
    expect(await readDraftFile(drafts, choosing(at('.env')))).toMatchObject({ sentences: ['CLIENT_ID=x'] });
    writeFileSync(at('large'), 'x'.repeat(2_000_000));
    const read = await readDraftFile(drafts, choosing(at('large')));
    // One byte more than the limit, so that the reader can tell that the file is too large.
    expect(read.kind === 'refused' && read.sentences[0]?.length).toBe(1_000_001);
  });

  test('that cannot be read is refused with a sentence', async () => {
    expect(await readDraftFile(drafts, choosing(directory))).toMatchObject({ kind: 'refused' });
    expect(await readDraftFile(drafts, choosing(undefined))).toEqual({ kind: 'cancelled' });
  });
});

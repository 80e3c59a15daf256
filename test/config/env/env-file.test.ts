import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readEnvFile } from '../../../src/config/env/env-file.ts';
import { fileIssue } from '../../../src/config/rules/file-trouble.ts';
import { sayIssue } from '../../../src/config/rules/issue.ts';

const TEXT = `CLIENT_ID=11111111-2222-3333-4444-55555555abcd
CLIENT_SECRET=aBc8Q~notarealsecretnotarealsecret12345
TENANT_ID=contoso.com
REDIRECT_URI=http://localhost:5000/getAToken
SCOPE=User.Read
`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'tokentray-env-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function said(file: string): Promise<string[]> {
  const read = await readEnvFile(file);
  return read.kind === 'ok' ? ['ok'] : read.issues.map(sayIssue);
}

it('a file is read', async () => {
  const file = path.join(directory, '.env');
  writeFileSync(file, TEXT);
  expect(await said(file)).toEqual(['ok']);
});

it.skipIf(process.platform === 'win32')(
  'a pipe is read as well, so that the secret need not be on the disk',
  async () => {
    const pipe = path.join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const writer = spawn('sh', ['-c', 'cat > "$0"', pipe], { stdio: ['pipe', 'ignore', 'ignore'] });
    writer.stdin.end(TEXT);
    expect(await said(pipe)).toEqual(['ok']);
  },
);

it.skipIf(process.platform === 'win32')(
  'chosen in a dialog it must be a file: a pipe would be waited for unseen, for ever',
  async () => {
    const pipe = path.join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const irregular = async (file: string): Promise<string[]> => {
      const read = await readEnvFile(file, {}, 'regular');
      return read.kind === 'ok' ? ['ok'] : read.issues.map(sayIssue);
    };
    const link = path.join(directory, 'link');
    symlinkSync(pipe, link);
    for (const file of [pipe, link, '/dev/zero'])
      expect(await irregular(file)).toEqual([`${file}: It is a pipe or a device. Choose a regular file.`]);
    expect(await irregular(directory)).toEqual([
      `${directory}: It is a directory. Enter the path of a file in it.`,
    ]);
    const file = path.join(directory, '.env');
    expect(await irregular(file)).toEqual([`${file}: The file does not exist. Check its path.`]);
    writeFileSync(file, TEXT);
    rmSync(link);
    symlinkSync(file, link);
    expect([await irregular(file), await irregular(link)]).toEqual([['ok'], ['ok']]);
  },
);

it('a file that is not there, or is a directory, is refused in words with the next step', async () => {
  const file = path.join(directory, '.env');
  expect(await said(file)).toEqual([`${file}: The file does not exist. Check its path.`]);
  mkdirSync(file);
  expect(await said(file)).toEqual([`${file}: It is a directory. Enter the path of a file in it.`]);
  expect(await said(path.join(file, 'a\u001b[31m'))).toEqual([
    `${file}/a\\u001b[31m: The file does not exist. Check its path.`,
  ]);
});

it.each([
  ['EACCES', /do not have permission to read it/u],
  ['EPERM', /do not have permission to read it/u],
  ['ENOTDIR', /does not exist/u],
  ['EIO', /cannot be read \(EIO\)/u],
])('the file system’s %s is reported in words', (code, words) => {
  expect(sayIssue(fileIssue('.env', code))).toMatch(words);
});

it.skipIf(process.platform === 'win32')('what never ends is refused as too large', async () => {
  expect(await said('/dev/zero')).toEqual(['.env: Must be a .env file of at most 1 MB.']);
});

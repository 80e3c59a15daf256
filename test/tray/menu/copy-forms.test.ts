import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Secret } from '../../../src/system/secret.ts';
import { copyText, curlCommand, sayCopied } from '../../../src/tray/menu/copy-forms.ts';
import { ada } from '../../agent/fixtures/fake-authority.ts';

const EXPIRES = Date.UTC(2026, 0, 15, 12, 0);
const answer = {
  token: {
    value: new Secret('eyJ.a.token'),
    tokenType: 'Bearer',
    scopes: ['User.Read'],
    obtainedAt: EXPIRES - 3600_000,
    expiresOn: EXPIRES,
  },
  warning: undefined,
};

test('a token is copied as it is, as a header line, or as the JSON that `tokentray token --json` prints', () => {
  expect(copyText('bare', answer, ada)).toBe('eyJ.a.token');
  expect(copyText('header', answer, ada)).toBe('Authorization: Bearer eyJ.a.token');
  expect(JSON.parse(copyText('json', answer, ada))).toEqual({
    schemaVersion: 1,
    accessToken: 'eyJ.a.token',
    tokenType: 'Bearer',
    expiresOn: '2026-01-15T12:00:00Z',
    expires_on: EXPIRES / 1000,
    scopes: ['User.Read'],
    account: ada,
  });
});

test('the curl command contains no token, and names the profile if it is not the default', () => {
  expect(curlCommand(undefined)).toBe('tokentray token --header | curl -H @- https://');
  expect(curlCommand('r-and-d')).toBe('tokentray token --profile r-and-d --header | curl -H @- https://');
});

test('in a shell the curl command passes the header on standard input, not as an argument', () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'curl-'));
  const program = (name: string, script: string): void => {
    writeFileSync(path.join(directory, name), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(directory, name), 0o755);
  };
  program('tokentray', 'echo "asked: $*" >"$OUT/asked"; echo "Authorization: Bearer eyJ.a.token"');
  program('curl', 'printf "%s\\n" "$@" >"$OUT/arguments"; cat >"$OUT/input"');
  try {
    const env = { PATH: `${directory}:${process.env.PATH ?? ''}`, OUT: directory };
    execFileSync('sh', ['-c', `${curlCommand('work')}graph.example/me`], { env });
    const written = (name: string): string => readFileSync(path.join(directory, name), 'utf8');
    expect(written('asked')).toBe('asked: token --profile work --header\n');
    expect(written('arguments').split('\n')).toEqual(['-H', '@-', 'https://graph.example/me', '']);
    expect(written('input')).toBe('Authorization: Bearer eyJ.a.token\n');
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('the sentence says what was copied', () => {
  expect(sayCopied('bare', undefined, '15:10')).toBe('Copied, good until 15:10');
  expect(sayCopied('header', undefined, '15:10')).toBe('Authorization header copied, good until 15:10');
  expect(sayCopied('json', undefined, '15:10')).toBe('JSON copied, good until 15:10');
  expect(sayCopied('bare', ['api://a/R'], '15:10')).toBe('Token for api://a/R copied, good until 15:10');
});

import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPolicy } from '../../../src/config/settings/policy.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'tokentray-policy-'));
  file = path.join(directory, 'policy.json');
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(content: unknown, mode = 0o644): void {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  chmodSync(file, mode);
}

function broken(writer: 'root' | 'anyone' = 'anyone'): string[] {
  const read = readPolicy(file, writer);
  return read.kind === 'invalid'
    ? read.issues.map(({ field, rule }) => `${field} ${rule.slice(14)}`)
    : [read.kind];
}

describe('the policy of the machine', () => {
  it('may be absent', () => {
    expect(readPolicy(file, 'root')).toEqual({ kind: 'absent' });
    expect(readPolicy(path.join(file, 'x'), 'root')).toEqual({ kind: 'absent' });
  });

  it.each([0, 30, 720])('spreads refreshes over up to %d minutes', (spreadMinutes) => {
    write({ schemaVersion: 1, spreadMinutes, later: true });
    expect(readPolicy(file, 'anyone')).toEqual({ kind: 'ok', policy: { schemaVersion: 1, spreadMinutes } });
  });

  it('spreads nothing when it does not say so', () => {
    write({ schemaVersion: 1 });
    expect(readPolicy(file, 'anyone')).toEqual({
      kind: 'ok',
      policy: { schemaVersion: 1, spreadMinutes: 0 },
    });
  });

  it.each([-1, 721, 1.5, '30'])(
    'that spreads over %j is refused by name, and left alone',
    (spreadMinutes) => {
      write({ schemaVersion: 1, spreadMinutes });
      expect(broken()).toEqual(['spreadMinutes policy.spread']);
      expect(readFileSync(file, 'utf8')).toContain('spreadMinutes');
    },
  );

  it('of another version, without one, or not JSON is refused', () => {
    write({ schemaVersion: 2 });
    expect(broken()).toEqual(['schemaVersion version']);
    write({});
    expect(broken()).toEqual(['schemaVersion version']);
    write('');
    expect(broken()).toEqual([`${file} json`]);
    rmSync(file);
    mkdirSync(file);
    expect(broken()).toEqual([`${file} file.directory`]);
  });
});

describe.skipIf(process.getuid?.() !== 0)('if only root may have written it', () => {
  const policy = { schemaVersion: 1, spreadMinutes: 5 };

  it.each([0o644, 0o600, 0o444])('a file of root’s applies (mode %o)', (mode) => {
    write(policy, mode);
    expect(readPolicy(file, 'root').kind).toBe('ok');
  });

  it.each([0o664, 0o646])('a file that others may write is ignored and reported (mode %o)', (mode) => {
    write(policy, mode);
    const read = readPolicy(file, 'root');
    expect(read.kind === 'invalid' && read.issues).toMatchObject([
      { rule: 'settings.rule.policy.writer', found: `uid 0, mode ${mode.toString(8)}` },
    ]);
  });

  it('a user’s file is ignored, unless the home is portable', () => {
    write(policy);
    chownSync(file, 1000, 1000);
    expect(broken('root')).toEqual([`${file} policy.writer`]);
    expect(readPolicy(file, 'anyone').kind).toBe('ok');
  });
});

it.skipIf(process.getuid === undefined || process.getuid() === 0)(
  'a user’s file is ignored if it must be root’s',
  () => {
    write({ schemaVersion: 1 });
    expect(broken('root')).toEqual([`${file} policy.writer`]);
  },
);

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { takeOwnership } from '../../../src/system/ownership/ownership.ts';
import { makeEmptyHome, ownHome } from '../fixtures/fake-owner.ts';

const home = makeEmptyHome();

/** One object and nothing else, whatever went wrong: scripts parse it before they look at the exit code. */
function refusalIn(out: string): Record<string, unknown> {
  expect(out.split('\n')).toHaveLength(2);
  const { schemaVersion, error } = JSON.parse(out) as {
    schemaVersion: unknown;
    error: Record<string, unknown>;
  };
  expect(schemaVersion).toBe(1);
  for (const field of ['kind', 'code', 'message', 'next']) expect(typeof error[field]).toBe('string');
  return error;
}

describe('every refusal is one JSON object where JSON was asked for, with prose on stderr', () => {
  const broken = path.join(home.directory, 'broken.env');
  writeFileSync(broken, 'CLIENT_ID=x\n');
  test.each([
    ['token', 13, 'agent-not-running'],
    ['status', 13, 'agent-not-running'],
    ['status --watch', 13, 'agent-not-running'],
    ['refresh', 13, 'agent-not-running'],
    ['sign-in', 13, 'agent-not-running'],
    ['sign-out', 13, 'agent-not-running'],
    ['profiles default work', 12, 'not-configured'],
    ['profiles remove work', 12, 'not-configured'],
    ['storage encrypted-file --systemd-credential tokentray', 14, 'storage.unusable'],
    ['storage encrypted-file --passphrase', 14, 'storage.unusable'],
    ['serve', 12, 'not-configured'],
    [`serve --from-env ${broken}`, 12, 'import.refused'],
    [`import ${broken}`, 2, 'import.refused'],
    ['import /nonexistent/.env', 2, 'import.refused'],
    ['token --sope x', 2, 'command-line'],
    ['doctor --profile', 2, 'command-line'],
    ['gettoken', 2, 'command-line'],
  ])('%s', async (line, exitCode, errorCode) => {
    const { code, out, err } = await home.tokentray.run(...line.split(' '), '--json');
    expect(code).toBe(exitCode);
    const error = refusalIn(out);
    expect(error.code).toBe(errorCode);
    expect(err).not.toBe('');
    expect(err).not.toContain('{');
  });

  test('settings that are not JSON are named, and left where they are but for serve', async () => {
    const other = makeEmptyHome();
    const file = other.places.settingsFile;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '{ "profiles": [ secret-looking');
    for (const line of [['profiles'], ['storage'], ['storage', 'memory'], ['serve']]) {
      const { code, out } = await other.tokentray.run(...line, '--json');
      expect(code).toBe(12);
      expect(refusalIn(out)).toMatchObject({ code: 'settings.unusable' });
      expect(out).toContain(file);
      expect(out).not.toContain('secret-looking');
    }
    // Only who owns the configuration sets the file aside.
    expect(readdirSync(path.dirname(file)).join()).toContain('.corrupt-');
  });

  test('an owner that has no socket yet is named', async () => {
    const other = makeEmptyHome();
    const ownership = await takeOwnership({ places: other.places, kind: 'tray' });
    if (ownership.kind !== 'owner') throw new Error('the home was new');
    const { code, out } = await other.tokentray.run('storage', 'memory', '--json');
    expect(code).toBe(1);
    expect(refusalIn(out)).toMatchObject({ code: 'already-running' });
    expect(out).toContain(`process ${process.pid}`);
    await ownership.release();
  });
});

test('what went well is one JSON object as well', async () => {
  const other = makeEmptyHome();
  const owner = await ownHome(other.places);
  for (const line of ['status', 'refresh', 'sign-in', 'sign-out', 'doctor', 'profiles']) {
    const { out } = await other.tokentray.run(line, '--json');
    expect(JSON.parse(out), line).toMatchObject({ schemaVersion: 1 });
    expect(out.split('\n'), line).toHaveLength(2);
  }
  await owner.close();
});

import { describe, expect, it } from 'vitest';
import { sayIssue } from '../../../src/config/rules/issue.ts';
import { checkSettingsChange } from '../../../src/config/settings/settings-change.ts';

function read(value: unknown): unknown {
  const checked = checkSettingsChange(value);
  return checked.kind === 'ok' ? checked.value : checked.issues.map(sayIssue);
}

describe('a change of single settings', () => {
  it('names only what it changes: nothing is set back to its default', () => {
    expect(read({ loopback: true })).toEqual({ loopback: true });
    expect(read({})).toEqual({});
  });

  it('is checked by the rules of the settings file', () => {
    expect(read({ loopback: 'on', logLevel: 'loud' })).toEqual([
      'logLevel: “warn”, “info” or “debug” is wanted. Found: loud',
      'loopback: true or false is wanted. Found: on',
    ]);
  });

  it.each(['hooks', 'tokenFiles', 'profiles', 'storage', 'extraCaFile', 'schemaVersion'])(
    'never holds %s',
    (name) => {
      expect(read({ [name]: {} })).toEqual([
        expect.stringContaining(`${name}: This setting is not changed here.`),
      ]);
    },
  );

  it('is an object', () => {
    expect(read([])).toEqual([expect.stringContaining('An object with named fields is wanted.')]);
    expect(read(undefined)).toEqual([expect.stringContaining('An object with named fields is wanted.')]);
  });
});

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
      'logLevel: Must be “warn”, “info” or “debug”. Found: loud',
      'loopback: Must be true or false. Found: on',
    ]);
  });

  it.each(['hooks', 'tokenFiles', 'profiles', 'storage', 'extraCaFile', 'schemaVersion'])(
    'never contains %s',
    (name) => {
      expect(read({ [name]: {} })).toEqual([
        expect.stringContaining(`${name}: This setting cannot be changed here.`),
      ]);
    },
  );

  it('is an object', () => {
    expect(read([])).toEqual([expect.stringContaining('Must be an object with named fields.')]);
    expect(read(undefined)).toEqual([expect.stringContaining('Must be an object with named fields.')]);
  });
});

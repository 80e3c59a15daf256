// Pages that are made from the product are as it is, and what is described is what there is.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkSettings } from '../../src/config/settings/schema.ts';
import { readDocument, root } from './fixtures/documents.ts';

interface Row {
  readonly key: string;
  readonly required?: boolean;
  readonly default?: unknown;
  readonly invalid: unknown;
  /** The other keys of the object that the row's key is in. */
  readonly within?: Readonly<Record<string, unknown>>;
}

const { sections, example } = JSON.parse(
  readFileSync(path.join(root, '.config/settings-table.json'), 'utf8'),
) as {
  readonly sections: readonly { readonly rows: readonly Row[] }[];
  readonly example: Readonly<Record<string, unknown>>;
};
const rows = sections.flatMap((section) => section.rows);

test('commands.md, settings.md and the errors in README are up to date', () => {
  const { status, stderr } = spawnSync(process.execPath, ['.config/make-docs.mjs', '--check'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('README has at most 900 words', () => {
  expect(readDocument('README.md').text.split(/\s+/u).filter(Boolean).length).toBeLessThanOrEqual(900);
});

test('every dependency is named with its reason', () => {
  const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const { text } = readDocument('.github/docs/decisions/dependencies.md');
  const named = [...text.matchAll(/^\| (@?[a-z][^|]*?) +\|/gmu)].flatMap(([, names = '']) =>
    names.split(', '),
  );
  expect(Object.keys(dependencies).filter((name) => !named.includes(name))).toEqual([]);
});

describe('settings.md', () => {
  const minimal = {
    schemaVersion: 1,
    profiles: [
      {
        id: 'work',
        authority: 'https://login.microsoftonline.com/contoso.example',
        clientId: '4f3a1c52-6f0e-4f6f-9d0e-1d2c3b4a5e6f',
        redirectUri: 'http://localhost:5000/getAToken',
        scopes: ['User.Read'],
      },
    ],
    tokenFiles: [{ path: '/home/ada/token', profile: 'work' }],
  };
  const checked = (value: unknown): Readonly<Record<string, unknown>> => {
    const found = checkSettings(value);
    if (found.kind !== 'ok') throw new Error(JSON.stringify(found.issues));
    return found.value as unknown as Readonly<Record<string, unknown>>;
  };
  const normal = checked(minimal);

  test('describes every key of the schema, and no other', () => {
    const keysOf = (value: unknown, prefix: string): readonly string[] =>
      Object.keys(value as object).map((key) => `${prefix}${key}`);
    const keys = [
      ...keysOf(normal, ''),
      ...keysOf(at(normal, 'profiles[]'), 'profiles[].'),
      ...keysOf(at(normal, 'tokenFiles[]'), 'tokenFiles[].'),
      ...keysOf(normal['hooks'], 'hooks.'),
    ];
    const described = rows
      .map(({ key }) => key)
      .filter((key) => !/^(?:storage|profiles\[\]\.schedule)\./u.test(key));
    expect(described.toSorted()).toEqual(keys.toSorted());
  });

  test.each(rows.map((row) => [row.key, row] as const))(
    '%s: its default, and a value that is refused',
    (key, row) => {
      if (row.required === true)
        expect(fieldsRefused(changed(minimal, key, undefined))).toContain(fieldOf(key));
      else if (row.within === undefined && key !== 'tokenFiles' && key !== 'hooks')
        expect(at(normal, key) ?? null).toEqual(row.default);
      const refused = changed(minimal, key, row.invalid, row.within);
      expect(fieldsRefused(refused).some((field) => field.startsWith(fieldOf(key)))).toBe(true);
    },
  );

  test('has an example that is accepted', () => {
    expect(checkSettings(example).kind).toBe('ok');
  });
});

/** `profiles[].schedule.at` → `profiles`, `0`, `schedule`, `at`. */
const partsOf = (key: string): readonly string[] => key.replaceAll('[]', '.0').split('.');

const fieldOf = (key: string): string => partsOf(key).join('.');

function at(value: unknown, key: string): unknown {
  return partsOf(key).reduce<unknown>(
    (found, part) => (found as Readonly<Record<string, unknown>> | undefined)?.[part],
    value,
  );
}

/** A copy with another value at a key; `within` are the other keys of the object that it is in. */
function changed(value: unknown, key: string, to: unknown, within?: Row['within']): unknown {
  const copy = structuredClone(value) as Record<string, unknown>;
  const parts = partsOf(key);
  let place = copy;
  parts.slice(0, -1).forEach((part, index) => {
    const isLast = index === parts.length - 2;
    if (isLast && within !== undefined) place[part] = { ...within };
    place[part] ??= part === 'storage' ? { kind: 'encrypted-file' } : {};
    place = place[part] as Record<string, unknown>;
  });
  const last = parts.at(-1) ?? '';
  if (to === undefined) Reflect.deleteProperty(place, last);
  else place[last] = to;
  return copy;
}

function fieldsRefused(value: unknown): readonly string[] {
  const found = checkSettings(value);
  return found.kind === 'ok' ? [] : found.issues.map(({ field }) => field);
}

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Output {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
}

const { outputs } = JSON.parse(
  readFileSync(new URL('../../../dist/metafile.json', import.meta.url), 'utf8'),
) as { readonly outputs: Readonly<Record<string, Output>> };

test('openid-client is in one file of each host, which is loaded by no other until it is needed', () => {
  const withIt = Object.entries(outputs).filter(([, { inputs }]) =>
    Object.keys(inputs).some((file) => /node_modules\/(?:openid-client|oauth4webapi)\//u.test(file)),
  );
  const files = withIt.map(([file]) => file);
  expect(files.map((file) => file.split('/')[1]).toSorted()).toEqual(['terminal', 'tray']);
  const importers = Object.values(outputs).flatMap(({ imports }) =>
    imports.filter(({ path }) => files.includes(path)),
  );
  expect(new Set(importers.map(({ kind }) => kind))).toEqual(new Set(['dynamic-import']));
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Output {
  readonly entryPoint?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
}

const { outputs } = JSON.parse(
  readFileSync(new URL('../../../dist/metafile.json', import.meta.url), 'utf8'),
) as {
  readonly outputs: Readonly<Record<string, Output>>;
};

/** The built files that `tokentray token` loads. */
function loaded(): readonly Output[] {
  const seen = new Set<Output>();
  const add = (output: Output | undefined): void => {
    if (output === undefined || seen.has(output)) return;
    seen.add(output);
    for (const { path, kind } of output.imports) if (kind !== 'dynamic-import') add(outputs[path]);
  };
  for (const name of ['tokentray', 'token/command', 'token/token']) {
    const file = Object.entries(outputs).find(
      ([path, { entryPoint }]) =>
        path.startsWith('dist/terminal/') && entryPoint === `src/terminal/${name}.ts`,
    );
    expect(file, name).toBeDefined();
    add(file?.[1]);
  }
  return [...seen];
}

// Each file costs about a millisecond of the start.
test('tokentray token loads a few files, and of all commands only its own', () => {
  const files = loaded();
  expect(files.length).toBeLessThanOrEqual(8);
  const modules = files.flatMap(({ inputs }) => Object.keys(inputs));
  const ofCommands = modules.filter((file) => /^src\/terminal\/(?!token\/)[^/]+\//u.test(file));
  expect(modules).toContain('src/terminal/token/token.ts');
  expect([...new Set(ofCommands.map((file) => file.split('/')[2]))].toSorted()).toEqual([
    'command-line',
    'output',
  ]);
});

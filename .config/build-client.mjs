// Bundles `import … from 'tokentray'`, small: of the catalogue it carries only what its own modules can say.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';
import { ownSentences } from './own-sentences.mjs';

const source = new URL('../src/client/', import.meta.url);
const target = new URL('../dist/client/', import.meta.url);

/** The types that a program compiles against: one file a module, from its own text alone. */
async function declare(name) {
  const text = await readFile(new URL(`${name}.ts`, source), 'utf8');
  const { outputText, diagnostics } = ts.transpileDeclaration(text, {
    fileName: `${name}.ts`,
    compilerOptions: { target: ts.ScriptTarget.ES2023, isolatedDeclarations: true, stripInternal: true },
  });
  const [wrong] = diagnostics ?? [];
  if (wrong !== undefined)
    throw new Error(`${name}.ts: ${ts.flattenDiagnosticMessageText(wrong.messageText, ' ')}`);
  await writeFile(
    new URL(`${name}.d.ts`, target),
    outputText.replaceAll(/(from '\.\/[^']+)\.ts'/gu, "$1.js'"),
  );
}

/** `shared`: esbuild's options of everything that ships. */
export async function buildClient(shared) {
  const options = {
    ...shared,
    minify: true,
    outdir: 'dist/client',
    chunkNames: '[name]-[hash]',
    entryPoints: ['src/client/index.ts'],
  };
  const { metafile } = await build({
    ...options,
    metafile: true,
    plugins: [...shared.plugins, await ownSentences(options)],
  });
  await Promise.all(
    ['index', 'get-token', 'credential', 'access-token', 'token-options', 'tokentray-error'].map(declare),
  );
  return metafile.outputs;
}

// Gives a bundle, of the whole catalogue, only what its own modules can say.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const CATALOGUE = /[\\/]words[\\/]catalogue\.ts$/;
/** The catalogue and its parts. */
const SENTENCES = /[\\/]words[\\/]catalogue(?:\.ts$|[\\/])/;

/** What the bundle is made of, without the catalogue and what it would be made from otherwise. */
async function modulesOf(options) {
  const { metafile } = await build({ ...options, write: false, metafile: true });
  // What is not in the output has been shaken off, and says nothing.
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([file]) => file),
  );
  const files = [...new Set(used)].filter((file) => !SENTENCES.test(file));
  return Promise.all(files.map((file) => readFile(new URL(`../${file}`, import.meta.url), 'utf8')));
}

/** The catalogue as it is imported, with the entries whose code, or whose problem's, stands in `texts`. */
async function sentencesOf(texts) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../src/words/catalogue.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    write: false,
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const { catalogue } = await import(`data:text/javascript;base64,${code}`);
  const literals = new Set(
    texts.flatMap((each) => [...each.matchAll(/'([^'\n]*)'/gu)].map(([, word]) => word)),
  );
  const isSaid = (name) =>
    literals.has(name) || literals.has(name.replace(/^problem\./u, '').replace(/\.next(?:\.\w+)?$/u, ''));
  return Object.fromEntries(Object.entries(catalogue).filter(([name]) => isSaid(name)));
}

/** The plugin for a bundle with these options of esbuild's. */
export async function ownSentences(options) {
  const sentences = await sentencesOf(await modulesOf(options));
  return {
    name: 'own-sentences',
    setup: ({ onLoad }) =>
      onLoad({ filter: CATALOGUE }, () => ({
        contents: `export const catalogue = ${JSON.stringify(sentences)};`,
        loader: 'js',
      })),
  };
}

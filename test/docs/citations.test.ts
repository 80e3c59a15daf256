// Nothing in the repository cites what is not in it.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { comments, repositoryFiles } from './fixtures/comments.ts';
import {
  anchorsOf,
  blocksOf,
  codeSpansOf,
  documents,
  linksOf,
  proseOf,
  readDocument,
  root,
} from './fixtures/documents.ts';

const files = repositoryFiles();
const known = new Set(files);
const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** A path from the root of the repository. A `…` or a `*` in it stands for several. */
const PATH = /(?<![\w./@:~-])(?:src|test|assets|\.config|\.ci|\.github)\/[\w@./*-]*[\w*/]/gu;

/** A file by its name, or by the end of its path. */
const NAME = /(?<![\w./@:~$-])(?:[\w-]+\/)*[\w-]+(?:\.[\w-]+)*\.(?:ts|mjs|md|css|html|yml|py)\b(?![\w(-])/gu;

/** Documents that were once beside the repository. */
const NOT_HERE = /\bDESIGN\b|\bROOMS\b|\bSTYLE\.md|(?<!docs\/)\bfacts\/|\(facts\b|\/work\/|\bissue \d/gu;

/** Files of Electron, Chromium and the Azure CLI that comments name. */
const OF_OTHERS = new Set([
  'electron.d.ts',
  'docs/api/power-monitor.md',
  'docs/linux/proxy_config.md',
  'net-client-request.ts',
  'lib/browser/api/web-contents.ts',
  'auth/util.py',
]);

function isThere(cited: string): boolean {
  const exact = cited.replace(/\/$/u, '');
  if (known.has(exact)) return true;
  if (!exact.includes('*')) return false;
  const expression = new RegExp(
    `^${exact
      .replaceAll('.', String.raw`\.`)
      .replaceAll('**', '.+')
      .replaceAll('*', '[^/]*')}$`,
    'u',
  );
  return files.some((file) => expression.test(file));
}

const isNamed = (name: string): boolean =>
  OF_OTHERS.has(name) || files.some((file) => file === name || file.endsWith(`/${name}`));

/** Where a file may be that is no longer where it was cited. */
function hint(cited: string): string {
  const base = path.posix.basename(cited);
  const near = files.filter((file) => path.posix.basename(file) === base);
  return near.length === 0 ? cited : `${cited} (is it ${near.join(' or ')}?)`;
}

function missingIn(text: string): readonly string[] {
  const paths = [...text.matchAll(PATH)].map(([cited]) => cited).filter((cited) => !isThere(cited));
  const names = [...text.matchAll(NAME)]
    .map(([name]) => name)
    .filter((name) => !/^(?:src|test|assets|dist)\//u.test(name) && !isNamed(name));
  const elsewhere = [...text.matchAll(NOT_HERE)].map(([cited]) => cited);
  return [...paths, ...names].map(hint).concat(elsewhere);
}

describe('documents', () => {
  test('name only files that are there', () => {
    const missing = documents().flatMap((document) =>
      proseOf(document)
        .split('\n')
        .flatMap((text, index) =>
          missingIn(text.replaceAll(/\]\([^)]*\)/gu, '')).map(
            (cited) => `${document.file}:${index + 1} ${cited}`,
          ),
        ),
    );
    expect(missing).toEqual([]);
  });

  test('link, by relative paths, to files and headings that are there', () => {
    const broken = documents().flatMap((document) =>
      linksOf(document).flatMap(({ line, target }) => {
        const [file = '', anchor] = target.split('#');
        const linked = path.posix.join(path.posix.dirname(document.file), file);
        const place = `${document.file}:${line} ${target}`;
        if (target.startsWith('/') || linked.startsWith('..')) return [place];
        if (file !== '' && !existsSync(path.join(root, linked))) return [place];
        if (anchor === undefined) return [];
        const cited = file === '' ? document : readDocument(linked);
        return anchorsOf(cited).has(anchor) ? [] : [place];
      }),
    );
    expect(broken).toEqual([]);
  });

  test('name functions that are in the file that they name them with', () => {
    // `src/agent/agent.ts` (`getToken`): the way in which ARCHITECTURE.md and SECURITY.md say where.
    const missing = documents().flatMap((document) =>
      [...proseOf(document).matchAll(/`(src\/[\w./-]+\.ts)` \(((?:`[^`]+`(?:, )?)+)\)/gu)].flatMap(
        ([, file = '', names = '']) => {
          if (!known.has(file)) return [];
          const text = readFileSync(path.join(root, file), 'utf8');
          return [...names.matchAll(/`([^`]+)`/gu)]
            .map(([, name = '']) => name)
            .filter((name) => !new RegExp(String.raw`(?<!\w)${name.replaceAll('#', '#')}\b`, 'u').test(text))
            .map((name) => `${document.file}: ${name} in ${file}${definedIn(name)}`);
        },
      ),
    );
    expect(missing).toEqual([]);
  });

  test('name npm scripts that are there', () => {
    const missing = documents().flatMap((document) => {
      const code = [...codeSpansOf(document), ...blocksOf(document)].map((each) => each.code);
      return npmScripts(code.join('\n')).map((script) => `${document.file}: ${script}`);
    });
    expect(missing).toEqual([]);
  });

  test('are all reached from README', () => {
    const reached = new Set(['README.md']);
    for (const file of reached)
      for (const { target } of linksOf(readDocument(file))) {
        const [linked = ''] = target.split('#');
        const found = path.posix.join(path.posix.dirname(file), linked);
        if (found.endsWith('.md') && existsSync(path.join(root, found))) reached.add(found);
      }
    expect(
      documents()
        .map(({ file }) => file)
        .filter((file) => !reached.has(file)),
    ).toEqual([]);
  });
});

describe('comments', () => {
  const all = comments();

  test('are found in each kind of file', () => {
    for (const end of ['.ts', '.mjs', '.css', '.yml', 'bin/tokentray'])
      expect(all.some(({ file }) => file.endsWith(end))).toBe(true);
    expect(all.length).toBeGreaterThan(1000);
  });

  test('name only files that are there', () => {
    const missing = all
      .filter(({ file }) => !file.startsWith('test/docs/'))
      .flatMap(({ file, line, text }) => missingIn(text).map((cited) => `${file}:${line} ${cited}`));
    expect(missing).toEqual([]);
  });

  test('name npm scripts that are there', () => {
    const missing = all.flatMap(({ file, line, text }) =>
      npmScripts(text).map((script) => `${file}:${line} ${script}`),
    );
    expect(missing).toEqual([]);
  });
});

describe('the test itself', () => {
  test.each([
    ['see src/nowhere/at-all.ts', 'src/nowhere/at-all.ts'],
    ['(DESIGN, Storage)', 'DESIGN'],
    ['facts/electron.md 9', 'facts/'],
    ['as nowhere.ts says', 'nowhere.ts'],
    ['agent/nowhere.ts', 'agent/nowhere.ts'],
  ])('finds “%s”', (text, cited) => {
    expect(missingIn(text)).toContain(cited);
  });

  test.each(['src/agent/agent.ts', 'agent/agent.ts', 'agent.ts', 'test/**/*.ts', 'src/agent/', 'README.md'])(
    'lets “%s” pass',
    (text) => expect(missingIn(text)).toEqual([]),
  );

  test('finds a script that is not there', () => {
    expect(npmScripts('npm run nothing-of-the-kind && npm run build')).toEqual(['nothing-of-the-kind']);
  });
});

/** The scripts that a text has npm run, and that are not there. */
function npmScripts(text: string): readonly string[] {
  return [...text.matchAll(/\bnpm (?:run ([a-z][\w:-]*)|(test|start)\b)/gu)]
    .map(([, script, short]) => script ?? short ?? '')
    .filter((script) => !(script in scripts));
}

/** Where something of this name is declared, for whoever has to correct the document. */
function definedIn(name: string): string {
  const declared = new RegExp(
    String.raw`(?:function|class|const|interface|type) ${name}\b|^  (?:async |get )?${name}\(`,
    'mu',
  );
  const places = files.filter(
    (file) =>
      file.startsWith('src/') &&
      file.endsWith('.ts') &&
      declared.test(readFileSync(path.join(root, file), 'utf8')),
  );
  return places.length === 0 ? '' : ` (is it ${places.join(' or ')}?)`;
}

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import { describe, expect, test } from 'vitest';

interface Config {
  readonly forbidden: readonly (IForbiddenRuleType & { readonly name: string })[];
  readonly options: ICruiseOptions;
}

const { default: config } = (await import(
  new URL('../../../.config/dependency-cruiser.mjs', import.meta.url).href
)) as { default: Config };

/** A house by the rules: one module, which is an entry. */
const CLEAN = { 'src/client/index.ts': 'export const answer = 1;\n' };

const IMPORTS = (...files: readonly string[]): string =>
  files
    .map((file, index) => `import * as m${index} from '${file}';\nexport const n${index} = m${index};\n`)
    .join('');

/** Packages that the modules of a house import. */
const PACKAGES = ['electron', 'shipped', 'for-tests'];

/** Builds the house in a directory and names the rules that it breaks. */
async function brokenRules(files: Readonly<Record<string, string>>): Promise<string[]> {
  const house = mkdtempSync(path.join(tmpdir(), 'rules-'));
  const manifest = { dependencies: { shipped: '1' }, devDependencies: { electron: '1', 'for-tests': '1' } };
  const packages = PACKAGES.flatMap((name) => [
    [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' })],
    [`node_modules/${name}/index.js`, ''],
  ]);
  const all = {
    'package.json': JSON.stringify(manifest),
    'tsconfig.json': '{}',
    ...(Object.fromEntries(packages) as Record<string, string>),
    ...CLEAN,
    ...files,
  };
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(house, file)), { recursive: true });
    writeFileSync(path.join(house, file), text);
  }
  const folders = Object.keys(all).some((file) => file.startsWith('test/')) ? ['src', 'test'] : ['src'];
  const { output } = await cruise(
    folders,
    // The product's tsconfig.json names no paths, so nothing of it matters here.
    {
      ...config.options,
      tsConfig: {},
      baseDir: house,
      ruleSet: { forbidden: [...config.forbidden] },
      validate: true,
    },
    config.options.enhancedResolveOptions,
  );
  const { summary } = output as ICruiseResult;
  return [...new Set(summary.violations.map(({ rule }) => rule.name))].sort();
}

const room = (name: string): string => `src/${name}/here/module.ts`;

/** An import that no room but the hosts may have, for each room. */
const arrows = Object.fromEntries(
  config.forbidden
    .filter(({ name }) => name.startsWith('arrows-of-'))
    .map(({ name }) => {
      const from = name.slice('arrows-of-'.length);
      const to = from === 'terminal' ? 'tray' : 'terminal';
      return [name, { [room(from)]: IMPORTS(`../../${to}/here/module.ts`), [room(to)]: IMPORTS('shipped') }];
    }),
);

/** A house for each rule that breaks it. */
const houses: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ...arrows,
  'no-folder-circles': {
    'src/agent/one/first.ts': IMPORTS('../other/second.ts'),
    'src/agent/other/second.ts': IMPORTS('shipped'),
    'src/agent/other/third.ts': IMPORTS('../one/fourth.ts'),
    'src/agent/one/fourth.ts': IMPORTS('shipped'),
  },
  'no-circles': {
    'src/agent/one/first.ts': IMPORTS('./second.ts'),
    'src/agent/one/second.ts': IMPORTS('./first.ts'),
  },
  resolvable: { [room('agent')]: IMPORTS('./not-there.ts') },
  'no-dead-modules': { [room('agent')]: IMPORTS('shipped') },
  'no-dead-fixtures': {
    'test/agent/agent.test.ts': IMPORTS('node:fs'),
    'test/agent/fixtures/unused.ts': IMPORTS('node:fs'),
  },
  'roots-come-last': {
    [room('agent')]: IMPORTS('../agent.ts'),
    'src/agent/agent.ts': IMPORTS('shipped'),
  },
  'small-client': {
    'src/client/index.ts': IMPORTS('../outlets/hooks/hooks.ts'),
    'src/outlets/hooks/hooks.ts': IMPORTS('shipped'),
  },
  'small-pages': {
    'src/pages/status/status.ts': IMPORTS('../../agent/status/status.ts'),
    'src/agent/status/status.ts': IMPORTS('shipped'),
  },
  'only-the-bridge': {
    'src/tray/main.ts': IMPORTS('../pages/elements/element.ts'),
    'src/pages/elements/element.ts': IMPORTS('shipped'),
  },
  'electron-in-the-tray': { [room('agent')]: IMPORTS('electron') },
  'only-what-ships': { [room('agent')]: IMPORTS('for-tests') },
};

describe('each rule of .config/dependency-cruiser.mjs can fail', () => {
  test.each(config.forbidden.map(({ name }) => name))('%s', async (name) => {
    expect(houses, 'a house that breaks the rule').toHaveProperty([name]);
    expect(await brokenRules(houses[name] ?? {})).toContain(name);
  });
});

describe('a house by the rules', () => {
  test('breaks none', async () => {
    const house = {
      'src/tray/main.ts': IMPORTS('electron', '../agent/agent.ts', '../pages/bridge/wire.ts'),
      'src/agent/agent.ts': IMPORTS('./status/status.ts', '../words/say.ts'),
      'src/agent/status/status.ts': IMPORTS('shipped'),
      'src/words/say.ts': IMPORTS('shipped'),
      'src/pages/bridge/wire.ts':
        "import type * as s from '../../agent/status/status.ts';\nexport type S = typeof s;\n",
      'src/system/files/whole.ts': IMPORTS('../limit.ts'),
      'src/system/limit.ts': IMPORTS('node:fs'),
      'src/client/index.ts': IMPORTS('../system/files/error-code.ts'),
      'src/system/files/error-code.ts': IMPORTS('./whole.ts'),
      'test/agent/agent.test.ts': IMPORTS('./fixtures/used.ts', 'for-tests'),
      'test/agent/fixtures/used.ts': IMPORTS('../../../src/agent/agent.ts'),
    };
    expect(await brokenRules(house)).toEqual([]);
  });
});

// Type-aware lint, the arrows between the folders of the house, and no import circles.
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** What each room of `src` may import besides itself. The hosts (tray, terminal) are imported by nobody. */
const mayImport = {
  words: [],
  config: ['vault', 'words'],
  vault: ['words'],
  agent: ['config', 'vault', 'words'],
  outlets: ['agent', 'config', 'vault', 'words'],
  windows: ['words'],
  'demo-tenant': [],
  tray: ['agent', 'config', 'vault', 'outlets', 'words', 'windows'],
  terminal: ['agent', 'config', 'vault', 'outlets', 'words', 'windows', 'demo-tenant'],
};
const rooms = Object.keys(mayImport);
const arrows = rooms.map((room) => ({
  target: `./src/${room}`,
  from: './src',
  except: [room, ...mayImport[room]].map((other) => `./${other}`),
  message: `src/${room} may import only: ${[room, ...mayImport[room]].join(', ')}.`,
}));

const noElectron = ['error', { paths: [{ name: 'electron', message: 'Only src/tray imports electron.' }] }];

export default tseslint.config(
  { ignores: ['dist/**', 'release/**', 'node_modules/**'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: new URL('..', import.meta.url).pathname },
    },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'no-restricted-imports': noElectron,
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': [
        'error',
        { basePath: new URL('..', import.meta.url).pathname, zones: arrows },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  { files: ['src/tray/**/*.ts', 'test/**/*.ts'], rules: { 'no-restricted-imports': 'off' } },
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
);

// Type-aware lint. The arrows between the folders are dependency-cruiser's (dependency-cruiser.mjs).
import tseslint from 'typescript-eslint';

const noElectron = [
  'error',
  { paths: [{ name: 'electron', message: 'Only src/tray and the preload script import electron.' }] },
];

export default tseslint.config(
  { ignores: ['dist/**', 'release/**', 'node_modules/**'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: new URL('..', import.meta.url).pathname },
    },
    rules: {
      'no-restricted-imports': noElectron,
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/tray/**/*.ts', 'src/pages/bridge/preload.ts', 'test/**/*.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
);

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A change to one source file of the product: every piece of text must be there, or the sabotage proves nothing. */
export interface Damage {
  readonly file: string;
  readonly replace: Readonly<Record<string, string>>;
}

/** The interception's two listeners, taken out. */
export const withoutListeners: readonly Damage[] = [
  {
    file: 'src/tray/sign-in-session.ts',
    replace: {
      'this.#session.webRequest.onBeforeRequest((details, answer)':
        '((_unused: unknown) => undefined)((details: Electron.OnBeforeRequestListenerDetails, answer: (a: { cancel: boolean }) => void)',
    },
  },
  {
    file: 'src/tray/sign-in-visit.ts',
    replace: { "webContents.on('will-redirect'": "webContents.off('will-redirect'" },
  },
];

/** The request listener attached when the sign-in page has long been asked for. */
export const withLateListener: readonly Damage[] = [
  {
    file: 'src/tray/sign-in-session.ts',
    replace: {
      'this.#session.webRequest.onBeforeRequest((details, answer)':
        'const attach = this.#session.webRequest.onBeforeRequest.bind(this.#session.webRequest); this.attachLate = () => attach((details, answer)',
      '  #interceptor: Interceptor | undefined;':
        '  attachLate: () => void = () => undefined;\n  #interceptor: Interceptor | undefined;',
    },
  },
  {
    file: 'src/tray/sign-in-visit.ts',
    replace: {
      "webContents.on('will-redirect'":
        "setTimeout(() => (this.#session as unknown as { attachLate(): void }).attachLate(), 500); webContents.off('will-redirect'",
    },
  },
];

/** Bundles the tray like `npm run build` does, but damaged; beside the real one, so that assets are found. */
export async function buildDamaged(name: string, damages: readonly Damage[]): Promise<string> {
  const plugin: Plugin = {
    name: 'damage',
    setup: (setup) => {
      for (const { file, replace } of damages) {
        setup.onLoad({ filter: new RegExp(`${file.replaceAll('/', '[\\\\/]')}$`) }, async () => {
          let contents = await readFile(path.join(root, file), 'utf8');
          for (const [text, other] of Object.entries(replace)) {
            if (!contents.includes(text)) throw new Error(`${file} no longer holds ${text}`);
            contents = contents.replace(text, other);
          }
          return { contents, loader: 'ts' };
        });
      }
    },
  };
  const outdir = path.join(root, 'dist', `damaged-${name}`);
  await build({
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    banner: {
      js: "import { createRequire as make } from 'node:module'; const require = make(import.meta.url);",
    },
    define: { __TOKENTRAY_VERSION__: '"damaged"' },
    external: ['electron', 'keytar', '@azure/msal-node-runtime'],
    logLevel: 'warning',
    outdir,
    entryPoints: ['src/tray/main.ts'],
    plugins: [plugin],
  });
  return path.join(outdir, 'main.js');
}

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { SignInAttempt } from '../../src/agent/sign-in.ts';
import { BrowserSignIn } from '../../src/tray/browser-sign-in.ts';
import { runsOn, type TrayProcess, type WindowHands } from '../electron/harness.ts';
import { buildWitness, testimony } from './testimony.ts';
import { makeWorld, type World } from './world.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The whole of what a window may be created with: nothing of Node, no preload, nothing of the page's protections
 * switched off (Electron's checklist 2, 3, 4, 6, 8, 9, 10, 11). What is not named here has Electron's default.
 */
const WEB_PREFERENCES = {
  session: '[Session]',
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webviewTag: false,
  spellcheck: false,
  devTools: false,
};

/** What of Electron the tray may import; each further one is a decision of its own. */
const IMPORTED = [
  'app',
  'BrowserWindow',
  'clipboard',
  'dialog',
  'Menu',
  'nativeImage',
  'nativeTheme',
  'net',
  'Notification',
  'powerMonitor',
  'session',
  'shell',
  'Tray',
];

describe(`a sign-in (on the ${runsOn()})`, () => {
  let world: World;
  let tray: TrayProcess;
  let window: WindowHands;

  beforeAll(async () => {
    world = await makeWorld();
    tray = await world.launch({ entry: await buildWitness() });
    await world.importEnv(tray, 'Only before it expires');
    await tray.clickMenu('sign-in');
    window = await tray.waitForWindow();
    await window.waitForSelector('#username');
  }, 120_000);
  afterAll(() => world.close());

  /** Runs a script as the page would by itself, and gives Chromium the time to act on it. */
  const script = async (text: string): Promise<void> => {
    await window.evaluate(`void setTimeout(() => { ${text} })`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  };

  test('opens its window with these preferences and no others', async () => {
    const created = await tray.calls('new BrowserWindow');
    expect(created).toHaveLength(1);
    for (const { args } of created)
      expect(args[0]).toMatchObject({
        webPreferences: expect.toSatisfy(isExactly(WEB_PREFERENCES)) as unknown,
      });
  });

  test('gives a pop-up the same preferences, and only by https', async () => {
    const { tenant } = world;
    tenant.extraPages.set('/pop-up', (_request, response) => response.end('<!doctype html><p>pop-up'));
    for (const url of [
      'http://127.0.0.1:9/',
      'file:///etc/passwd',
      'javascript:1',
      'about:blank',
      'data:text/html,x',
    ])
      await script(`window.open(${JSON.stringify(url)})`);
    expect(await tray.windows()).toHaveLength(1);
    await script(
      `window.open('/pop-up', '_blank', 'nodeIntegration=yes,webSecurity=no,contextIsolation=no,preload=x')`,
    );
    const windows = await tray.waitForWindows((all) => all.length === 2);
    const [first, second] = windows.map(({ webPreferences }) => webPreferences);
    expect(first).toEqual(WEB_PREFERENCES);
    expect(second).toEqual(WEB_PREFERENCES);
    await tray.window(windows[1]!.id).closeByUser();
    await tray.waitForWindows((all) => all.length === 1);
  });

  test('goes to https only', async () => {
    const before = await window.url();
    for (const url of [
      `http://127.0.0.1:${world.trap.port}/`,
      'file:///etc/passwd',
      'ms-settings:',
      'data:text/html,x',
    ])
      await script(`location.assign(${JSON.stringify(url)})`);
    expect(await window.url()).toBe(before);
    expect(world.trap.requests()).toEqual([]);
  });

  test('embeds no other page', () => {
    const asked = testimony(tray, 'will-attach-webview');
    expect(asked.length).toBeGreaterThan(0);
    for (const answer of asked) expect(answer).toEqual({ prevented: true });
  });

  test('refuses every permission on every session, before any page is asked for', async () => {
    const sessions = (await tray.partitions()).length;
    const [firstWindow] = await tray.calls('new BrowserWindow');
    expect(sessions).toBeGreaterThan(0);
    for (const handler of ['PermissionRequest', 'PermissionCheck', 'DevicePermission']) {
      const set = await tray.calls(`Session.set${handler}Handler`);
      expect(set.map(({ args }) => args)).toEqual(Array.from({ length: sessions }, () => ['[function]']));
      expect(set.filter(({ seq }) => seq > firstWindow!.seq)).toEqual([]);
    }
    for (const permission of ['media', 'geolocation', 'notifications', 'openExternal', 'usb', 'local-fonts'])
      expect(await window.askPermission(permission)).toEqual({ check: false, request: false });
  });

  test('changes nothing of Chromium but a name that is not resolved', async () => {
    const switches = await tray.calls('app.commandLine.appendSwitch');
    for (const { args } of switches) expect(args[0]).toBe('host-resolver-rules');
    expect(await tray.calls('app.commandLine.appendArgument')).toEqual([]);
    expect(await tray.calls('Session.setCertificateVerifyProc')).toEqual([]);
  });

  test('runs in sandboxed renderers, without a menu that has developer tools', async () => {
    expect(await tray.calls('app.enableSandbox')).toMatchObject([{ beforeReady: true }]);
    expect(await tray.applicationMenu()).toBeNull();
  });

  test('has no scheme of its own, and no channel from pages to the main process', async () => {
    const calls = await tray.calls();
    const channels = calls.filter(({ api }) => /^(?:protocol|Protocol|ipcMain)\b/u.test(api));
    // electron-store's own: answers with a folder and a version. No page here has a preload that could ask.
    expect(channels.map(({ api, args }) => [api, ...args])).toEqual([
      ['ipcMain.on', 'electron-store-get-data'],
    ]);
    expect(calls.map(({ api }) => api)).toContain('Session.on');
  });
});

/** Deep equality as a matcher inside another one. */
function isExactly(wanted: object): (given: unknown) => boolean {
  return (given) => {
    expect(given).toEqual(wanted);
    return true;
  };
}

describe('the system’s browser', () => {
  test.each([
    ['http://login.example/authorize', 'never'],
    ['file:///etc/passwd', 'never'],
    ['ms-settings:', 'never'],
    ['javascript:alert(1)', 'never'],
    ['https://login.example/authorize', 'once'],
  ])('is given %s %s', async (authorizeUrl, times) => {
    const opened: string[] = [];
    const log = { warn: () => undefined };
    const browser = new BrowserSignIn({
      openExternal: (url) => {
        opened.push(url);
        return Promise.reject(new Error('no browser in this test'));
      },
      log,
    });
    let abandon: (end: never) => void = () => undefined;
    const outcome = new Promise<never>((resolve) => (abandon = resolve));
    const attempt = {
      authorizeUrl,
      redirectUri: 'http://localhost:47391/getAToken',
      outcome,
      receive: vi.fn(),
      abandon: (problem: unknown) => abandon({ kind: 'failed', problem } as never),
    } as unknown as SignInAttempt;
    await browser.run(attempt);
    expect(opened).toEqual(times === 'once' ? [authorizeUrl] : []);
  });
});

describe('the source', () => {
  const directory = path.join(root, 'src/tray');
  const files = readdirSync(directory).filter((name) => name.endsWith('.ts'));
  const trees = files.map((name) =>
    ts.createSourceFile(name, readFileSync(path.join(directory, name), 'utf8'), ts.ScriptTarget.Latest, true),
  );
  const nodes = trees.flatMap((tree) => {
    const all: ts.Node[] = [];
    const walk = (node: ts.Node): void => {
      all.push(node);
      ts.forEachChild(node, walk);
    };
    walk(tree);
    return all;
  });
  const where = (node: ts.Node): string => `${node.getSourceFile().fileName}: ${node.getText().slice(0, 80)}`;

  test('imports only these parts of Electron: no remote, no IPC, no protocol', () => {
    const imported = nodes.filter(ts.isImportDeclaration).flatMap(({ moduleSpecifier, importClause }) => {
      const module = (moduleSpecifier as ts.StringLiteral).text;
      if (!/electron(?:\/|$)/u.test(module) || importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
        return [];
      const bindings = importClause?.namedBindings;
      if (module !== 'electron' || bindings === undefined || !ts.isNamedImports(bindings)) return [module];
      return bindings.elements.filter((one) => !one.isTypeOnly).map(({ name }) => name.text);
    });
    expect(imported).toContain('BrowserWindow');
    expect([...new Set(imported)].filter((name) => !IMPORTED.includes(name))).toEqual([]);
  });

  test('creates windows from the one set of options', () => {
    const created = nodes
      .filter(ts.isNewExpression)
      .filter(
        ({ expression }) =>
          /Window$|View$/u.test(expression.getText()) && expression.getText() !== 'SignInWindow',
      );
    expect(created.map(where)).toHaveLength(1);
    for (const { arguments: given } of created)
      expect(given?.[0]?.getText()).toMatch(/^signInWindowOptions\(/u);
  });

  test('never touches what the checklist warns of', () => {
    const FORBIDDEN =
      /^(?:preload|webSecurity|allowRunningInsecureContent|experimentalFeatures|enableBlinkFeatures|nodeIntegrationIn\w+|allowpopups|certificate-error|setCertificateVerifyProc|executeJavaScript|insertCSS|loadFile|eval|Function|no-sandbox|ignore-certificate-errors|disable-web-security|openPath|registerSchemesAsPrivileged)$/u;
    const named = nodes
      .filter((node) => ts.isIdentifier(node) || ts.isStringLiteralLike(node))
      .filter((node) => FORBIDDEN.test(node.text));
    expect(named.map((node) => where(node.parent))).toEqual([]);
  });

  test('hands the system an address in one place, which is tested above, and loads pages in one', () => {
    const called = (name: string): string[] =>
      nodes
        .filter(ts.isCallExpression)
        .filter(
          ({ expression }) => ts.isPropertyAccessExpression(expression) && expression.name.text === name,
        )
        .map((node) => `${node.getSourceFile().fileName}: ${node.getText()}`);
    expect(called('openExternal')).toEqual([
      'browser-sign-in.ts: this.#parts.openExternal(authorizeUrl)',
      'sign-in-flow.ts: shell.openExternal(url)',
    ]);
    expect(called('loadURL')).toEqual(['sign-in-visit.ts: this.#window.loadURL(this.#attempt.authorizeUrl)']);
  });

  test('names one exact Electron, and turns off in its binary what nobody needs', () => {
    const { devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    expect(devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/u);
    const config = readFileSync(path.join(root, 'electron-builder.yml'), 'utf8');
    const [, fuses = ''] = /^electronFuses:\n((?: .*\n)+)/mu.exec(config) ?? [];
    const set = [...fuses.matchAll(/^ {2}(\w+): (\w+)$/gmu)].map(([, name, value]) => [name, value]);
    // Read back from the packaged binary in packaging.test.ts.
    expect(Object.fromEntries(set)).toEqual({
      runAsNode: 'false',
      enableNodeOptionsEnvironmentVariable: 'false',
      enableNodeCliInspectArguments: 'false',
      onlyLoadAppFromAsar: 'true',
      enableEmbeddedAsarIntegrityValidation: 'true',
      enableCookieEncryption: 'true',
      loadBrowserProcessSpecificV8Snapshot: 'false',
      grantFileProtocolExtraPrivileges: 'false',
    });
  });
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { SignInAttempt } from '../../../src/agent/sign-in/sign-in.ts';
import { BrowserSignIn } from '../../../src/tray/sign-in/browser-sign-in.ts';
import { CALL_NAMES } from '../../../src/pages/bridge/wire.ts';
import { runsOn, type TrayProcess, type WindowHands } from '../../house/electron/harness.ts';
import { filesBelow, root } from '../../house/fixtures/repository.ts';
import type { WindowState } from '../../house/electron/control/control-protocol.ts';
import { buildWitness, testimony } from '../fixtures/testimony.ts';
import { makeWorld, type World } from '../fixtures/world.ts';

/**
 * The whole of what the sign-in's windows may be created with: nothing of Node, no preload, nothing of the page's protections
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
  safeDialogs: true,
};

/** Of windows with pages of our own: the same, and the script that gives them the calls of the contract. */
const OWN_WEB_PREFERENCES = {
  ...WEB_PREFERENCES,
  preload: path.join(root, 'dist/pages/preload.cjs'),
};

/** What of Electron the tray may import; each further one is a decision of its own. */
const IMPORTED = [
  'app',
  'BrowserWindow',
  'clipboard',
  'dialog',
  'ipcMain',
  'Menu',
  'nativeImage',
  'nativeTheme',
  'net',
  'Notification',
  'powerMonitor',
  'protocol',
  'session',
  'shell',
  'Tray',
];

/** The directives of its own pages' policy that stop what the test puts into one. */
const BLOCKED = [
  'connect-src',
  'frame-src',
  'object-src',
  'script-src-attr',
  'script-src-elem',
  'style-src-elem',
];
/** Chromium tells of them within milliseconds; only a machine that does nothing else takes seconds. */
const VIOLATIONS_LIMIT_MS = 60_000;

/** What is asked for in which order: the three handlers of a session, and windows. */
const ORDER: Readonly<Record<string, string>> = {
  'Session.setPermissionRequestHandler': 'r',
  'Session.setPermissionCheckHandler': 'c',
  'Session.setDevicePermissionHandler': 'd',
  'new BrowserWindow': 'w',
};

describe(`sign-in and own windows (on the ${runsOn()})`, () => {
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

  const stateOf = async ({ id }: WindowHands): Promise<WindowState | undefined> =>
    (await tray.windows()).find((state) => state.id === id);

  /** The window of our own, opened with the first test that needs one. */
  const openAbout = async (): Promise<WindowHands> => {
    await tray.clickMenu('about');
    const about = await tray.waitForWindow(
      ({ partition, visible }) => partition === 'tokentray-windows' && visible,
    );
    await about.waitForSelector('h1');
    return about;
  };

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

  test('refuses every permission and every download on every session, before any page is asked for', async () => {
    await openAbout();
    const sessions = (await tray.partitions()).length;
    expect(sessions).toBeGreaterThan(1);
    for (const handler of ['PermissionRequest', 'PermissionCheck', 'DevicePermission']) {
      const set = await tray.calls(`Session.set${handler}Handler`);
      expect(set.map(({ args }) => args)).toEqual(Array.from({ length: sessions }, () => ['[function]']));
    }
    // In the same breath as the session itself, so before anybody can have a page in it.
    const letters = (await tray.calls()).map(({ api }) => ORDER[api] ?? '').join('');
    expect(letters).toMatch(/^(?:rcd)+w(?:rcd|w)*$/u);
    expect(testimony(tray, 'will-download')).toEqual(
      Array.from({ length: sessions }, () => ({ url: 'asked by the witness', prevented: true })),
    );
    for (const permission of ['media', 'geolocation', 'notifications', 'openExternal', 'usb', 'local-fonts'])
      for (const { id } of await tray.windows())
        expect(await tray.window(id).askPermission(permission)).toEqual({ check: false, request: false });
  });

  test('changes nothing of Chromium: without a profile not even the wall of code-never-leaves', async () => {
    expect(await tray.calls('app.commandLine.appendSwitch')).toEqual([]);
    expect(await tray.calls('app.commandLine.appendArgument')).toEqual([]);
    expect(await tray.calls('Session.setCertificateVerifyProc')).toEqual([]);
  });

  test('runs in sandboxed renderers, without a menu that has developer tools', async () => {
    expect(await tray.calls('app.enableSandbox')).toMatchObject([{ beforeReady: true }]);
    expect(await tray.applicationMenu()).toBeNull();
  });

  test('has one scheme of its own with two privileges, and of channels from pages only those of the contract', async () => {
    await openAbout();
    const calls = await tray.calls();
    const channels = calls.filter(({ api }) => /^(?:protocol|ipcMain)\b/iu.test(api));
    expect(
      channels
        .filter(({ api }) => api !== 'Protocol.isProtocolHandled')
        .map(({ api, args }) => [api, ...args]),
    ).toEqual([
      [
        'Protocol.registerSchemesAsPrivileged',
        [{ scheme: 'app', privileges: { standard: true, secure: true } }],
      ],
      ...CALL_NAMES.map((name) => ['ipcMain.handle', `tokentray:${name}`, '[function]']),
      // electron-store's own: answers with a folder and a version. The preload here offers no page a way to ask it.
      ['ipcMain.on', 'electron-store-get-data'],
      ['Protocol.handle', 'app', '[function]'],
    ]);
    expect(channels[0]).toMatchObject({ beforeReady: true });
  });

  test('serves its scheme to its own windows, and to no page of anybody else', async () => {
    await openAbout();
    const sessions = (await tray.partitions()).length;
    expect(sessions).toBeGreaterThan(1);
    expect(testimony(tray, 'scheme').at(-1)).toEqual({ own: true, knowing: 1, sessions });
    const before = await window.url();
    await script(`location.assign('app://bundle/about.html')`);
    await script(`window.open('app://bundle/about.html')`);
    expect(await window.url()).toBe(before);
    expect((await tray.windows()).map(({ partition }) => partition)).toEqual([
      'tokentray-sign-in',
      'tokentray-windows',
    ]);
  });

  describe('“About Tokentray”', () => {
    let about: WindowHands;
    beforeAll(async () => {
      about = await openAbout();
    });

    test('says what it is, drawn by its own style sheet, in a window of that name', async () => {
      expect(await about.text()).toMatch(/^Tokentray\n[^]*\nVersion\n[^]*\nLogs\n\/[^]*\/logs\n/u);
      expect(await about.evaluate(`getComputedStyle(document.querySelector('dl')).display`)).toBe('grid');
      expect(await stateOf(about)).toMatchObject({ title: 'About Tokentray', visible: true, focused: true });
    });

    test('comes to the front instead of a second one, and again after it was closed', async () => {
      await window.focusByUser();
      await tray.clickMenu('about');
      await tray.waitForWindows((all) => all.some(({ id, focused }) => id === about.id && focused));
      expect(await tray.windows()).toHaveLength(2);
      await about.closeByUser();
      await tray.waitForWindows((all) => all.length === 1);
      about = await openAbout();
      expect(await about.text()).toContain('Version');
    });

    test('has these preferences and no others', async () => {
      expect((await stateOf(about))?.webPreferences).toEqual(OWN_WEB_PREFERENCES);
    });

    test('has the calls of the contract and nothing of Electron; a page of somebody else has neither', async () => {
      const given = `Object.entries(globalThis.tokentray ?? {}).map(([name, what]) => name + ' ' + typeof what).sort()`;
      expect(await about.evaluate(given)).toEqual(
        [...CALL_NAMES, 'on'].map((name) => `${name} function`).sort(),
      );
      expect(await window.evaluate(given)).toEqual([]);
      const changed = `try { 'use strict'; tokentray.on = 1; delete tokentray['logs.open']; } catch {} [typeof tokentray.on, typeof tokentray['logs.open'], Object.isFrozen(tokentray)].join()`;
      expect(await about.evaluate(changed)).toBe('function,function,true');
      const reached = `['require', 'process', 'module', 'ipcRenderer', 'electron'].filter((name) => name in globalThis)`;
      expect(await about.evaluate(reached)).toEqual([]);
      const listened = `(() => { try { tokentray.on('electron-store-get-data', () => undefined); } catch (error) { return error.message; } })()`;
      expect(await about.evaluate(listened)).toBe('no such message: electron-store-get-data');
    });

    test('goes nowhere and opens nothing', async () => {
      const asked = testimony(tray, 'navigation asked') as { name: string }[];
      expect(asked.slice(0, 3)).toEqual([
        { name: 'will-navigate', prevented: true },
        { name: 'will-frame-navigate', prevented: true },
        { name: 'will-redirect', prevented: true },
      ]);
      for (const attempt of [
        `location.assign('https://example.test/')`,
        `location.assign('app://bundle/page.css')`,
        `location.assign('ms-settings:')`,
        `window.open('https://example.test/')`,
        `window.open('app://bundle/about.html')`,
      ])
        await about.evaluate(`void setTimeout(() => { ${attempt} })`);
      await script('');
      expect(await about.url()).toBe('app://bundle/about.html');
      expect(await tray.windows()).toHaveLength(2);
    });

    test('keeps its title, whatever its page is called', async () => {
      await about.evaluate(`void (document.title = 'Sign in to your bank')`);
      await tray.waitForWindows((all) => all.some(({ pageTitle }) => pageTitle === 'Sign in to your bank'));
      expect(await stateOf(about)).toMatchObject({ title: 'About Tokentray' });
    });

    test('runs no script of a page and connects to nothing', async () => {
      const run = `new Promise((resolve) => {
        const blocked = new Set();
        const told = () => resolve([...blocked, String(window.ran)].sort());
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
          blocked.add(effectiveDirective);
          if (blocked.size === ${BLOCKED.length}) told();
        });
        document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="document.title = 1"><style>p{}</style><iframe src="app://bundle/about.html"></iframe><object data="/page.css"></object><form action="https://example.test/"></form>');
        const inline = document.createElement('script');
        inline.textContent = 'window.ran = true';
        document.body.append(inline);
        fetch('/page.css').catch(() => undefined);
        setTimeout(told, ${VIOLATIONS_LIMIT_MS});
      })`;
      expect(await about.evaluate(run)).toEqual([...BLOCKED, 'undefined']);
    });
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
  const files = filesBelow('src/tray', '.ts').map((file) => file.slice('src/tray/'.length));
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

  test('imports only these parts of Electron: no remote', () => {
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

  /** What a function of that name returns, as it is written. */
  const optionsOf = (name: string): ReadonlyMap<string, string> => {
    const made = nodes.filter(ts.isFunctionDeclaration).filter((one) => one.name?.text === name);
    const [body] = made.flatMap(({ body: block }) => block?.statements ?? []);
    if (
      made.length !== 1 ||
      body === undefined ||
      !ts.isReturnStatement(body) ||
      body.expression === undefined
    )
      throw new Error(`${name} is no function of one return`);
    const { properties } = body.expression as ts.ObjectLiteralExpression;
    return new Map(
      properties.map((one) => [
        one.name?.getText() ?? '…',
        ts.isPropertyAssignment(one) ? one.initializer.getText() : one.getText(),
      ]),
    );
  };

  test('creates every window from one set of preferences', () => {
    const created = nodes
      .filter(ts.isNewExpression)
      .filter(
        ({ expression }) =>
          /Window$|View$/u.test(expression.getText()) && expression.getText() !== 'SignInWindow',
      );
    expect(created.map(({ arguments: given }) => given?.[0]?.getText().replace(/\(.*/u, '')).sort()).toEqual([
      'ownWindowOptions',
      'signInWindowOptions',
    ]);
    expect(optionsOf('signInWindowOptions').get('webPreferences')).toMatch(/^confinedPreferences\(\w+\)$/u);
    expect(optionsOf('ownWindowOptions').get('webPreferences')).toMatch(/^ownPreferences\(\w+\)$/u);
    expect([...optionsOf('ownPreferences')]).toEqual([
      ['…', '...confinedPreferences(own)'],
      ['preload', 'PRELOAD'],
    ]);
    const written = nodes.filter(
      (node) => ts.isPropertyAssignment(node) && node.name.getText() === 'webPreferences',
    );
    expect(written).toHaveLength(2);
    const named = Object.entries(WEB_PREFERENCES).map(([name, value]) => [
      name,
      name === 'session' ? 'session' : String(value),
    ]);
    expect([...optionsOf('confinedPreferences')]).toEqual(named);
  });

  test('never touches what the checklist warns of', () => {
    const FORBIDDEN =
      /^(?:webSecurity|allowRunningInsecureContent|experimentalFeatures|enableBlinkFeatures|nodeIntegrationIn\w+|allowpopups|certificate-error|setCertificateVerifyProc|executeJavaScript|insertCSS|loadFile|eval|Function|no-sandbox|ignore-certificate-errors|disable-web-security|supportFetchAPI|bypassCSP|allowServiceWorkers|corsEnabled|codeCache)$/u;
    const named = nodes
      .filter((node) => ts.isIdentifier(node) || ts.isStringLiteralLike(node))
      .filter((node) => FORBIDDEN.test(node.text));
    expect(named.map((node) => where(node.parent))).toEqual([]);
  });

  test('hands the system an address in one place, which is tested above, loads pages in two, and serves a scheme in one', () => {
    const called = (name: string): string[] =>
      nodes
        .filter(ts.isCallExpression)
        .filter(
          ({ expression }) => ts.isPropertyAccessExpression(expression) && expression.name.text === name,
        )
        .map((node) => `${node.getSourceFile().fileName}: ${node.getText()}`);
    expect(called('openExternal')).toEqual([
      'sign-in/browser-sign-in.ts: this.#parts.openExternal(authorizeUrl)',
      'sign-in/flow.ts: shell.openExternal(url)',
    ]);
    expect(called('openPath')).toEqual(['calls/status/log-directory.ts: shell.openPath(logDirectory)']);
    expect(called('loadURL')).toEqual([
      'sign-in/visit.ts: this.window.loadURL(this.#attempt.authorizeUrl)',
      'windows/own-windows.ts: window.loadURL(ownAddress(page.file))',
    ]);
    expect(called('registerSchemesAsPrivileged')).toEqual([
      'windows/app-scheme.ts: protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }])',
    ]);
    expect(called('handle').map((call) => call.replace(/\(event[^]*/u, ''))).toEqual([
      'calls/ipc/window-channel.ts: ipc.handle(channelOf(name), async ',
      'windows/app-scheme.ts: session.protocol.handle(SCHEME, (request) => answer(request, files))',
    ]);
    const preloads = nodes
      .filter((node) => ts.isIdentifier(node) && /preload/iu.test(node.text))
      .map((node) => where(node.parent));
    expect(preloads).toEqual([
      "windows/own-windows.ts: PRELOAD = fileURLToPath(new URL('../pages/preload.cjs', import.meta.url))",
      'windows/own-windows.ts: preload: PRELOAD',
      'windows/own-windows.ts: preload: PRELOAD',
    ]);
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

import { app, Menu, type Session, type WebContents, type WebPreferences } from 'electron';
import { portOfRedirectUri } from '../../config/profile/redirect-uri.ts';

/** Electron grants every permission unless both handlers refuse (security checklist 5), and saves every download. */
function denyEverything(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
}

/** No page opens a window or embeds another one; the sign-in window says otherwise for itself if need be. */
function confine(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/**
 * What the pages of a window may do, the same for every window: nothing of Node, no embedded pages, no developer
 * tools, no alerts without end, and nothing that would soften Electron's defaults (security checklist 2, 3, 4, 6,
 * 8 to 11).
 */
export function confinedPreferences(session: Session): WebPreferences {
  return {
    session,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    spellcheck: false,
    devTools: false,
    safeDialogs: true,
  };
}

/** The first thing the application does: what holds for every session and every page from the start. */
export function lockDown(): void {
  app.enableSandbox();
  app.on('session-created', denyEverything);
  app.on('web-contents-created', (_event, contents) => confine(contents));
}

/**
 * Electron's default menu offers DevTools and reload in every window. macOS keeps a hidden one, because
 * pasting a password works by its Edit entries there.
 */
export function setMenu(platform: NodeJS.Platform): void {
  const menu =
    platform === 'darwin' ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }]) : null;
  Menu.setApplicationMenu(menu);
}

/**
 * Behind the interception a second wall that needs no code of ours: Chromium itself cannot resolve the
 * redirects' hosts and ports (facts/electron.md 1.3). Known only when a profile exists before `ready`. Called
 * once, with all of them: Chromium keeps only the last switch of a name.
 */
export function makeUnresolvable(redirectUris: readonly string[]): void {
  const rules = redirectUris.map(
    (redirectUri) => `MAP ${new URL(redirectUri).hostname}:${portOfRedirectUri(redirectUri)} ~NOTFOUND`,
  );
  if (rules.length === 0) return;
  app.commandLine.appendSwitch('host-resolver-rules', [...new Set(rules)].join(','));
}

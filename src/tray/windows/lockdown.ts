import { app, Menu, type Session, type WebContents, type WebPreferences } from 'electron';
import { portOfRedirectUri } from '../../config/profile/redirect-uri.ts';

/** Electron grants permissions unless both handlers refuse (security checklist, item 5), and saves downloads. */
function denyEverything(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
}

/** No page opens a window or embeds another page; the sign-in window sets its own handler for pop-ups. */
function confine(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/**
 * The preferences of every window: no Node, no embedded pages, no developer tools, no endless alerts, and nothing
 * that weakens Electron's defaults (security checklist, items 2, 3, 4, 6 and 8 to 11).
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

/** Restricts every session and every page; call before anything else. */
export function lockDown(): void {
  app.enableSandbox();
  app.on('session-created', denyEverything);
  app.on('web-contents-created', (_event, contents) => confine(contents));
}

/**
 * Replaces Electron's default menu, which offers DevTools and reload in every window. macOS keeps a hidden menu,
 * because pasting by keyboard works through its Edit entries there.
 */
export function setMenu(platform: NodeJS.Platform): void {
  const menu =
    platform === 'darwin' ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }]) : null;
  Menu.setApplicationMenu(menu);
}

/**
 * A second barrier behind the interception, in Chromium itself: it cannot resolve the hosts and ports of these
 * redirect URIs (`--host-resolver-rules`). It covers only profiles that exist before `ready`. Call once with all of
 * them: Chromium keeps only the last switch of a name.
 */
export function makeUnresolvable(redirectUris: readonly string[]): void {
  const rules = redirectUris.map(
    (redirectUri) => `MAP ${new URL(redirectUri).hostname}:${portOfRedirectUri(redirectUri)} ~NOTFOUND`,
  );
  if (rules.length > 0) app.commandLine.appendSwitch('host-resolver-rules', [...new Set(rules)].join(','));
}

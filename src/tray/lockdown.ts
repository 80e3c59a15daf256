import { app, Menu, type Session, type WebContents } from 'electron';
import { portOfRedirectUri } from '../config/redirect-uri.ts';

/** Electron grants every permission unless both handlers refuse (security checklist 5). */
function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
}

/** No page opens a window or embeds another one; the sign-in window says otherwise for itself if need be. */
function confine(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** The first thing the application does: what holds for every session and every page from the start. */
export function lockDown(): void {
  app.enableSandbox();
  app.on('session-created', denyPermissions);
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
 * redirect's host and port (facts/electron.md 1.3). Known only when a profile exists before `ready`.
 */
export function unresolvable(redirectUri: string): void {
  const { hostname } = new URL(redirectUri);
  const rule = `MAP ${hostname}:${portOfRedirectUri(redirectUri)} ~NOTFOUND`;
  app.commandLine.appendSwitch('host-resolver-rules', rule);
}

// Permissions of a session: Electron grants all unless the product's handlers say otherwise.
import { Browser } from '../chromium/browser.ts';

type RequestHandler = Parameters<Electron.Session['setPermissionRequestHandler']>[0];
type CheckHandler = Parameters<Electron.Session['setPermissionCheckHandler']>[0];
export type Permission = Parameters<NonNullable<CheckHandler>>[1];

/** Those of DevTools' names that exist as permissions of Electron's too. */
const CHROMIUM_NAMES = {
  geolocation: 'geolocation',
  notifications: 'notifications',
  midi: 'midi',
  'idle-detection': 'idle-detection',
  'clipboard-read': 'clipboard-read',
  'persistent-storage': 'persistent-storage',
  camera: 'media',
  microphone: 'media',
} as const satisfies Record<string, Permission>;

export class Permissions {
  requestHandler: RequestHandler = null;
  checkHandler: CheckHandler = null;

  /** Asks the product as Electron would for a page's request. */
  async ask(
    webContents: object,
    permission: Permission,
    origin: string,
  ): Promise<{ check: boolean; request: boolean }> {
    const contents = webContents as Electron.WebContents;
    const check =
      this.checkHandler?.(contents, permission, origin, { isMainFrame: true, requestingUrl: origin }) ?? true;
    const request = await new Promise<boolean>((resolve) => {
      if (this.requestHandler === null) resolve(true);
      else this.requestHandler(contents, permission, resolve, { isMainFrame: true, requestingUrl: origin });
    });
    return { check, request };
  }

  /**
   * Tells Chromium what the product would answer, before a page can ask. DevTools has no question at the
   * time of the request; a handler that decides by page is therefore only modelled through `ask`.
   */
  async apply(browserContextId: string, webContents: object): Promise<void> {
    const browser = await Browser.get();
    const settings = Object.entries(CHROMIUM_NAMES).map(async ([name, permission]) => {
      const { check, request } = await this.ask(webContents, permission, 'https://stand-in.invalid');
      const setting = check && request ? 'granted' : 'denied';
      await browser.send('Browser.setPermission', { browserContextId, permission: { name }, setting });
    });
    await Promise.all(settings);
  }
}

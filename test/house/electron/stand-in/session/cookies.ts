import { EventEmitter } from 'node:events';
import { Browser } from '../chromium/browser.ts';
import { recordMethods } from '../control/call-log.ts';
import type { Protocol } from '../chromium/cdp.ts';

/** A session's cookies, read from Chromium. */
export class StandInCookies
  extends EventEmitter
  implements Pick<Electron.Cookies, 'flushStore' | 'get' | 'remove' | 'set'>
{
  readonly #context: () => Promise<string | undefined>;

  /** @param context the browser context, undefined while the session has none: it holds no cookies then */
  constructor(context: () => Promise<string | undefined>) {
    super();
    this.#context = context;
  }

  get(filter: Electron.CookiesGetFilter): Promise<Electron.Cookie[]> {
    return this._get(filter);
  }

  async set(details: Electron.CookiesSetDetails): Promise<void> {
    const { browser, browserContextId } = await this.#open();
    const { url, expirationDate, name = '', value = '', path, domain, secure, httpOnly } = details;
    const given = { path, domain, secure, httpOnly, expires: expirationDate };
    const set = Object.fromEntries(Object.entries(given).filter(([, one]) => one !== undefined));
    await browser.send('Storage.setCookies', { browserContextId, cookies: [{ name, value, url, ...set }] });
  }

  async remove(url: string, name: string): Promise<void> {
    const { browser, browserContextId } = await this.#open();
    const { hostname } = new URL(url);
    await browser.send('Storage.setCookies', {
      browserContextId,
      cookies: [{ name, value: '', url, domain: hostname, expires: 1 }],
    });
  }

  async flushStore(): Promise<void> {
    // In memory only.
  }

  async _get(filter: Electron.CookiesGetFilter): Promise<Electron.Cookie[]> {
    const browserContextId = await this.#context();
    if (browserContextId === undefined) return [];
    const { cookies } = await (await Browser.get()).send('Storage.getCookies', { browserContextId });
    return cookies.filter((cookie) => matches(cookie, filter)).map(toElectron);
  }

  async #open(): Promise<{ browser: Browser; browserContextId: string }> {
    const browserContextId = await this.#context();
    if (browserContextId === undefined)
      throw new Error('electron stand-in: this session has had no window yet');
    return { browser: await Browser.get(), browserContextId };
  }
}
recordMethods('Cookies', StandInCookies);

function matches(cookie: Protocol.Network.Cookie, filter: Electron.CookiesGetFilter): boolean {
  const host = filter.url === undefined ? filter.domain : new URL(filter.url).hostname;
  const domain = cookie.domain.replace(/^\./, '');
  return (
    (filter.name === undefined || cookie.name === filter.name) &&
    (filter.path === undefined || cookie.path === filter.path) &&
    (filter.secure === undefined || cookie.secure === filter.secure) &&
    (filter.session === undefined || cookie.session === filter.session) &&
    (host === undefined || host === domain || host.endsWith(`.${domain}`))
  );
}

function toElectron(cookie: Protocol.Network.Cookie): Electron.Cookie {
  const sameSite = { Strict: 'strict', Lax: 'lax', None: 'no_restriction' } as const;
  return {
    name: cookie.name,
    value: cookie.value,
    domain: cookie.domain,
    hostOnly: !cookie.domain.startsWith('.'),
    path: cookie.path,
    secure: cookie.secure,
    httpOnly: cookie.httpOnly,
    session: cookie.session,
    sameSite: cookie.sameSite === undefined ? 'unspecified' : sameSite[cookie.sameSite],
    ...(cookie.session ? {} : { expirationDate: cookie.expires }),
  };
}

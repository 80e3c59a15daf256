interface StoredCookie {
  readonly host: string;
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly isSecure: boolean;
}

/** The cookies of one browser, by host regardless of the port (RFC 6265 section 8.5); without expiry dates and domains. */
export class CookieJar {
  #cookies: readonly StoredCookie[] = [];

  /** Stores the cookies that a response sets. */
  store(url: URL, setCookie: readonly string[]): void {
    for (const line of setCookie) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const equals = pair.indexOf('=');
      if (equals < 1) continue;
      const attribute = (name: string) =>
        attributes.find((one) => one.toLowerCase().split('=')[0] === name)?.replace(/^[^=]*=?/, '');
      const cookie: StoredCookie = {
        host: url.hostname,
        name: pair.slice(0, equals),
        value: pair.slice(equals + 1),
        path: attribute('path') ?? '/',
        isSecure: attribute('secure') !== undefined,
      };
      const others = this.#cookies.filter(
        ({ host, name, path }) => host !== cookie.host || name !== cookie.name || path !== cookie.path,
      );
      this.#cookies = Number(attribute('max-age') ?? 1) > 0 ? [...others, cookie] : others;
    }
  }

  /** The `Cookie` header for a request, if there is anything to send. */
  header(url: URL): string | undefined {
    const sent = this.#cookies.filter(
      ({ host, path, isSecure }) =>
        host === url.hostname && pathMatches(path, url.pathname) && (!isSecure || url.protocol === 'https:'),
    );
    return sent.length === 0 ? undefined : sent.map(({ name, value }) => `${name}=${value}`).join('; ');
  }
}

/** RFC 6265 section 5.1.4 */
function pathMatches(cookiePath: string, path: string): boolean {
  if (path === cookiePath) return true;
  return path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`);
}

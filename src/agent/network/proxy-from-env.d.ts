// The package has no types.
declare module 'proxy-from-env' {
  /** The proxy's address for `url` by `process.env`; `''` if there is none. */
  export function getProxyForUrl(url: string): string;
}

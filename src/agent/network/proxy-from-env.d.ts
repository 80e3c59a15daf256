// The package has no types of its own.
declare module 'proxy-from-env' {
  /** The address of the proxy for `url` by `process.env`, `''` where there is none. */
  export function getProxyForUrl(url: string): string;
}

// Chromium over DevTools knows no new schemes. A page of `app://bundle/x` is therefore loaded from
// `http://bundle.app.stand-in.localhost/x`, every request of which is answered by the product's handler and
// never reaches a network; the product only ever sees the address it knows.
const SUFFIX = '.stand-in.localhost';

const schemes = new Set<string>();

/** Makes a scheme loadable: `protocol.registerSchemesAsPrivileged` with `standard: true`. */
export function addStandardScheme(scheme: string): void {
  schemes.add(scheme);
}

/** The address Chromium loads. */
export function toChromium(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  const scheme = url.protocol.slice(0, -1);
  if (!schemes.has(scheme)) return address;
  return `http://${url.host}.${scheme}${SUFFIX}${url.pathname}${url.search}${url.hash}`;
}

/** The address the product knows. */
export function toPublic(address: string): string {
  if (!address.includes(SUFFIX) || !URL.canParse(address)) return address;
  const url = new URL(address);
  if (!url.hostname.endsWith(SUFFIX)) return address;
  const [host, scheme] = splitLast(url.hostname.slice(0, -SUFFIX.length));
  return `${scheme}://${host}${url.pathname}${url.search}${url.hash}`;
}

/** The scheme of the product's that an address of Chromium's stands for. */
export function customSchemeOf(address: string): string | undefined {
  const known = toPublic(address);
  return known === address ? undefined : new URL(known).protocol.slice(0, -1);
}

function splitLast(name: string): [string, string] {
  const dot = name.lastIndexOf('.');
  return [name.slice(0, dot), name.slice(dot + 1)];
}

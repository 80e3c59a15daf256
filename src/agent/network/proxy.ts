import { getProxyForUrl } from 'proxy-from-env';
import { SendError } from './send.ts';

/** A proxy from the environment. */
export interface Proxy {
  /** Without user name and password: libraries log URLs. */
  readonly url: URL;
  /** The value of Proxy-Authorization (RFC 9110 11.7.2), if the variable holds a user name. */
  readonly authorization: string | undefined;
  /** Host and port, the only part that is ever shown. */
  readonly name: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** In curl's order. HTTP_PROXY is for http:// URLs, which are never requested. */
const VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'] as const;

/** The variable that names a proxy for https:// URLs, if any. */
export function proxyVariable(env: Environment): string | undefined {
  return VARIABLES.find((name) => (env[name] ?? '').trim() !== '');
}

/** Reads the proxy in a variable. @throws SendError if it is not a proxy's address */
export function readProxy(text: string, variable: string): Proxy {
  const refused = new SendError('proxy-setting', 'no address of a proxy', variable);
  const trimmed = text.trim();
  // `proxy.example:3128` is the usual form, and means http, as for curl.
  const address = trimmed.includes('://') ? trimmed : `http://${trimmed}`;
  if (!URL.canParse(address)) throw refused;
  const url = new URL(address);
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') throw refused;
  const { username, password, protocol, host } = url;
  const port = url.port === '' ? (protocol === 'https:' ? ':443' : ':80') : '';
  return {
    url: new URL(`${protocol}//${host}`),
    authorization: username === '' ? undefined : basic(username, password, refused),
    name: `${host}${port}`,
  };
}

/** RFC 7617. In a URL both parts are percent-encoded. */
function basic(username: string, password: string, refused: SendError): string {
  try {
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(credentials).toString('base64')}`;
  } catch (error) {
    if (error instanceof URIError) throw refused;
    throw error;
  }
}

/**
 * The proxy for a URL, by HTTPS_PROXY, ALL_PROXY and NO_PROXY; undefined for a direct connection.
 * @throws SendError if a variable is not an address
 */
export function proxyFor(url: string, env: Environment): Proxy | undefined {
  const variable = proxyVariable(env);
  if (variable === undefined) return undefined;
  if (inEnvironment(env, () => getProxyForUrl(url)) === '') return undefined;
  return readProxy(env[variable] ?? '', variable);
}

/** Sets `process.env` to ours for one synchronous call: proxy-from-env takes no other. */
function inEnvironment<Value>(env: Environment, read: () => Value): Value {
  const usual = process.env;
  process.env = { ...env };
  try {
    return read();
  } finally {
    process.env = usual;
  }
}

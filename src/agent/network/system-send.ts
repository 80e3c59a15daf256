import type { ExtraCa } from './extra-ca.ts';
import type { Environment } from './proxy.ts';
import { SendError, type Send } from './send.ts';
import type { SystemRoots } from './system-roots.ts';

/** Loads everything that a request needs. An upgrade may replace the files later, while the host is running. */
export async function loadSystemSend() {
  const [https, proxy, extra, roots] = await Promise.all([
    import('./https-send.ts'),
    import('./proxy.ts'),
    import('./extra-ca.ts'),
    import('./system-roots.ts'),
  ]);
  return { ...https, ...proxy, ...extra, ...roots };
}

/**
 * Sends requests as this machine is configured: through the proxy of HTTPS_PROXY or ALL_PROXY unless NO_PROXY
 * excludes the host, trusting the certificates of `extraCaFile` and those of the operating system in addition to
 * the built-in ones. Reads and loads nothing before the first request. Reads the environment for each request.
 */
export function systemSend(options: {
  readonly extraCaFile: string | undefined;
  readonly env: Environment;
  /** The operating system's certificates; by default those that Node can read. */
  readonly systemRoots?: SystemRoots;
}): Send {
  const { extraCaFile, env } = options;
  // Certificates named in a request replace Node's, including NODE_EXTRA_CA_CERTS.
  const files = extraCaFile === undefined ? [] : [extraCaFile, env['NODE_EXTRA_CA_CERTS'] ?? ''];
  let readers: readonly ExtraCa[] | undefined;
  /** Read only if the built-in roots did not suffice, because it takes time. */
  let ofSystem: readonly string[] = [];
  return async (request, limits) => {
    const { httpsSend, proxyFor, extraCa, isUnknownIssuer, systemRoots } = await loadSystemSend();
    if (files.length > 0 && readers === undefined) {
      readers = files.filter((file) => file !== '').map(extraCa);
    }
    const proxy = proxyFor(request.url, env);
    const named = await Promise.all((readers ?? []).map((read) => read()));
    const send: Send = (...asked) => {
      const pems = [...named, ...ofSystem];
      return httpsSend(pems.length === 0 ? undefined : pems.join('\n'), proxy)(...asked);
    };
    try {
      return await send(request, limits);
    } catch (error) {
      if (ofSystem.length > 0 || !(error instanceof SendError)) throw error;
      if (!isUnknownIssuer(error.detail)) throw error;
      ofSystem = (options.systemRoots ?? systemRoots)();
      if (ofSystem.length === 0) throw error;
      // The connection failed before the request was sent, so it is not sent twice.
      return send(request, limits);
    }
  };
}

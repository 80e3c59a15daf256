import type { ExtraCa } from './extra-ca.ts';
import type { Environment } from './proxy.ts';
import { SendError, type Send } from './send.ts';
import type { SystemRoots } from './system-roots.ts';

/**
 * The way to the network as this machine is set up: through the proxy that HTTPS_PROXY or ALL_PROXY name and
 * NO_PROXY does not take back, trusting the certificates of `extraCaFile` besides the built-in ones, and those
 * of the operating system. Nothing is read or loaded before the first request. The environment is looked at
 * anew with each one.
 */
export function systemSend(options: {
  readonly extraCaFile: string | undefined;
  readonly env: Environment;
  /** The operating system's own certificates; those that Node can read unless told. */
  readonly systemRoots?: SystemRoots;
}): Send {
  const { extraCaFile, env } = options;
  // Certificates that are named in a request replace Node's, those of NODE_EXTRA_CA_CERTS too.
  const files = extraCaFile === undefined ? [] : [extraCaFile, env['NODE_EXTRA_CA_CERTS'] ?? ''];
  let readers: readonly ExtraCa[] | undefined;
  /** Read when the built-in roots did not do, so that whoever needs no others does not wait for them. */
  let ofSystem: readonly string[] = [];
  return async (request, limits) => {
    const [{ httpsSend }, { proxyFor }] = await Promise.all([
      import('./https-send.ts'),
      import('./proxy.ts'),
    ]);
    if (files.length > 0 && readers === undefined) {
      const { extraCa } = await import('./extra-ca.ts');
      readers = files.filter((file) => file !== '').map(extraCa);
    }
    const proxy = await proxyFor(request.url, env);
    const named = await Promise.all((readers ?? []).map((read) => read()));
    const send: Send = (...asked) => {
      const pems = [...named, ...ofSystem];
      return httpsSend(pems.length === 0 ? undefined : pems.join('\n'), proxy)(...asked);
    };
    try {
      return await send(request, limits);
    } catch (error) {
      if (ofSystem.length > 0 || !(error instanceof SendError)) throw error;
      const { isUnknownIssuer, systemRoots } = await import('./system-roots.ts');
      if (!isUnknownIssuer(error.detail)) throw error;
      ofSystem = (options.systemRoots ?? systemRoots)();
      if (ofSystem.length === 0) throw error;
      // The connection was given up before the request was sent, so it is not sent twice.
      return send(request, limits);
    }
  };
}

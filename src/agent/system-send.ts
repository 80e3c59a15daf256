import type { ExtraCa } from './extra-ca.ts';
import type { Environment } from './proxy.ts';
import type { Send } from './send.ts';

/**
 * The way to the network as this machine is set up: through the proxy that HTTPS_PROXY or ALL_PROXY name and
 * NO_PROXY does not take back, trusting the certificates of `extraCaFile` besides the built-in ones. Nothing
 * is read or loaded before the first request. The environment is looked at anew with each one.
 */
export function systemSend(options: {
  readonly extraCaFile: string | undefined;
  readonly env: Environment;
}): Send {
  const { extraCaFile, env } = options;
  // Certificates that are named in a request replace Node's, those of NODE_EXTRA_CA_CERTS too.
  const files = extraCaFile === undefined ? [] : [extraCaFile, env['NODE_EXTRA_CA_CERTS'] ?? ''];
  let readers: readonly ExtraCa[] | undefined;
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
    const pems = await Promise.all((readers ?? []).map((read) => read()));
    return httpsSend(pems.length === 0 ? undefined : pems.join('\n'), proxy)(request, limits);
  };
}

import * as tls from 'node:tls';

/** Node's codes for an unknown issuer, as opposed to a certificate that has expired or is for another host. */
const UNKNOWN_ISSUER: readonly string[] = [
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
];

/** Whether more root certificates could help. @param code Node's code, as in `SendError.detail` */
export function isUnknownIssuer(code: string): boolean {
  return UNKNOWN_ISSUER.includes(code);
}

/** Returns PEM certificates. */
export type SystemRoots = () => readonly string[];

/**
 * Certificates that the operating system's store trusts (where companies install their own), plus
 * NODE_EXTRA_CA_CERTS. Needs Node 22.15 (`tls.getCACertificates`); empty before. Takes tens of milliseconds once;
 * Node caches it.
 */
export const systemRoots: SystemRoots = () => {
  const read: unknown = Reflect.get(tls, 'getCACertificates');
  if (typeof read !== 'function') return [];
  return ['system', 'extra'].flatMap((kind): string[] => {
    const found: unknown = Reflect.apply(read, tls, [kind]);
    return Array.isArray(found) ? found.filter((pem) => typeof pem === 'string') : [];
  });
};

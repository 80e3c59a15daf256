import * as tls from 'node:tls';

/**
 * What Node says when nobody whom it trusts has signed a certificate, as opposed to one that has expired or is
 * another host's.
 */
const UNKNOWN_ISSUER: readonly string[] = [
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
];

/** Whether more roots could help. @param code Node's, as in `SendError.detail` */
export function isUnknownIssuer(code: string): boolean {
  return UNKNOWN_ISSUER.includes(code);
}

/** Answers with PEM certificates. */
export type SystemRoots = () => readonly string[];

/**
 * The certificates that the operating system's own store trusts, where companies put theirs, and those of
 * NODE_EXTRA_CA_CERTS. Node reads the store since 22.15 (`tls.getCACertificates`); before that there are none.
 * It takes tens of milliseconds, and Node keeps what it has read.
 */
export const systemRoots: SystemRoots = () => {
  const read: unknown = Reflect.get(tls, 'getCACertificates');
  if (typeof read !== 'function') return [];
  return ['system', 'extra'].flatMap((kind): string[] => {
    const found: unknown = Reflect.apply(read, tls, [kind]);
    return Array.isArray(found) ? found.filter((pem) => typeof pem === 'string') : [];
  });
};

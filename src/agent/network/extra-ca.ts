import { X509Certificate } from 'node:crypto';
import { readRegularFile } from '../../system/files/regular-file.ts';
import { certificatesIn } from './pem.ts';
import { SendError } from './send.ts';

/** Ten times the size of an operating system's own root certificates. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Resolves to the certificates of a file as PEM. Rejects with {@link SendError}, which names the file. */
export type ExtraCa = () => Promise<string>;

/**
 * Certificates to trust in addition to the built-in roots. Read with each request, and checked when they have
 * changed.
 */
export function extraCa(path: string): ExtraCa {
  let known: { readonly text: string; readonly pem: string } | undefined;
  return async () => {
    const found = await readRegularFile(path, MOST_BYTES);
    if (found.kind === 'refused') throw new SendError('ca-file', found.detail, path);
    const { text } = found;
    if (known?.text !== text) known = { text, pem: onlyCertificates(text, path) };
    return known.pem;
  };
}

/** Keeps only the certificates: OpenSSL stops at anything else, and ignores the certificates after it. */
function onlyCertificates(text: string, path: string): string {
  const found = certificatesIn(text);
  if (found.length === 0) throw new SendError('ca-file', 'no certificate in it', path);
  for (const pem of found) {
    try {
      new X509Certificate(pem);
    } catch {
      // OpenSSL's message is about its internals; the file's name helps more.
      throw new SendError('ca-file', 'a certificate in it is damaged', path);
    }
  }
  return found.join('\n');
}

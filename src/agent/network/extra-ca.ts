import { X509Certificate } from 'node:crypto';
import { readRegularFile } from '../../system/files/regular-file.ts';
import { certificatesIn } from './pem.ts';
import { SendError } from './send.ts';

/** Ten times what an operating system's own list of roots has. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Answers with the certificates of a file as PEM. Rejects with {@link SendError}, which names the file. */
export type ExtraCa = () => Promise<string>;

/** Certificates that are trusted besides the built-in roots: read with each request, and checked when they have changed. */
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

/** Only the certificates: OpenSSL stops at the first thing that is none, and then trusts nothing after it. */
function onlyCertificates(text: string, path: string): string {
  const found = certificatesIn(text);
  if (found.length === 0) throw new SendError('ca-file', 'no certificate in it', path);
  for (const pem of found) {
    try {
      new X509Certificate(pem);
    } catch {
      // OpenSSL's own words name its internals; which file it is says more.
      throw new SendError('ca-file', 'a certificate in it is damaged', path);
    }
  }
  return found.join('\n');
}

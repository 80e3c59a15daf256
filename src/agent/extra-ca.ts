import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { SendError } from './send.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu;

/** Answers with the certificates of a file as PEM. Rejects with {@link SendError}, which names the file. */
export type ExtraCa = () => Promise<string>;

/** Certificates that are trusted besides the built-in roots: read with the first request, and again when the file has changed. */
export function extraCa(path: string): ExtraCa {
  let known: { readonly version: string; readonly pem: string } | undefined;
  return async () => {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const version = `${mtimeMs} ${size} ${ino}`;
      if (known?.version !== version)
        known = { version, pem: certificatesIn(await readFile(path, 'utf8'), path) };
      return known.pem;
    } catch (error) {
      known = undefined;
      if (error instanceof SendError) throw error;
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      throw new SendError('ca-file', code, path);
    }
  };
}

/** Only the certificates: OpenSSL stops at the first thing that is none, and then trusts nothing after it. */
function certificatesIn(text: string, path: string): string {
  const found = text.match(CERTIFICATE) ?? [];
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

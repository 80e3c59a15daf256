import { parseJson } from '../../system/json.ts';
import { Secret } from '../../system/secret.ts';
import {
  readCertificate,
  type CertificateCheck,
  type CertificateFields,
  type CertificateKeys,
} from './certificate.ts';
import type { Credential } from './credential.ts';
import { readNamedFile, type NamedFileKind } from '../rules/file-trouble.ts';
import { isFullPath } from '../rules/full-path.ts';
import { refuse, showFound, type Refused } from '../rules/issue.ts';

/** A certificate with its chain has about 10 kB, an assertion 2 kB; a larger file was chosen by mistake. */
const CREDENTIAL_MAX_BYTES = 64 * 1024;

type Text = { readonly kind: 'ok'; readonly text: string } | Refused;

async function readText(file: string, field: string, kind: NamedFileKind): Promise<Text> {
  const read = await readNamedFile(file, CREDENTIAL_MAX_BYTES, kind);
  if (read.kind === 'refused')
    return {
      kind: 'refused',
      issues: read.issues.map((issue) => ({ ...issue, field, found: showFound(file) })),
    };
  return read.bytes.byteLength > CREDENTIAL_MAX_BYTES
    ? refuse(field, undefined, 'settings.rule.file.too-large', { kilobytes: 64 })
    : { kind: 'ok', text: read.bytes.toString('utf8') };
}

/**
 * Reads a certificate and its private key, from two files or both from one.
 * @param fields the names of the files where the user gave them, `--certificate` and `--key`
 */
export async function readCertificateFiles(
  files: { readonly certificate: string; readonly key?: string | undefined },
  fields: CertificateFields = { certificate: 'certificate', key: 'key' },
  kind: NamedFileKind = 'any',
  keys: CertificateKeys = 'rsa',
): Promise<CertificateCheck> {
  const certificate = await readText(files.certificate, fields.certificate, kind);
  const key = files.key === undefined ? undefined : await readText(files.key, fields.key, kind);
  const issues = [certificate, key].flatMap((read) => (read?.kind === 'refused' ? read.issues : []));
  if (certificate.kind === 'refused' || key?.kind === 'refused') return { kind: 'refused', issues };
  return readCertificate({ certificatePem: certificate.text, keyPem: key?.text, fields, keys });
}

/** The current assertion of a file, and the credential that names the file. */
export type AssertionCheck =
  | {
      readonly kind: 'ok';
      readonly credential: Extract<Credential, { kind: 'assertion-file' }>;
      readonly assertion: Secret;
    }
  | Refused;

/** RFC 7515 3.1: header, payload and signature in Base64url; a signed JWT has all three. */
const SIGNED_JWT = /^([\w-]+)\.[\w-]+\.[\w-]+$/u;

/** RFC 7515 4: the header is an object that names the algorithm. */
function isSignedJwt(text: string): boolean {
  const [, header] = SIGNED_JWT.exec(text) ?? [];
  const parsed = parseJson(Buffer.from(header ?? '', 'base64url').toString('utf8'));
  return typeof parsed === 'object' && parsed !== null && 'alg' in parsed && parsed.alg !== 'none';
}

/**
 * Reads a client assertion (RFC 7523) from a file that another program keeps fresh: given by full path, at most 64 kB,
 * and formed like a signed JWT. The authority decides whether it is valid. No issue contains any of the content.
 */
export async function readAssertionFile(
  file: string,
  field = 'assertion-file',
  kind: NamedFileKind = 'any',
): Promise<AssertionCheck> {
  if (!isFullPath(file)) return refuse(field, showFound(file), 'settings.rule.path');
  const read = await readText(file, field, kind);
  if (read.kind === 'refused') return read;
  const text = read.text.trim();
  return isSignedJwt(text)
    ? { kind: 'ok', credential: { kind: 'assertion-file', path: file }, assertion: new Secret(text) }
    : refuse(field, undefined, 'settings.rule.assertion');
}

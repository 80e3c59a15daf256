import type { Configuration } from '@azure/msal-node';
import { decodeJwt, errors } from 'jose';
import {
  describeCertificate,
  readCertificate,
  type CertificateKeys,
} from '../../config/credential/certificate.ts';
import type { SettingsIssue, SettingsRule } from '../../config/rules/issue.ts';
import type { Credential } from '../../config/credential/credential.ts';
import { readRegularFile } from '../../system/files/regular-file.ts';
import { certificatesIn } from '../network/pem.ts';
import { problem, ProblemError } from '../../words/problem.ts';

/** The part of MSAL's settings that holds the client's credential. */
export type ClientCredential = Pick<
  Configuration['auth'],
  'clientSecret' | 'clientCertificate' | 'clientAssertion'
>;

/**
 * The credential in MSAL's terms. A bad assertion file is found when MSAL asks for it.
 * @param now milliseconds since the epoch
 * @throws ProblemError `certificate` if a certificate cannot be used
 */
export function clientCredential(credential: Credential, now: () => number): ClientCredential {
  switch (credential.kind) {
    case 'secret':
      return { clientSecret: credential.secret.reveal() };
    case 'certificate':
      return { clientCertificate: certificateOf(credential) };
    case 'assertion-file':
      return { clientAssertion: () => readAssertion(credential.path, now()) };
  }
}

type Certificate = Extract<Credential, { kind: 'certificate' }>;

/** A large JWT has a few kilobytes. A wrong file is not read into memory. */
const ASSERTION_MOST_BYTES = 64 * 1024;

/**
 * Sends the chain (`x5c`) if there is one: Entra then accepts any certificate of a trusted subject and issuer, so
 * that a renewed certificate needs no change of the registration. A single certificate is registered by its
 * thumbprint; sending it would only make every request larger.
 */
function certificateOf(stored: Certificate): NonNullable<ClientCredential['clientCertificate']> {
  const { certificate, privateKey } = checkedCertificate(stored, 'rsa');
  const chain = certificatesIn(certificate);
  return {
    thumbprintSha256: describeCertificate(certificate).thumbprintSha256,
    privateKey: privateKey.reveal(),
    ...(chain.length > 1 ? { x5c: chain.join('\n') } : {}),
  };
}

/**
 * The stored certificate with its key as PKCS#8.
 * @param keys the keys with which assertions can be signed
 * @throws ProblemError `certificate` if it cannot be used
 */
export function checkedCertificate(
  { certificate, privateKey }: Certificate,
  keys: CertificateKeys,
): Certificate {
  // An expired one is left to the authority, whose clock counts.
  const read = readCertificate({ certificatePem: certificate, keyPem: privateKey.reveal(), now: 0, keys });
  if (read.kind === 'ok') return read.credential;
  throw new ProblemError(problem('admin', 'certificate', { detail: faultOf(read.issues[0]) }));
}

/** A stored certificate was checked when it was imported, so a few words will do. */
const FAULTS: Partial<Record<SettingsRule, string>> = {
  'settings.rule.certificate.key': 'the key is damaged or encrypted',
  'settings.rule.certificate.key-encrypted': 'the key is damaged or encrypted',
  'settings.rule.certificate.key-differs': 'the key belongs to another certificate',
  'settings.rule.certificate.leaf-first': 'the key belongs to another certificate',
};

function faultOf(issue: SettingsIssue | undefined): string {
  if (issue?.rule === 'settings.rule.certificate.rsa')
    return `the key is ${issue.found ?? 'unknown'}, not RSA`;
  return (issue && FAULTS[issue.rule]) ?? 'no certificate in it';
}

/**
 * Reads the assertion (a JWT, RFC 7523 2.2) that another program keeps in a file. Read for each request, because
 * such assertions live for minutes. Rejects with a {@link ProblemError} that names the file.
 */
export async function readAssertion(path: string, now: number): Promise<string> {
  const refused = (detail: string): ProblemError =>
    new ProblemError(problem('admin', 'assertion-file', { path, detail }));
  const found = await readRegularFile(path, ASSERTION_MOST_BYTES);
  if (found.kind === 'refused') throw refused(found.detail);
  const text = found.text.trim();
  if (text === '') throw refused('the file is empty');
  const expires = expiryOf(text);
  if (expires === 'no-jwt') throw refused('the file holds no JWT');
  if (expires !== undefined && expires <= now)
    throw refused(`it expired at ${new Date(expires).toISOString().replace(/\.\d+/u, '')}`);
  return text;
}

/**
 * The `exp` of a JWT (RFC 7519 4.1.4) in milliseconds; undefined if it has none. The authority checks the
 * signature. jose's errors are not repeated, because they can quote the text.
 */
function expiryOf(jwt: string): number | undefined | 'no-jwt' {
  if (!/^[\w-]+(?:\.[\w-]+){2}$/u.test(jwt)) return 'no-jwt';
  try {
    const exp: unknown = decodeJwt(jwt).exp;
    return typeof exp === 'number' ? exp * 1000 : undefined;
  } catch (error) {
    if (error instanceof errors.JWTInvalid) return 'no-jwt';
    throw error;
  }
}

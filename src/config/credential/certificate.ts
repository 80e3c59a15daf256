import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { Secret } from '../../system/secret.ts';
import type { Protocol } from '../profile/profile.ts';
import type { Credential } from './credential.ts';
import { settingsIssue, type PlainRule, type Refused, type SettingsIssue } from '../rules/issue.ts';

/** The keys that can sign client assertions: with MSAL RSA only (msal-node, ClientAssertion); else also P-256 (ES256). */
export type CertificateKeys = 'rsa' | 'rsa-or-p256';

/** The keys that a protocol's client can sign with. */
export function certificateKeysOf(protocol: Protocol): CertificateKeys {
  return protocol === 'oidc' ? 'rsa-or-p256' : 'rsa';
}

export function isRsa(privateKey: Secret): boolean {
  return createPrivateKey(privateKey.reveal()).asymmetricKeyType === 'rsa';
}

/** The algorithms with which a key can sign assertions (RFC 7518 3.1), the most common one first. */
export function algorithmsOf(privateKey: Secret): readonly [string, ...string[]] {
  return isRsa(privateKey) ? ['RS256', 'PS256'] : ['ES256'];
}

/** The names of the two parts where the user gave them: `--certificate`, `--key`. */
export interface CertificateFields {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateParts {
  /** One or more certificates, the client's own first; may also contain the key. */
  readonly certificatePem: string;
  /** undefined: the key is in the certificate's text. */
  readonly keyPem?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now?: number;
  readonly fields?: CertificateFields;
  /** If omitted, RSA only. */
  readonly keys?: CertificateKeys;
}

export type CertificateCheck =
  { readonly kind: 'ok'; readonly credential: Extract<Credential, { kind: 'certificate' }> } | Refused;

/** What the status and the doctor show of a certificate; none of it is secret. */
export interface CertificateDescription {
  /** In uppercase hexadecimal without colons, as the Microsoft Entra admin center shows it and MSAL expects it. */
  readonly thumbprintSha256: string;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
  /** On one line: `CN=tokentray, O=Contoso`. */
  readonly subject: string;
}

/** RFC 7468: from a label to the same label. */
const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/gu;

/** A value, or why it could not be read. Node's own errors are secret-free but not helpful. */
type Reading<Value> = { readonly value: Value } | { readonly issue: SettingsIssue };

function blocksIn(pem: string, label: RegExp): readonly string[] {
  return [...pem.matchAll(PEM_BLOCK)].filter(([, found = '']) => label.test(found)).map(([block]) => block);
}

/** OpenSSL reports what it cannot decode with its own codes; Node has no error class for them. */
function decoded<Value>(decode: () => Value): Value | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

const refused = (field: string, rule: PlainRule, found?: string): { readonly issue: SettingsIssue } => ({
  issue: settingsIssue(field, found, rule),
});

/** All certificates of the text, the leaf first. */
function readChain(pem: string, field: string): Reading<readonly [X509Certificate, ...X509Certificate[]]> {
  const blocks = blocksIn(pem, /^(?:X509 |TRUSTED )?CERTIFICATE$/u);
  const chain = decoded(() => blocks.map((block) => new X509Certificate(block)));
  const [leaf, ...rest] = chain ?? [];
  return leaf === undefined ? refused(field, 'settings.rule.certificate') : { value: [leaf, ...rest] };
}

function readKey(pem: string, field: string, keys: CertificateKeys): Reading<KeyObject> {
  const [block] = blocksIn(pem, /PRIVATE KEY$/u);
  if (block === undefined) return refused(field, 'settings.rule.certificate.key');
  // RFC 7468 11, and the older form's header (RFC 1421 4.6.1.1).
  if (/BEGIN ENCRYPTED|^Proc-Type:.*ENCRYPTED/mu.test(block))
    return refused(field, 'settings.rule.certificate.key-encrypted');
  const key = decoded(() => createPrivateKey(block));
  if (key === undefined) return refused(field, 'settings.rule.certificate.key');
  const isP256 = key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  return key.asymmetricKeyType === 'rsa' || (isP256 && keys === 'rsa-or-p256')
    ? { value: key }
    : refused(field, 'settings.rule.certificate.rsa', key.asymmetricKeyType);
}

/** The errors of the two together. */
function pairIssues(
  [leaf, ...rest]: readonly [X509Certificate, ...X509Certificate[]],
  key: KeyObject,
  fields: CertificateFields,
): readonly SettingsIssue[] {
  if (leaf.checkPrivateKey(key)) return [];
  const { issue } = rest.some((other) => other.checkPrivateKey(key))
    ? refused(fields.certificate, 'settings.rule.certificate.leaf-first')
    : refused(fields.key, 'settings.rule.certificate.key-differs');
  return [issue];
}

/** A certificate that expires soon is accepted; the doctor warns about it. */
function expiryIssues(leaf: X509Certificate, now: number, field: string): readonly SettingsIssue[] {
  const notAfter = Date.parse(leaf.validTo);
  if (now < notAfter) return [];
  return [settingsIssue(field, new Date(notAfter).toISOString(), 'settings.rule.certificate.expired')];
}

/**
 * Makes a credential from a certificate and its private key: an RSA key (or, with `keys`, P-256) without a passphrase that
 * belongs to the first certificate, which has not expired. All errors are reported at once; no issue contains any part of
 * the key. Only the certificates and the key (as PKCS#8) are kept.
 */
export function readCertificate(parts: CertificateParts): CertificateCheck {
  const { certificatePem, keyPem, now = Date.now(), keys = 'rsa' } = parts;
  const given = parts.fields ?? { certificate: 'certificate', key: 'key' };
  // Without a separate file, the key is searched for, and reported, in the certificate's.
  const fields = keyPem === undefined ? { ...given, key: given.certificate } : given;
  const chain = readChain(certificatePem, fields.certificate);
  const key = readKey(keyPem ?? certificatePem, fields.key, keys);
  const issues = [chain, key].flatMap((reading) => ('issue' in reading ? [reading.issue] : []));
  if ('value' in chain) issues.push(...expiryIssues(chain.value[0], now, fields.certificate));
  if ('value' in chain && 'value' in key) issues.push(...pairIssues(chain.value, key.value, fields));
  if ('issue' in chain || 'issue' in key || issues.length > 0) return { kind: 'refused', issues };
  const privateKey = key.value.export({ type: 'pkcs8', format: 'pem' }).toString();
  return {
    kind: 'ok',
    credential: {
      kind: 'certificate',
      certificate: chain.value.map((certificate) => certificate.toString()).join(''),
      privateKey: new Secret(privateKey),
    },
  };
}

/**
 * Describes the first certificate of a text.
 * @throws Error of OpenSSL unless it is a certificate, such as one from {@link readCertificate}
 */
export function describeCertificate(pem: string): CertificateDescription {
  const certificate = new X509Certificate(pem);
  return {
    thumbprintSha256: certificate.fingerprint256.replaceAll(':', ''),
    notAfter: Date.parse(certificate.validTo),
    subject: certificate.subject.split('\n').join(', '),
  };
}

import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { isIPv4 } from 'node:net';

/** A certificate and its private key. Those of clients have an RSA key, the only kind that Entra accepts. */
export interface ClientCertificate {
  certificatePem: string;
  privateKeyPem: string;
}

/** A certificate for this run and its private key, both only in memory. */
export interface RunCertificate extends ClientCertificate {
  /** SHA-256 of the public key in base64, for Chromium's `--ignore-certificate-errors-spki-list`. */
  spkiSha256: string;
}

/**
 * Constants, since OpenSSL checks against the system clock, which a test's fake clock does not move. Harmless, as the
 * key is discarded when the process exits.
 */
const NOT_BEFORE = '240101000000Z';
const NOT_AFTER = '491231235959Z';

/**
 * Makes a self-signed server certificate (RFC 5280) for the given names. Encoded here in DER because `@peculiar/x509`
 * requires `reflect-metadata`, which patches a global.
 */
export function createRunCertificate(names: readonly string[]): RunCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
  const subject = commonName('Tokentray demo tenant');
  const extensions = [
    extension('551d13', sequence()), // basicConstraints: not a CA
    extension('551d25', sequence(oid('2b06010505070301'))), // extKeyUsage: serverAuth
    extension('551d11', sequence(...names.map(generalName))),
  ];
  const by = { name: subject, privateKey, algorithm: ecdsaWithSha256 };
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return {
    certificatePem: signedCertificate({ subject, spki, notAfter: NOT_AFTER, extensions, by }),
    privateKeyPem: pemOf(privateKey),
    spkiSha256: createHash('sha256').update(spki).digest('base64'),
  };
}

/**
 * Makes a certificate for a client (or, as the `issuer` of others, for their authority), self-signed or signed by
 * `issuer`.
 * @param options `notAfter` in milliseconds since the epoch, in whole seconds; the year 2049 by default.
 */
export function createClientCertificate(
  commonNameText: string,
  options: { issuer?: ClientCertificate; notAfter?: number } = {},
): ClientCertificate {
  const { issuer } = options;
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const subject = commonName(commonNameText);
  const by = {
    name: issuer === undefined ? subject : commonName(nameOf(issuer)),
    privateKey: issuer === undefined ? privateKey : createPrivateKey(issuer.privateKeyPem),
    algorithm: sequence(oid('2a864886f70d01010b'), Buffer.of(0x05, 0)), // RSA with SHA-256
  };
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const notAfter = options.notAfter === undefined ? NOT_AFTER : utcTime(options.notAfter);
  const extensions = [extension('551d13', sequence(tlv(0x01, Buffer.of(0xff))))]; // basicConstraints: may be a CA
  return {
    certificatePem: signedCertificate({ subject, spki, notAfter, extensions, by }),
    privateKeyPem: pemOf(privateKey),
  };
}

function pemOf(privateKey: KeyObject): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function nameOf({ certificatePem }: ClientCertificate): string {
  return new X509Certificate(certificatePem).subject.replace(/^CN=/u, '');
}

/** `YYMMDDHHMMSSZ` (RFC 5280 section 4.1.2.5.1). */
function utcTime(at: number): string {
  return `${new Date(at).toISOString().slice(2, 19).replaceAll(/[-T:]/gu, '')}Z`;
}

function commonName(text: string): Buffer {
  return sequence(tlv(0x31, sequence(oid('550403'), tlv(0x0c, Buffer.from(text)))));
}

interface Unsigned {
  readonly subject: Buffer;
  readonly spki: Buffer;
  readonly notAfter: string;
  readonly extensions: readonly Buffer[];
  readonly by: { readonly name: Buffer; readonly privateKey: KeyObject; readonly algorithm: Buffer };
}

/** The certificate as PEM. */
function signedCertificate({ subject, spki, notAfter, extensions, by }: Unsigned): string {
  const serial = createHash('sha256').update(spki).digest().subarray(0, 16);
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f); // positive and without a leading zero
  const toBeSigned = sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))), // version 3
    tlv(0x02, serial),
    by.algorithm,
    by.name,
    sequence(tlv(0x17, Buffer.from(NOT_BEFORE)), tlv(0x17, Buffer.from(notAfter))),
    subject,
    spki,
    tlv(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', toBeSigned, by.privateKey);
  const der = sequence(toBeSigned, by.algorithm, tlv(0x03, Buffer.of(0), signature));
  return new X509Certificate(der).toString();
}

/** Tag, length, value (X.690 section 8.1). */
function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), value]);
  if (length < 0x100) return Buffer.concat([Buffer.of(tag, 0x81, length), value]);
  return Buffer.concat([Buffer.of(tag, 0x82, length >> 8, length & 0xff), value]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tlv(0x30, ...parts);
}

function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, 'hex'));
}

function extension(idHex: string, value: Buffer): Buffer {
  return sequence(oid(idHex), tlv(0x04, value));
}

/** A GeneralName (RFC 5280 section 4.2.1.6): a loopback address by its bytes, anything else as a DNS name. */
function generalName(name: string): Buffer {
  if (isIPv4(name)) return tlv(0x87, Buffer.from(name.split('.').map(Number)));
  if (name === '::1') return tlv(0x87, Buffer.alloc(15), Buffer.of(1));
  return tlv(0x82, Buffer.from(name));
}

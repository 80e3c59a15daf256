import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';

/** A certificate for this run and its private key, both only in memory. */
export interface RunCertificate {
  certificatePem: string;
  privateKeyPem: string;
  /** SHA-256 of the public key, base64, as Chromium's `--ignore-certificate-errors-spki-list` takes it. */
  spkiSha256: string;
}

/**
 * Fixed rather than taken from the clock: OpenSSL compares with the system's time, which a test's fake
 * clock does not move. Harmless, since the key dies with the process.
 */
const NOT_BEFORE = '240101000000Z';
const NOT_AFTER = '491231235959Z';

/**
 * Makes a self-signed server certificate (RFC 5280) for the given names. Written out in DER because
 * `@peculiar/x509` only loads beside `reflect-metadata`, which patches a global.
 */
export function createRunCertificate(names: readonly string[]): RunCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
  const name = commonName('Tokentray demo tenant');
  const extensions = [
    extension('551d13', sequence()), // basicConstraints: not a CA
    extension('551d25', sequence(oid('2b06010505070301'))), // extKeyUsage: serverAuth
    extension('551d11', sequence(...names.map(generalName))),
  ];
  const by = { name, privateKey, algorithm: ecdsaWithSha256 };
  const der = signedCertificate({ subject: name, publicKey, notAfter: NOT_AFTER, extensions, by });
  return {
    certificatePem: new X509Certificate(der).toString(),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    spkiSha256: createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64'),
  };
}

/** A certificate with an RSA key, the only kind that signs client assertions for Entra. */
export interface ClientCertificate {
  certificatePem: string;
  privateKeyPem: string;
}

/**
 * Makes a certificate for a client (or, as the `issuer` of others, for their authority): self-signed, or signed by `issuer`.
 * @param options `notAfter` in milliseconds since the epoch, in whole seconds; 2049 if not given.
 */
export function createClientCertificate(
  commonNameText: string,
  options: { issuer?: ClientCertificate; notAfter?: number } = {},
): ClientCertificate {
  const { issuer, notAfter } = options;
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rsaWithSha256 = sequence(oid('2a864886f70d01010b'), Buffer.of(0x05, 0));
  const subject = commonName(commonNameText);
  const by = {
    name: issuer === undefined ? subject : commonName(nameOf(issuer)),
    privateKey: issuer === undefined ? privateKey : createPrivateKey(issuer.privateKeyPem),
    algorithm: rsaWithSha256,
  };
  const end = notAfter === undefined ? NOT_AFTER : utcTime(notAfter);
  const extensions = [extension('551d13', sequence(tlv(0x01, Buffer.of(0xff))))]; // basicConstraints: may be a CA
  const der = signedCertificate({ subject, publicKey, notAfter: end, extensions, by });
  return {
    certificatePem: new X509Certificate(der).toString(),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
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
  readonly publicKey: KeyObject;
  readonly notAfter: string;
  readonly extensions: readonly Buffer[];
  readonly by: { readonly name: Buffer; readonly privateKey: KeyObject; readonly algorithm: Buffer };
}

function signedCertificate({ subject, publicKey, notAfter, extensions, by }: Unsigned): Buffer {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
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
  return sequence(toBeSigned, by.algorithm, tlv(0x03, Buffer.of(0), signature));
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

/** A GeneralName (RFC 5280 section 4.2.1.6): an address by its bytes, anything else as a DNS name. */
function generalName(name: string): Buffer {
  if (isIPv4(name)) return tlv(0x87, Buffer.from(name.split('.').map(Number)));
  if (isIPv6(name)) return tlv(0x87, ipv6Bytes(name));
  return tlv(0x82, Buffer.from(name));
}

function ipv6Bytes(address: string): Buffer {
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string) => text.split(':').filter(Boolean);
  const fill = Array.from({ length: 8 - groups(head).length - groups(tail).length }, () => '0');
  const all = [...groups(head), ...fill, ...groups(tail)];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

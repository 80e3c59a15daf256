import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  describeCertificate,
  certificateKeysOf,
  readCertificate,
  type CertificateParts,
} from '../../../src/config/credential/certificate.ts';
import { readAssertionFile, readCertificateFiles } from '../../../src/config/credential/credential-files.ts';
import { checkRegistrationBody, registrationBody } from '../../../src/outlets/socket/registration-body.ts';
import type { Registration } from '../../../src/config/settings/registrations.ts';
import { Secret } from '../../../src/system/secret.ts';

const DAY_MS = 86_400_000;
let directory: string;
const at = (name: string): string => path.join(directory, name);
const text = (name: string): string => readFileSync(at(name), 'utf8');

function make(name: string, ...kind: string[]): void {
  const out = ['-keyout', at(`${name}.key`), '-out', at(`${name}.crt`)];
  const subject = ['-subj', `/O=Contoso/CN=${name}`, '-days', '30'];
  execFileSync('openssl', ['req', '-x509', '-nodes', ...kind, ...subject, ...out], { stdio: 'ignore' });
}

beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'tokentray-certificate-'));
  make('one', '-newkey', 'rsa:2048');
  make('two', '-newkey', 'rsa:2048');
  make('p384', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp384r1');
  make('curve', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1');
});
afterAll(() => rmSync(directory, { recursive: true }));

function refused(parts: CertificateParts): string[] {
  const read = readCertificate(parts);
  expect(JSON.stringify(read)).not.toContain('PRIVATE KEY-----\\n');
  return read.kind === 'ok' ? [] : read.issues.map(({ field, rule }) => `${field} ${rule.slice(14)}`);
}

describe('a certificate with its key', () => {
  it('is read from two texts or one, also as PKCS#1', () => {
    const pkcs1 = createPrivateKey(text('one.key')).export({ type: 'pkcs1', format: 'pem' }).toString();
    for (const parts of [
      { certificatePem: text('one.crt'), keyPem: text('one.key') },
      { certificatePem: text('one.crt'), keyPem: pkcs1 },
      { certificatePem: `${pkcs1}notes\n${text('one.crt')}` },
    ]) {
      const read = readCertificate(parts);
      expect(read.kind === 'ok' && read.credential.privateKey.reveal()).toBe(text('one.key'));
      expect(read.kind === 'ok' && read.credential.certificate).toBe(text('one.crt'));
    }
  });

  it('keeps its chain, the leaf first', () => {
    const chain = text('one.crt') + text('two.crt');
    const read = readCertificate({ certificatePem: chain, keyPem: text('one.key') });
    expect(read.kind === 'ok' && read.credential.certificate).toBe(chain);
    expect(refused({ certificatePem: chain, keyPem: text('two.key') })).toEqual([
      'certificate certificate.leaf-first',
    ]);
  });

  it('is valid until its last second', () => {
    const { notAfter } = describeCertificate(text('one.crt'));
    const parts = { certificatePem: text('one.crt'), keyPem: text('one.key') };
    expect(refused({ ...parts, now: notAfter - 13 * DAY_MS })).toEqual([]);
    expect(refused({ ...parts, now: notAfter - 1 })).toEqual([]);
    expect(refused({ ...parts, now: notAfter })).toEqual(['certificate certificate.expired']);
  });

  it('is refused with the exact reason', () => {
    const [certificatePem, keyPem] = [text('one.crt'), text('one.key')];
    const cipher = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
    const encrypted = createPrivateKey(keyPem).export(cipher).toString();
    const older = createPrivateKey(keyPem)
      .export({ ...cipher, type: 'pkcs1' })
      .toString();
    const publicKey = createPublicKey(certificatePem).export({ type: 'spki', format: 'pem' }).toString();
    const cut = keyPem.replace(/\n[^\n]+\n(?=-----END)/u, '\n');
    const ofKey = (pem: string): string[] => refused({ certificatePem, keyPem: pem });
    expect(ofKey(text('two.key'))).toEqual(['key certificate.key-differs']);
    expect(ofKey(encrypted)).toEqual(['key certificate.key-encrypted']);
    expect(ofKey(older)).toEqual(['key certificate.key-encrypted']);
    for (const pem of ['', publicKey, certificatePem, cut])
      expect(ofKey(pem)).toEqual(['key certificate.key']);
    expect(refused({ certificatePem })).toEqual(['certificate certificate.key']);
    expect(refused({ certificatePem: text('curve.crt'), keyPem: text('curve.key') })).toEqual([
      'key certificate.rsa',
    ]);
    const curve = { certificatePem: text('curve.crt'), keyPem: text('curve.key') };
    expect(refused({ ...curve, keys: certificateKeysOf('entra') })).toEqual(['key certificate.rsa']);
    expect(refused({ ...curve, keys: certificateKeysOf('oidc') })).toEqual([]);
    const p384 = { certificatePem: text('p384.crt'), keyPem: text('p384.key') };
    expect(refused({ ...p384, keys: certificateKeysOf('oidc') })).toEqual(['key certificate.rsa']);
    expect(refused({ certificatePem: 'x', keyPem: encrypted })).toEqual([
      'certificate certificate',
      'key certificate.key-encrypted',
    ]);
  });

  it('is described as openssl does', () => {
    const said = execFileSync('openssl', ['x509', '-in', at('one.crt'), '-noout', '-fingerprint', '-sha256']);
    const { thumbprintSha256, subject } = describeCertificate(text('one.crt'));
    expect(thumbprintSha256).toBe(said.toString().split('=')[1]?.trim().replaceAll(':', ''));
    expect(subject).toBe('O=Contoso, CN=one');
  });

  it('is read from its files, and both are reported by their options', async () => {
    const fields = { certificate: '--certificate', key: '--key' };
    expect((await readCertificateFiles({ certificate: at('one.crt'), key: at('one.key') })).kind).toBe('ok');
    writeFileSync(at('large'), Buffer.alloc(64 * 1024 + 1, 'a'));
    const read = await readCertificateFiles({ certificate: at('gone'), key: at('large') }, fields);
    expect(read.kind === 'refused' && read.issues.map(({ field, rule }) => [field, rule])).toEqual([
      ['--certificate', 'settings.rule.file.absent'],
      ['--key', 'settings.rule.file.too-large'],
    ]);
  });
});

it.skipIf(process.platform === 'win32')('what was chosen in a dialog is a file, and no pipe', async () => {
  execFileSync('mkfifo', [at('pipe')]);
  const files = { certificate: at('one.crt'), key: at('pipe') };
  const reads = [
    await readCertificateFiles(files, undefined, 'regular'),
    await readAssertionFile(at('pipe'), undefined, 'regular'),
  ];
  expect(reads.map((read) => read.kind === 'refused' && read.issues.map(({ rule }) => rule))).toEqual([
    ['settings.rule.file.irregular'],
    ['settings.rule.file.irregular'],
  ]);
});

describe('an assertion file', () => {
  const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const jwt = `${base64({ alg: 'RS256' })}.${base64({ sub: 'x' })}.c2ln`;

  it('is accepted if it contains a signed JWT', async () => {
    writeFileSync(at('assertion'), `${jwt}\n`);
    const read = await readAssertionFile(at('assertion'));
    expect(read).toMatchObject({ kind: 'ok', credential: { kind: 'assertion-file', path: at('assertion') } });
    expect(read.kind === 'ok' && read.assertion.reveal()).toBe(jwt);
  });

  it.each([
    '',
    'a.b',
    'hunter2.hunter2.hunter2',
    `${base64({ alg: 'none' })}.e30.x`,
    `${jwt} ${jwt}`,
    '\0\0',
  ])('is refused without quoting its content: %j', async (content) => {
    writeFileSync(at('assertion'), content);
    const read = await readAssertionFile(at('assertion'));
    expect(read.kind === 'refused' && read.issues).toMatchObject([
      { field: 'assertion-file', rule: 'settings.rule.assertion', found: undefined },
    ]);
    expect(JSON.stringify(read)).not.toContain('hunter2');
  });

  it('is named by its full path, readable, and not large', async () => {
    const rule = async (file: string): Promise<unknown> => {
      const read = await readAssertionFile(file, '--assertion-file');
      return read.kind === 'refused' && read.issues.map((issue) => `${issue.field} ${issue.rule.slice(14)}`);
    };
    writeFileSync(at('large'), Buffer.alloc(64 * 1024 + 1, 'a'));
    expect(await rule('assertion')).toEqual(['--assertion-file path']);
    expect(await rule(at('gone'))).toEqual(['--assertion-file file.absent']);
    expect(await rule(directory)).toEqual(['--assertion-file file.directory']);
    expect(await rule(at('large'))).toEqual(['--assertion-file file.too-large']);
  });
});

describe('a registration sent to the owner', () => {
  const profile: Registration['profile'] = {
    id: 'default',
    name: 'default',
    protocol: 'entra',
    extraScopes: [],
    authority: 'https://login.microsoftonline.com/contoso.onmicrosoft.com',
    clientId: '11111111-2222-3333-4444-55555555abcd',
    redirectUri: 'http://localhost:5000/getAToken',
    scopes: ['User.Read'],
    schedule: undefined,
    continuousAccess: true,
    signIn: 'window',
  };
  const tokenFiles = [{ path: '/run/t', profile: 'default', scopes: undefined, format: 'json' as const }];
  const overTheSocket = (value: unknown): ReturnType<typeof checkRegistrationBody> =>
    checkRegistrationBody(JSON.parse(JSON.stringify(value)));

  it('arrives as it was sent, with each kind of credential', () => {
    const certificate = readCertificate({ certificatePem: text('one.crt'), keyPem: text('one.key') });
    for (const credential of [
      undefined,
      { kind: 'secret', secret: new Secret('s3cret') } as const,
      { kind: 'assertion-file', path: '/run/assertion' } as const,
      certificate.kind === 'ok' ? certificate.credential : undefined,
    ]) {
      const sent: Registration = { profile, credential, rank: 'default', tokenFiles, replaces: 'same' };
      const checked = overTheSocket(registrationBody(sent));
      expect(checked).toEqual({ kind: 'ok', value: sent });
      expect(checked.kind === 'ok' && registrationBody(checked.value)).toEqual(registrationBody(sent));
    }
  });

  it('written by hand, it may replace any, because its address names the profile', () => {
    const body = { profile, credential: null, rank: 'further', tokenFiles: null };
    expect(overTheSocket(body)).toMatchObject({ kind: 'ok', value: { replaces: 'any' } });
    expect(overTheSocket({ ...body, replaces: 'existing' })).toMatchObject({
      value: { replaces: 'existing' },
    });
    expect(overTheSocket({ ...body, replaces: 'none' })).toMatchObject({ issues: [{ field: 'replaces' }] });
  });

  it.each<[object, string[]]>([
    [{ credential: undefined }, ['credential credential']],
    [{ credential: 'hunter2-hunter2' }, ['credential credential']],
    [{ credential: { kind: 'hunter2-hunter2' } }, ['credential credential']],
    [{ credential: { kind: 'secret', secret: ['hunter2-hunter2'] } }, ['credential credential']],
    [
      { credential: { kind: 'certificate', certificate: 'hunter2-hunter2', privateKey: 'hunter2-hunter2' } },
      ['credential.certificate certificate', 'credential.privateKey certificate.key'],
    ],
    [{ credential: { kind: 'assertion-file', path: 'hunter2-hunter2' } }, ['credential.path path']],
    [
      {
        profile: { ...profile, clientId: 'hunter2-hunter2' },
        credential: { kind: 'secret', secret: 'hunter2-hunter2' },
      },
      ['profile.clientId client-id'],
    ],
    [{ rank: 'first' }, ['rank rank']],
    [{ rank: undefined, tokenFiles: undefined }, ['rank rank', 'tokenFiles list']],
    [{ tokenFiles: [{ path: '/t', profile: 'other' }] }, ['tokenFiles.0.profile token-file-profile']],
  ])('is refused without a word of its credential: %#', (change, issues) => {
    const body = { profile, credential: null, rank: 'further', tokenFiles: null, ...change };
    const checked = overTheSocket(body);
    const found = checked.kind === 'invalid' ? checked.issues : [];
    expect(found.map(({ field, rule }) => `${field} ${rule.slice(14)}`)).toEqual(issues);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it.each([null, [], 'x', 7])('is an object, not %j', (value) => {
    expect(overTheSocket(value).kind).toBe('invalid');
  });
});

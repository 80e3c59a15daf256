// Each kind of credential, end to end: the real MSAL, and a tenant that verifies it.
import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { saveCredential, type Credential } from '../../../src/config/credential/credential.ts';
import {
  createClientCertificate,
  type ClientCertificate,
} from '../../../src/demo-tenant/server/certificate.ts';
import type { DemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import { Secret } from '../../../src/system/secret.ts';
import { HOUR_MS, MINUTE_MS } from '../fixtures/fake-authority.ts';
import { told } from '../fixtures/fixture.ts';
import { inTenant, later, open, signedIn, signIn, type World } from '../fixtures/tenant-fixture.ts';

let world: World;
let tenant: DemoTenant;
inTenant((made) => {
  world = made;
  ({ tenant } = made);
});

const registered = createClientCertificate('tokentray');
const stranger = createClientCertificate('stranger');

const store = (credential: Credential): Promise<void> =>
  saveCredential(world.vault, world.profile, credential);

function certificate({ certificatePem, privateKeyPem }: ClientCertificate, chain = ''): Credential {
  return { kind: 'certificate', certificate: certificatePem + chain, privateKey: new Secret(privateKeyPem) };
}

/** Signs in, refreshes after an hour, and again with the credential's assertion gone stale. */
async function lives(): Promise<void> {
  const agent = await signedIn(world);
  later(HOUR_MS);
  await tenant.verifyAccessToken(told(await agent.getToken()));
  later(11 * MINUTE_MS);
  await tenant.verifyAccessToken(told(await agent.getToken({ fresh: 'always' })));
}

const failedSignIn = async (): Promise<unknown> => signIn(world, open(world));

describe('a certificate', () => {
  beforeEach(() => {
    tenant.client.assertionPem = registered.certificatePem;
    tenant.client.clientSecret = 'not used';
  });

  test('that is registered signs in and refreshes', async () => {
    await store(certificate(registered));
    await lives();
  });

  test('that is not registered is refused, in words about certificates', async () => {
    await store(certificate(stranger));
    expect(await failedSignIn()).toMatchObject({
      problem: { kind: 'admin', code: 'wrong-certificate', params: { detail: 'AADSTS700027' } },
    });
  });

  test('of an issuer that is trusted comes with its chain, and need not be registered itself', async () => {
    const issuer = createClientCertificate('Company issuing CA');
    tenant.client.trustedIssuerPem = issuer.certificatePem;
    await store(certificate(createClientCertificate('tokentray', { issuer }), issuer.certificatePem));
    await lives();
    // Alone it says nothing of its issuer.
    await store(certificate(createClientCertificate('tokentray', { issuer })));
    expect(await failedSignIn()).toMatchObject({ problem: { code: 'wrong-certificate' } });
  });

  test('and a clock that is off: the clock is named', async () => {
    await store(certificate(registered));
    const agent = await signedIn(world);
    tenant.faults.token = { kind: 'aadsts', code: 700024, error: 'invalid_client', status: 401 };
    await agent.getToken({ fresh: 'always' });
    expect(agent.status.health).toMatchObject({ reason: { kind: 'admin', code: 'assertion-time' } });
  });

  test('can be replaced: the next refresh uses the new one, without a sign-in or a restart', async () => {
    await store(certificate(registered));
    const agent = await signedIn(world);
    tenant.client.assertionPem = stranger.certificatePem;
    later(HOUR_MS);
    expect(told(await agent.getToken())).toBe('refused: admin wrong-certificate');
    await store(certificate(stranger));
    await tenant.verifyAccessToken(told(await agent.getToken({ fresh: 'always' })));
    expect(agent.status).toMatchObject({ session: { kind: 'signed-in' }, health: { kind: 'ok' } });
  });

  const ecKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  test.each<[string, () => Credential]>([
    ['no certificate in it', () => ({ ...certificate(registered), certificate: 'nonsense' }) as Credential],
    [
      'the key belongs to another certificate',
      () => certificate({ ...registered, privateKeyPem: stranger.privateKeyPem }),
    ],
    ['the key is damaged or encrypted', () => certificate({ ...registered, privateKeyPem: 'nonsense' })],
    [
      'the key is ec, not RSA',
      () =>
        certificate({
          ...registered,
          privateKeyPem: ecKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        }),
    ],
  ])('that cannot be used is reported before anything is sent: %s', async (detail, credential) => {
    await store(credential());
    expect(await failedSignIn()).toMatchObject({
      problem: { kind: 'admin', code: 'certificate', params: { detail } },
    });
    expect(tenant.requests).toEqual([]);
  });
});

describe('a client assertion in a file', () => {
  let file: string;
  beforeEach(async () => {
    file = path.join(await mkdtemp(path.join(tmpdir(), 'tokentray-assertion-')), 'token');
    tenant.client.assertionPem = publicKeyOf(registered);
    await store({ kind: 'assertion-file', path: file });
  });
  afterEach(() => rm(path.dirname(file), { recursive: true }));

  async function write(
    expiresInMs: number,
    signer = registered,
    audience = `${tenant.authority}/v2.0`,
  ): Promise<void> {
    const { clientId } = tenant.client;
    const jwt = await new SignJWT()
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(audience)
      .setJti(crypto.randomUUID())
      .setExpirationTime(Math.floor((Date.now() + expiresInMs) / 1000))
      .sign(createPrivateKey(signer.privateKeyPem));
    await writeFile(file, `${jwt}\n`);
  }

  test('signs in, and is read again for each refresh', async () => {
    await write(10 * MINUTE_MS);
    const agent = await signedIn(world);
    later(HOUR_MS);
    expect(await agent.getToken()).toMatchObject({
      problem: { kind: 'admin', code: 'assertion-file', params: { path: file } },
    });
    await write(10 * MINUTE_MS);
    await tenant.verifyAccessToken(told(await agent.getToken({ fresh: 'always' })));
    expect(agent.status.health.kind).toBe('ok');
  });

  test.each([
    ['is missing', undefined, 'ENOENT'],
    ['is empty', ' \n', 'the file is empty'],
    ['holds something else', 'hunter2', 'the file holds no JWT'],
    ['holds something like a JWT', 'a.b.c', 'the file holds no JWT'],
  ])('that %s is named, without any of its content', async (_name, text, detail) => {
    if (text !== undefined) await writeFile(file, text);
    const failed = await failedSignIn();
    expect(failed).toMatchObject({ problem: { code: 'assertion-file', params: { path: file, detail } } });
    expect(JSON.stringify([failed, world.logged])).not.toContain('hunter2');
  });

  test('that is a pipe without a writer, or without end, is refused', async () => {
    execFileSync('mkfifo', [file]);
    expect(await failedSignIn()).toMatchObject({
      problem: { code: 'assertion-file', params: { detail: 'it is no regular file' } },
    });
    await rm(file);
    await writeFile(file, 'a'.repeat(64 * 1024 + 1));
    expect(await failedSignIn()).toMatchObject({
      problem: { code: 'assertion-file', params: { detail: 'it holds more than 65536 bytes' } },
    });
  });

  test('that has expired is named with its time, and is not sent', async () => {
    await write(-MINUTE_MS);
    expect(await failedSignIn()).toMatchObject({
      problem: { code: 'assertion-file', params: { detail: 'it expired at 2026-11-22T07:59:00Z' } },
    });
    expect(tenant.requests.filter(({ endpoint }) => endpoint === 'token')).toEqual([]);
  });

  test.each([
    ['of another signer', () => write(10 * MINUTE_MS, stranger), 'AADSTS700027'],
    ['for another audience', () => write(10 * MINUTE_MS, registered, 'api://other'), 'AADSTS700023'],
  ])('%s is refused, in words about assertions', async (_name, make, detail) => {
    await make();
    expect(await failedSignIn()).toMatchObject({
      problem: { kind: 'admin', code: 'wrong-assertion', params: { detail } },
    });
  });
});

function publicKeyOf({ privateKeyPem }: ClientCertificate): string {
  return createPublicKey(privateKeyPem).export({ type: 'spki', format: 'pem' }).toString();
}

test('a secret that was replaced is used by the next refresh, without a sign-in or a restart', async () => {
  const agent = await signedIn(world);
  tenant.client.clientSecret = 'the-new-secret';
  later(HOUR_MS);
  expect(told(await agent.getToken())).toBe('refused: admin wrong-secret');
  await store({ kind: 'secret', secret: new Secret('the-new-secret') });
  await tenant.verifyAccessToken(told(await agent.getToken({ fresh: 'always' })));
});

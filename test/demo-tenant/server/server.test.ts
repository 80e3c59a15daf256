import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { connect as tlsConnect } from 'node:tls';
import { createHash, X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startDemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import type { DemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import { send } from '../client.ts';

let tenant: DemoTenant;
beforeEach(async () => {
  tenant = await startDemoTenant({ domain: 'contoso.example' });
});
afterEach(() => tenant.close());

const discover = (segment: string) =>
  send(tenant, `${tenant.origin}/${segment}/v2.0/.well-known/openid-configuration`);
const isServing = async () => expect((await discover('common')).status).toBe(200);

test.each([
  ['the GUID', () => tenant.tenantId, () => tenant.tenantId, () => tenant.tenantId],
  ['the domain', () => 'contoso.example', () => tenant.tenantId, () => tenant.tenantId],
  ['common', () => 'common', () => '{tenantid}', () => 'common'],
  ['organizations', () => 'organizations', () => '{tenantid}', () => 'organizations'],
])('discovery by %s names issuer and endpoints as Entra does', async (_name, segment, inIssuer, inPath) => {
  const { origin } = tenant;
  expect(JSON.parse((await discover(segment())).body)).toMatchObject({
    issuer: `${origin}/${inIssuer()}/v2.0`,
    authorization_endpoint: `${origin}/${inPath()}/oauth2/v2.0/authorize`,
    token_endpoint: `${origin}/${inPath()}/oauth2/v2.0/token`,
    end_session_endpoint: `${origin}/${inPath()}/oauth2/v2.0/logout`,
    jwks_uri: `${origin}/${inPath()}/discovery/v2.0/keys`,
  });
});

test('only public keys are published', async () => {
  const { body } = await send(tenant, `${tenant.authority}/discovery/v2.0/keys`);
  const { keys } = JSON.parse(body) as { keys: Record<string, unknown>[] };
  expect(Object.keys(keys[0]!).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
});

test('an unknown tenant is refused as Entra refuses it', async () => {
  const { status, body } = await discover('fabrikam.example');
  expect(status).toBe(400);
  expect(JSON.parse(body)).toMatchObject({ error: 'invalid_tenant', error_codes: [90002] });
});

test('the certificate is valid for both loopback addresses and for the name', () => {
  const certificate = new X509Certificate(tenant.certificatePem);
  expect(certificate.checkHost('localhost')).toBe('localhost');
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.checkIP('::1')).toBeTruthy();
  expect(certificate.checkHost('login.microsoftonline.com')).toBeUndefined();
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  expect(tenant.certificateSpkiSha256).toBe(createHash('sha256').update(spki).digest('base64'));
});

test('a client that does not trust the certificate refuses it', async () => {
  const other = await startDemoTenant();
  const url = `${tenant.origin}/common/v2.0/.well-known/openid-configuration`;
  await expect(send(other, url)).rejects.toThrow(/self-signed|signature/);
  await other.close();
});

test.each([
  ['GET', '/', 404],
  ['GET', '/favicon.ico', 404],
  ['GET', '//%%%', 404],
  ['GET', '/common/oauth2/v2.0/token', 405],
  ['DELETE', '/common/oauth2/v2.0/authorize', 405],
])('%s %s gets %i', async (method, path, status) => {
  const answer = await send(tenant, tenant.origin, { method });
  expect(answer.status).toBe(404);
  const raw = await sendRaw(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  expect(raw).toContain(`HTTP/1.1 ${status} `);
  await isServing();
});

test('an endless body is cut off', async () => {
  const { status, headers } = await send(tenant, `${tenant.authority}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'a'.repeat(65 * 1024),
  });
  expect(status).toBe(413);
  expect(headers.connection).toBe('close');
});

test('a body that is not a form counts as empty', async () => {
  const { status, body } = await send(tenant, `${tenant.authority}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"grant_type":"client_credentials"}',
  });
  expect(status).toBe(400);
  expect(JSON.parse(body)).toMatchObject({ error_codes: [900144] });
});

test('invalid input does not crash it, inside or outside TLS', async () => {
  expect(await sendRaw('\0\0 garbage \r\n\r\n')).toContain('400 Bad Request');
  await new Promise<void>((resolve) => {
    const socket = connect(Number(new URL(tenant.origin).port), '127.0.0.1', () => socket.end('not TLS'));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.resume();
  });
  await isServing();
});

test('an exception in a test’s page affects only that request', async () => {
  tenant.extraPages.set('/broken', () => {
    throw new Error('on purpose');
  });
  expect((await send(tenant, `${tenant.origin}/broken`)).status).toBe(503);
  await isServing();
});

test('closing ends connections that have sent nothing', async () => {
  const socket = connect(Number(new URL(tenant.origin).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  const ended = new Promise((resolve) => socket.once('close', resolve));
  await isServing();
  await tenant.close();
  await ended;
});

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);
test.each(hasIpv6 ? ['127.0.0.1', '[::1]'] : ['127.0.0.1'])('it answers on %s', async (address) => {
  const { port } = new URL(tenant.origin);
  const { status } = await send(tenant, `https://${address}:${port}/common/discovery/v2.0/keys`);
  expect(status).toBe(200);
});

test('a port in use is reported, and leaves nothing open', async () => {
  const port = Number(new URL(tenant.origin).port);
  await expect(startDemoTenant({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

/** Sends raw bytes over TLS. */
function sendRaw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname: host, port } = new URL(tenant.origin);
    const socket = tlsConnect({ host, port: Number(port), ca: tenant.certificatePem, servername: host }, () =>
      socket.write(bytes),
    );
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
}

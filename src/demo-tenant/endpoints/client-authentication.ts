import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { ProtectedHeaderParameters } from 'jose';
import { AadstsError } from '../state/aadsts.ts';
import type { DemoClient } from '../state/directory.ts';
import type { Exchange } from '../state/state.ts';
import { issuerOf } from './tokens.ts';

/** RFC 7523 section 2.2 */
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Checks that a token request comes from the registered client: client_secret_basic, client_secret_post (RFC 6749
 * section 2.3.1) or private_key_jwt (OpenID Connect Core section 9).
 * @throws AadstsError 900144 no client named, 700016 unknown client, 7000218 nothing to prove it with, 7000215 wrong
 * secret, 700027 a bad assertion, 700024 one out of its time, 700021 of another client, 700023 for somebody else.
 */
export async function authenticateClient(exchange: Exchange): Promise<void> {
  const { form, request, tenant } = exchange;
  const { client } = tenant.directory;
  const basic = basicCredentials(request.headers.authorization);
  const clientId = basic?.clientId ?? form.get('client_id');
  if (clientId === null) throw new AadstsError(900144, { detail: "'client_id'." });
  if (clientId !== client.clientId) throw new AadstsError(700016);

  const assertion = form.get('client_assertion');
  if (assertion !== null && form.get('client_assertion_type') === JWT_BEARER) {
    await verifyAssertion(exchange, assertion);
    return;
  }
  const secret = basic?.clientSecret ?? form.get('client_secret');
  if (secret === null) throw new AadstsError(7000218);
  if (secret !== client.clientSecret) throw new AadstsError(7000215);
}

function basicCredentials(
  header: string | undefined,
): { clientId: string; clientSecret: string } | undefined {
  const encoded = /^basic ([a-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [clientId = '', ...rest] = Buffer.from(encoded, 'base64').toString().split(':');
  return { clientId: formDecode(clientId), clientSecret: formDecode(rest.join(':')) };
}

/** Both parts are form-encoded before they are joined (RFC 6749 section 2.3.1). */
function formDecode(text: string): string {
  return new URLSearchParams(`value=${text.replaceAll('&', '%26')}`).get('value') ?? '';
}

/**
 * RFC 7523 section 3. The one thing Entra does not check, and this tenant neither, is that an assertion comes once
 * only (`jti`): MSAL sends the same one for its ten minutes.
 */
async function verifyAssertion({ tenant, url }: Exchange, assertion: string): Promise<void> {
  const { clientId } = tenant.directory.client;
  const key = assertionKey(tenant.directory.client, assertion);
  if (key === undefined) throw new AadstsError(700027);
  try {
    await jwtVerify(assertion, key, {
      issuer: clientId,
      subject: clientId,
      audience: [`${tenant.origin}${url.pathname}`, issuerOf(tenant)],
      algorithms: ['RS256', 'PS256'],
      requiredClaims: ['exp', 'jti'],
      currentDate: new Date(tenant.now()),
    });
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError) throw refusalOfAssertion(thrown);
    throw thrown;
  }
}

function refusalOfAssertion(error: errors.JOSEError): AadstsError {
  if (error instanceof errors.JWTExpired) return new AadstsError(700024);
  const claim = error instanceof errors.JWTClaimValidationFailed ? error.claim : undefined;
  if (claim === 'nbf' || claim === 'exp') return new AadstsError(700024);
  if (claim === 'iss' || claim === 'sub') return new AadstsError(700021);
  if (claim === 'aud') return new AadstsError(700023);
  return new AadstsError(700027, { detail: error.message });
}

/**
 * The key an assertion has to be signed with: the registered one, which a certificate's thumbprint must name, or that
 * of a certificate that comes along (`x5c`) and is of the trusted issuer.
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
function assertionKey(client: DemoClient, assertion: string): KeyObject | undefined {
  const header = headerOf(assertion);
  const { assertionPem, trustedIssuerPem } = client;
  const sent = header?.x5c?.[0];
  if (trustedIssuerPem !== undefined && sent !== undefined) {
    const leaf = new X509Certificate(Buffer.from(sent, 'base64'));
    const issuer = new X509Certificate(trustedIssuerPem);
    return leaf.checkIssued(issuer) && leaf.verify(issuer.publicKey) ? leaf.publicKey : undefined;
  }
  if (assertionPem === undefined) return undefined;
  if (!assertionPem.includes('BEGIN CERTIFICATE')) return createPublicKey(assertionPem);
  const { fingerprint256, publicKey } = new X509Certificate(assertionPem);
  const thumbprint = Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
  return header?.['x5t#S256'] === thumbprint ? publicKey : undefined;
}

/** undefined for what is no JWT. */
function headerOf(assertion: string): ProtectedHeaderParameters | undefined {
  try {
    return decodeProtectedHeader(assertion);
  } catch (thrown) {
    if (thrown instanceof TypeError) return undefined;
    throw thrown;
  }
}

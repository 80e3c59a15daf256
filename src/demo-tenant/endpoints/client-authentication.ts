import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { errors, jwtVerify, type JWTHeaderParameters } from 'jose';
import { AadstsError } from '../state/aadsts.ts';
import type { DemoClient } from '../state/directory.ts';
import type { Exchange } from '../state/state.ts';
import { issuerOf } from './tokens.ts';

/** RFC 7523 section 2.2 */
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Checks that a token request comes from the registered client: client_secret_basic, client_secret_post (RFC 6749
 * section 2.3.1) or private_key_jwt (OpenID Connect Core section 9).
 * @throws AadstsError 900144 no client named, 700016 unknown client, 7000218 no credential, 7000215 wrong secret, 700027
 * invalid assertion, 700024 expired assertion, 700021 assertion of another client, 700023 for another audience.
 */
export async function authenticateClient(exchange: Exchange): Promise<void> {
  const { parameters, request, tenant } = exchange;
  const { client } = tenant.directory;
  const basic = basicCredentials(request.headers.authorization);
  const clientId = basic?.clientId ?? parameters.get('client_id');
  if (clientId === null) throw new AadstsError(900144, { detail: "'client_id'." });
  if (clientId !== client.clientId) throw new AadstsError(700016);

  const assertion = parameters.get('client_assertion');
  if (assertion !== null && parameters.get('client_assertion_type') === JWT_BEARER) {
    await verifyAssertion(exchange, assertion);
    return;
  }
  const secret = basic?.clientSecret ?? parameters.get('client_secret');
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
 * RFC 7523 section 3. Like Entra, this tenant accepts an assertion more than once (`jti` is not checked): MSAL sends the
 * same one for its ten minutes.
 */
async function verifyAssertion({ tenant, url }: Exchange, assertion: string): Promise<void> {
  const { client } = tenant.directory;
  try {
    await jwtVerify(assertion, (header) => assertionKey(client, header), {
      issuer: client.clientId,
      subject: client.clientId,
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
 * The key that must have signed an assertion: the registered one, whose certificate the thumbprint must name, or that
 * of a certificate sent along (`x5c`) and issued by the trusted authority.
 * @throws AadstsError 700027 if there is none.
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
function assertionKey(
  { assertionPem, trustedIssuerPem }: DemoClient,
  header: JWTHeaderParameters,
): KeyObject {
  const sent = header.x5c?.[0];
  if (trustedIssuerPem !== undefined && sent !== undefined) {
    const leaf = new X509Certificate(Buffer.from(sent, 'base64'));
    const issuer = new X509Certificate(trustedIssuerPem);
    if (leaf.checkIssued(issuer) && leaf.verify(issuer.publicKey)) return leaf.publicKey;
  } else if (assertionPem?.includes('BEGIN CERTIFICATE') === true) {
    const { fingerprint256, publicKey } = new X509Certificate(assertionPem);
    const thumbprint = Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
    if (header['x5t#S256'] === thumbprint) return publicKey;
  } else if (assertionPem !== undefined) return createPublicKey(assertionPem);
  throw new AadstsError(700027);
}

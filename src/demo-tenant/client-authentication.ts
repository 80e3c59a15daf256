import { createPublicKey } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import { AadstsError } from './aadsts.ts';
import type { Exchange } from './state.ts';
import { issuerOf } from './tokens.ts';

/** RFC 7523 section 2.2 */
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Checks that a token request comes from the registered client: client_secret_basic, client_secret_post (RFC 6749
 * section 2.3.1) or private_key_jwt (OpenID Connect Core section 9).
 * @throws AadstsError 900144 no client named, 700016 unknown client, 7000218 nothing to prove it with, 7000215 wrong
 * secret, 700027 and 700024 a bad and an expired assertion.
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

async function verifyAssertion({ tenant, url }: Exchange, assertion: string): Promise<void> {
  const { clientId, assertionPem } = tenant.directory.client;
  if (assertionPem === undefined) throw new AadstsError(700027);
  try {
    await jwtVerify(assertion, createPublicKey(assertionPem), {
      issuer: clientId,
      subject: clientId,
      audience: [`${tenant.origin}${url.pathname}`, issuerOf(tenant)],
      algorithms: ['RS256', 'PS256'],
      requiredClaims: ['exp'],
      currentDate: new Date(tenant.now()),
    });
  } catch (thrown) {
    if (thrown instanceof errors.JWTExpired) throw new AadstsError(700024);
    if (thrown instanceof errors.JOSEError) throw new AadstsError(700027, { detail: thrown.message });
    throw thrown;
  }
}

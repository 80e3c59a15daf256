import { randomBytes, randomUUID } from 'node:crypto';
import type { AadstsError } from '../state/aadsts.ts';
import type { AuthorizeRequest, ResponseTarget } from '../state/authorize-request.ts';
import type { DemoUser } from '../state/directory.ts';
import type { AuthorizationResponse } from '../state/faults.ts';
import { formPostPage } from '../pages/pages.ts';
import { describeError, replyPage } from '../pages/reply.ts';
import type { Exchange } from '../state/state.ts';
import { clientInfo } from './tokens.ts';

/** Sends a new code back to the application (RFC 6749 section 4.1.2), with what Entra adds. */
export function respondWithCode(exchange: Exchange, request: AuthorizeRequest, user: DemoUser): void {
  const { tenant } = exchange;
  const code = tenant.grants.issueCode({ ...request, user });
  respond(exchange, request, {
    code,
    ...(request.wantsClientInfo && { client_info: clientInfo(tenant, user) }),
    ...(request.state !== undefined && { state: request.state }),
    session_state: randomUUID(),
  });
}

/** Sends a refusal back to the application (RFC 6749 section 4.1.2.1). */
export function respondWithError(exchange: Exchange, target: ResponseTarget, error: AadstsError): void {
  const body = describeError(exchange, error);
  respond(exchange, target, {
    error: body.error,
    error_description: body.error_description,
    error_uri: body.error_uri,
    // Entra's mark of a person who pressed Cancel.
    ...(body.error === 'access_denied' && { error_subcode: 'cancel' }),
    ...(target.state !== undefined && { state: target.state }),
  });
}

function respond(exchange: Exchange, target: ResponseTarget, honest: AuthorizationResponse): void {
  const { response, tenant } = exchange;
  const { tamperState, deliver } = tenant.faults;
  const parameters =
    tamperState === undefined ? honest : { ...honest, state: `${honest.state ?? ''}${tamperState}` };
  const location = responseUrl(target, parameters);
  const isDelivered = deliver?.(location, response, parameters) === true;
  if (isDelivered || response.headersSent || response.writableEnded) return;
  if (target.responseMode === 'form_post') {
    const nonce = randomBytes(16).toString('base64');
    replyPage(response, 200, formPostPage(target.redirectUri, parameters, nonce), nonce);
    return;
  }
  response.writeHead(302, { Location: location, 'Cache-Control': 'no-store' }).end();
}

function responseUrl(
  { redirectUri, responseMode }: ResponseTarget,
  parameters: AuthorizationResponse,
): string {
  const url = new URL(redirectUri);
  if (responseMode === 'fragment') {
    url.hash = new URLSearchParams(parameters).toString();
    return url.href;
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.append(name, value);
  return url.href;
}

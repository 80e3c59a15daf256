import { randomBytes, randomUUID } from 'node:crypto';
import { formPostPage } from '../pages/pages.ts';
import { describeError, redirect, replyPage } from '../pages/reply.ts';
import type { AadstsError } from '../state/aadsts.ts';
import type { AuthorizeRequest, ResponseTarget } from '../state/authorize-request.ts';
import type { DemoUser } from '../state/directory.ts';
import type { AuthorizationResponse } from '../state/faults.ts';
import type { Exchange } from '../state/state.ts';
import { clientInfo } from './tokens.ts';

/** Sends a new code to the application (RFC 6749 section 4.1.2), with the parameters that Entra adds. */
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

/** Sends a refusal to the application (RFC 6749 section 4.1.2.1). */
export function respondWithError(exchange: Exchange, target: ResponseTarget, thrown: AadstsError): void {
  const { error, error_description, error_uri } = describeError(exchange, thrown);
  respond(exchange, target, {
    error,
    error_description,
    error_uri,
    // Entra's mark that the user pressed Cancel.
    ...(error === 'access_denied' && { error_subcode: 'cancel' }),
    ...(target.state !== undefined && { state: target.state }),
  });
}

function respond(exchange: Exchange, target: ResponseTarget, honest: AuthorizationResponse): void {
  const { response, tenant } = exchange;
  const { tamperState, deliver } = tenant.faults;
  const parameters =
    tamperState === undefined ? honest : { ...honest, state: `${honest['state'] ?? ''}${tamperState}` };
  const location = responseUrl(target, parameters);
  const isDelivered = deliver?.(location, response, parameters) === true;
  if (isDelivered || response.headersSent || response.writableEnded) return;
  if (target.responseMode === 'form_post') {
    const nonce = randomBytes(16).toString('base64');
    replyPage(response, 200, formPostPage(target.redirectUri, parameters, nonce), nonce);
  } else redirect(response, location);
}

function responseUrl(target: ResponseTarget, parameters: AuthorizationResponse): string {
  const url = new URL(target.redirectUri);
  if (target.responseMode === 'fragment') url.hash = new URLSearchParams(parameters).toString();
  else for (const [name, value] of Object.entries(parameters)) url.searchParams.append(name, value);
  return url.href;
}

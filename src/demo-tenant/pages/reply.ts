import type { ServerResponse } from 'node:http';
import { aadstsBody, AadstsError, type AadstsBody } from '../state/aadsts.ts';
import type { Exchange } from '../state/state.ts';
import type { Html } from './html.ts';
import { errorPage } from './pages.ts';

/** Answers with JSON that must not be cached (RFC 6749 section 5.1). */
export function replyJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(JSON.stringify(body));
}

/**
 * Answers with a page that runs no script except one with `scriptNonce`, and that may be neither framed nor cached.
 * No `form-action`: browsers would apply it to the redirect after the form, too.
 */
export function replyPage(response: ServerResponse, status: number, page: Html, scriptNonce?: string): void {
  const script = scriptNonce === undefined ? '' : `; script-src 'nonce-${scriptNonce}'`;
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'${script}`,
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  });
  response.end(page.text);
}

/** Sends the browser to another address. */
export function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { Location: location, 'Cache-Control': 'no-store' }).end();
}

/** Shows an error to a program as JSON; to a user as a page, since redirecting to an untrusted URI is not safe. */
export function replyError(exchange: Exchange, error: AadstsError, audience: 'program' | 'person'): void {
  const body = describeError(exchange, error);
  if (audience === 'program') replyJson(exchange.response, error.status, body);
  else replyPage(exchange.response, error.status, errorPage(error.code, body));
}

/** The error in Entra's words, with the caller's correlation id if it sent a GUID. */
export function describeError(exchange: Exchange, error: AadstsError): AadstsBody {
  const { tenant, request, url, parameters } = exchange;
  const name = 'client-request-id';
  const sent = request.headers[name] ?? url.searchParams.get(name) ?? parameters.get(name);
  const isGuid = typeof sent === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(sent);
  return aadstsBody(error, {
    origin: tenant.origin,
    nowMs: tenant.now(),
    ...(isGuid && { correlationId: sent }),
  });
}

/** Any error but a refusal is a fault of this tenant, which Entra calls transient. */
export function asAadstsError(thrown: unknown): AadstsError {
  if (thrown instanceof AadstsError) return thrown;
  return new AadstsError(90033, { detail: thrown instanceof Error ? thrown.message : String(thrown) });
}

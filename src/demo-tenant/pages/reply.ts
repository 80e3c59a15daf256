import type { ServerResponse } from 'node:http';
import { aadstsBody, AadstsError } from '../state/aadsts.ts';
import type { AadstsBody } from '../state/aadsts.ts';
import type { Html } from './html.ts';
import { errorPage } from './pages.ts';
import type { Exchange } from '../state/state.ts';

/** Answers with JSON that nobody keeps (RFC 6749 section 5.1 wants no-store). */
export function replyJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(JSON.stringify(body));
}

/**
 * Answers with a page that runs no script except one with `scriptNonce`, and that nobody frames or keeps.
 * No `form-action`: browsers would apply it to the redirect that follows the form, too.
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

/** Shows an error to a program. */
export function replyErrorJson(exchange: Exchange, error: AadstsError): void {
  replyJson(exchange.response, error.status, describeError(exchange, error));
}

/** Shows an error to a person, who stays here: nothing is sent to a redirect URI that is not trusted. */
export function replyErrorPage(exchange: Exchange, error: AadstsError): void {
  replyPage(exchange.response, error.status, errorPage(error.code, describeError(exchange, error)));
}

/** The error in Entra's words, with the caller's correlation id if it sent one that is a GUID. */
export function describeError(exchange: Exchange, error: AadstsError): AadstsBody {
  const { tenant, request, url, form } = exchange;
  const name = 'client-request-id';
  const sent = request.headers[name] ?? url.searchParams.get(name) ?? form.get(name);
  const isGuid = typeof sent === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(sent);
  return aadstsBody(error, {
    origin: tenant.origin,
    nowMs: tenant.now(),
    ...(isGuid && { correlationId: sent }),
  });
}

/** A refusal as it is; anything else is a fault of this tenant, which Entra calls transient. */
export function asAadstsError(thrown: unknown): AadstsError {
  if (thrown instanceof AadstsError) return thrown;
  return new AadstsError(90033, { detail: thrown instanceof Error ? thrown.message : String(thrown) });
}

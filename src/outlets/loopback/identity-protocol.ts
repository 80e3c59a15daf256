import { randomUUID } from 'node:crypto';
import { problem, type Problem } from '../../words/problem.ts';
import { showFound } from '../../config/rules/issue.ts';
import type { ErrorBody, ProblemBody, Reply, TokenBody } from '../answer/answer.ts';

/** The only version whose answers all current Azure SDKs read alike. */
const API_VERSION = '2019-08-01';

/**
 * Azure's clients retry about three times while their caller waits: long enough for a refresh under way to end. No
 * caller would wait for the 65 s of {@link replyWithProblem}.
 */
const RETRY_AFTER_SECONDS = 1;

/**
 * The answer of App Service's endpoint. `expires_on` is Unix seconds as text, as App Service writes it. There is no
 * `expires_in`: MSAL for .NET reads both into the same property, and the last one wins.
 */
export interface IdentityToken {
  readonly access_token: string;
  readonly expires_on: string;
  readonly resource: string;
  readonly token_type: string;
  readonly client_id: string;
}

/**
 * An error with the fields that the SDKs show: JavaScript `message` or `error_description`, .NET all of them with
 * the correlation ID, Python `statusCode` and `message`.
 */
export interface IdentityError {
  readonly statusCode: number;
  readonly error: string;
  readonly error_description: string;
  readonly message: string;
  /** Identifies this answer in our log. */
  readonly correlationId: string;
  /** The code of the {@link Problem}. */
  readonly code: string;
}

/** An answer of `/msi/token`, or any other that Azure's clients may get. */
export type IdentityReply = Pick<Reply<IdentityToken | IdentityError>, 'httpStatus' | 'headers' | 'body'>;

/** A request of the protocol as a query for `readTokenQuery`, or its problem. */
export type IdentityQuery =
  | { readonly kind: 'ok'; readonly resource: string; readonly query: URLSearchParams }
  | { readonly kind: 'wrong'; readonly problem: Problem };

/**
 * Reads a request of the App Service managed-identity protocol
 * (https://learn.microsoft.com/azure/app-service/overview-managed-identity, "REST endpoint reference"). `client_id`
 * may select the profile. The protocol's other parameters (`object_id`, `mi_res_id`, `xms_cc`,
 * `token_sha256_to_refresh` …) are about identities and caches that do not exist here, and are ignored.
 */
export function readIdentityQuery(asked: URLSearchParams): IdentityQuery {
  const version = asked.get('api-version');
  if (version !== null && version !== API_VERSION) {
    const found = showFound(version) ?? '';
    return { kind: 'wrong', problem: problem('usage', 'identity.version', { wanted: API_VERSION, found }) };
  }
  const [resource = '', ...others] = asked.getAll('resource');
  if (resource === '' || others.length > 0) {
    return {
      kind: 'wrong',
      problem: problem('usage', 'identity.resource', { count: others.length + Number(resource !== '') }),
    };
  }
  const query = new URLSearchParams({ resource });
  const clientId = asked.get('client_id');
  if (clientId !== null && clientId !== '') query.set('client_id', clientId);
  return { kind: 'ok', resource, query };
}

/**
 * An answer in the terms of the protocol. Never 404, 410 or 500, after which the SDKs wait 5 s and more: 503 only
 * for transient problems, 400 for everything else.
 */
export function identityReply(reply: Reply<TokenBody | ErrorBody>, resource: string): IdentityReply {
  const { body } = reply;
  if ('error' in body) return identityError(body.error.kind === 'transient' ? 503 : 400, body.error);
  return {
    httpStatus: 200,
    headers: {},
    body: {
      access_token: body.accessToken,
      expires_on: String(body.expires_on),
      resource,
      token_type: body.tokenType,
      client_id: body.clientId ?? '',
    },
  };
}

/** A refusal in the terms of the protocol. A 503 has a Retry-After. */
export function identityError(status: number, { kind, code, message, next }: ProblemBody): IdentityReply {
  const words = `${message} ${next}`;
  return {
    httpStatus: status,
    headers: status === 503 ? { 'Retry-After': String(RETRY_AFTER_SECONDS) } : {},
    body: {
      statusCode: status,
      error: ERRORS[kind],
      error_description: words,
      message: words,
      correlationId: randomUUID(),
      code,
    },
  };
}

/** OAuth error codes where there is one (RFC 6749 5.2 and 4.1.2.1, OpenID Connect Core 3.1.2.6). */
const ERRORS: Readonly<Record<ProblemBody['kind'], string>> = {
  interaction: 'interaction_required',
  transient: 'temporarily_unavailable',
  admin: 'unauthorized_client',
  storage: 'server_error',
  usage: 'invalid_request',
  unexpected: 'server_error',
};

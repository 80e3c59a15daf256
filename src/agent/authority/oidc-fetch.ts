import type { CustomFetch } from 'openid-client';
import type { TokenNetwork } from '../network/network.ts';

/**
 * A token response whose slips openid-client would refuse, although the meaning is clear: a missing type (only Bearer
 * tokens are issued here), a list of scopes, and optional fields without a usable value.
 */
function tolerated(body: object): object {
  const answer: Readonly<Record<string, unknown>> = { ...body };
  if (typeof answer['access_token'] !== 'string') return body;
  const { expires_in: seconds, scope } = answer;
  // JSON leaves out fields that are undefined.
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' && value !== '' ? value : undefined;
  const life = Number.parseFloat(String(seconds));
  return {
    ...answer,
    token_type: text(answer['token_type']) ?? 'Bearer',
    expires_in: life >= 0 && Number.isFinite(life) ? life : undefined,
    scope: Array.isArray(scope) ? scope.join(' ') : text(scope),
    refresh_token: text(answer['refresh_token']),
    id_token: text(answer['id_token']),
  };
}

/** openid-client requires the exact status of each answer (RFC 6749 5.1 and 5.2); the meaning of these is clear. */
function statusOf(status: number, body: object): number {
  if (status === 200 && 'error' in body && !('access_token' in body)) return 400;
  return status === 201 && 'access_token' in body ? 200 : status;
}

/**
 * Sends openid-client's requests through {@link TokenNetwork}: its limits, proxy and certificates, and what it observes
 * for the classification of a failure. Only status and JSON are passed on: by a `WWW-Authenticate` header, openid-client
 * would not read the OAuth error in the body (RFC 6749 5.2).
 * @param onAnswer gets each JSON body before openid-client checks it
 */
export function fetchOver(network: TokenNetwork, onAnswer: (body: object) => void): CustomFetch {
  return async (url, { method, headers, body }) => {
    const answer =
      method === 'GET'
        ? await network.sendGetRequestAsync<object>(url, { headers })
        : await network.sendPostRequestAsync<object>(url, {
            headers,
            // Every request of ours is a form.
            body: body instanceof URLSearchParams ? body.toString() : '',
          });
    onAnswer(answer.body);
    return new Response(JSON.stringify(method === 'POST' ? tolerated(answer.body) : answer.body), {
      status: statusOf(answer.status, answer.body),
      headers: { 'content-type': 'application/json' },
    });
  };
}

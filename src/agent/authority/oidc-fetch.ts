import type { CustomFetch } from 'openid-client';
import type { TokenNetwork } from '../network/network.ts';

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
    return new Response(JSON.stringify(answer.body), {
      status: answer.status,
      headers: { 'content-type': 'application/json' },
    });
  };
}

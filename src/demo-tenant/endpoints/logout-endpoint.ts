import { signedOutPage } from '../pages/pages.ts';
import { replyPage } from '../pages/reply.ts';
import type { Exchange } from '../state/state.ts';

/**
 * Ends the browser's session, then goes where the application asked, if that address is registered.
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html
 */
export function answerLogout({ tenant, request, response, url, form }: Exchange): void {
  tenant.sessions.signOut(request, response);
  const parameters = request.method === 'POST' ? form : url.searchParams;
  const target = parameters.get('post_logout_redirect_uri');
  if (target === null || !tenant.directory.client.redirectUris.includes(target)) {
    replyPage(response, 200, signedOutPage());
    return;
  }
  const location = new URL(target);
  const state = parameters.get('state');
  if (state !== null) location.searchParams.append('state', state);
  response.writeHead(302, { Location: location.href, 'Cache-Control': 'no-store' }).end();
}

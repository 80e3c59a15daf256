import { signedOutPage } from '../pages/pages.ts';
import { redirect, replyPage } from '../pages/reply.ts';
import type { Exchange } from '../state/state.ts';

/**
 * Ends the browser's session, then redirects to the address that the application sent, if it is registered.
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html
 */
export function answerLogout({ tenant, request, response, parameters }: Exchange): void {
  tenant.sessions.signOut(request, response);
  const target = parameters.get('post_logout_redirect_uri');
  if (target === null || !tenant.directory.client.redirectUris.includes(target)) {
    replyPage(response, 200, signedOutPage());
    return;
  }
  const location = new URL(target);
  const state = parameters.get('state');
  if (state !== null) location.searchParams.append('state', state);
  redirect(response, location.href);
}

import { AadstsError } from '../state/aadsts.ts';
import { respondWithCode, respondWithError } from './authorization-response.ts';
import { parseAuthorizeRequest, parseResponseTarget } from '../state/authorize-request.ts';
import { findUser } from '../state/directory.ts';
import { takeFault } from '../state/faults.ts';
import { accountPage, consentPage, loginPage } from '../pages/pages.ts';
import type { FormTarget } from '../pages/pages.ts';
import { asAadstsError, replyPage } from '../pages/reply.ts';
import { nextStep } from './sign-in-step.ts';
import type { Exchange } from '../state/state.ts';
import type { Transaction } from '../state/transactions.ts';

/**
 * Answers an authorization request (RFC 6749 section 3.1), by GET or POST: a page to fill, or the way back.
 * @throws AadstsError while it is not certain where to redirect to.
 */
export function answerAuthorizeRequest(exchange: Exchange): void {
  const { tenant, request, response } = exchange;
  const parameters = request.method === 'POST' ? exchange.form : exchange.url.searchParams;
  const target = parseResponseTarget(parameters, tenant.directory);
  const fault = takeFault(tenant.faults, 'authorizeError');
  try {
    if (fault !== undefined) {
      const { code = 65004, error, description } = fault;
      throw new AadstsError(code, { error, ...(description !== undefined && { text: description }) });
    }
    const browser = tenant.sessions.markBrowser(request, response);
    const valid = parseAuthorizeRequest(parameters, target);
    proceed(exchange, tenant.transactions.begin(browser, valid));
  } catch (thrown) {
    respondWithError(exchange, target, asAadstsError(thrown));
  }
}

/** Takes the answer of the sign-in page. */
export function answerLogin(exchange: Exchange): void {
  const transaction = findTransaction(exchange);
  const { form, request, response, tenant } = exchange;
  if (form.get('action') === 'cancel') {
    cancel(exchange, transaction);
    return;
  }
  const username = form.get('username') ?? '';
  const user = findUser(tenant.directory.users, username);
  if (user?.password !== form.get('password')) {
    const problem = 'Your username or password is not right.';
    replyPage(
      response,
      200,
      loginPage(formTarget(exchange, transaction, 'login'), {
        username,
        accounts: tenant.directory.users,
        problem,
      }),
    );
    return;
  }
  tenant.sessions.signIn(request, response, user);
  transaction.user = user;
  proceed(exchange, transaction);
}

/** Takes the answer of the account picker. */
export function answerAccountChoice(exchange: Exchange): void {
  const transaction = findTransaction(exchange);
  const { form, request, tenant } = exchange;
  if (form.get('action') === 'cancel') {
    cancel(exchange, transaction);
    return;
  }
  const chosen = findUser(tenant.sessions.accounts(request), form.get('account') ?? '');
  if (chosen === undefined) transaction.wantsOtherAccount = true;
  else transaction.user = chosen;
  proceed(exchange, transaction);
}

/** Takes the answer of the consent page. */
export function answerConsent(exchange: Exchange): void {
  const transaction = findTransaction(exchange);
  const { form, request, tenant } = exchange;
  const step = nextStep(transaction, tenant.sessions.accounts(request), hasConsented(exchange));
  if (step.kind !== 'consent') throw new AadstsError(165000);
  if (form.get('action') !== 'accept') {
    cancel(exchange, transaction);
    return;
  }
  tenant.consented.add(step.user.oid);
  tenant.transactions.end(transaction);
  respondWithCode(exchange, transaction.request, step.user);
}

function proceed(exchange: Exchange, transaction: Transaction): void {
  const { tenant, request, response } = exchange;
  const step = nextStep(transaction, tenant.sessions.accounts(request), hasConsented(exchange));
  switch (step.kind) {
    case 'login': {
      const username = findUser(tenant.directory.users, step.username)?.username ?? step.username;
      replyPage(
        response,
        200,
        loginPage(formTarget(exchange, transaction, 'login'), { username, accounts: tenant.directory.users }),
      );
      return;
    }
    case 'pick-account':
      replyPage(response, 200, accountPage(formTarget(exchange, transaction, 'account'), step.accounts));
      return;
    case 'consent': {
      transaction.user = step.user;
      const scopes = transaction.request.scope.split(/\s+/).filter(Boolean);
      replyPage(response, 200, consentPage(formTarget(exchange, transaction, 'consent'), step.user, scopes));
      return;
    }
    case 'refuse':
      tenant.transactions.end(transaction);
      respondWithError(exchange, transaction.request, new AadstsError(step.code));
      return;
    case 'grant':
      tenant.transactions.end(transaction);
      respondWithCode(exchange, transaction.request, step.user);
      return;
  }
}

function cancel(exchange: Exchange, transaction: Transaction): void {
  exchange.tenant.transactions.end(transaction);
  respondWithError(exchange, transaction.request, new AadstsError(65004));
}

function findTransaction({ tenant, form, request, response }: Exchange): Transaction {
  const browser = tenant.sessions.markBrowser(request, response);
  return tenant.transactions.find(form.get('transaction'), browser);
}

function hasConsented({ tenant }: Exchange): (user: { oid: string }) => boolean {
  return (user) => tenant.consented.has(user.oid);
}

function formTarget(exchange: Exchange, { id }: Transaction, page: string): FormTarget {
  return { action: `/${exchange.tenantSegment}/${page}`, transaction: id };
}

import type { Html } from '../pages/html.ts';
import { accountPage, consentPage, loginPage, type FormTarget } from '../pages/pages.ts';
import { asAadstsError, replyPage } from '../pages/reply.ts';
import { AadstsError } from '../state/aadsts.ts';
import { parseAuthorizeRequest, parseResponseTarget } from '../state/authorize-request.ts';
import { findUser, type DemoUser } from '../state/directory.ts';
import { takeFault } from '../state/faults.ts';
import type { Exchange } from '../state/state.ts';
import type { Transaction } from '../state/transactions.ts';
import { respondWithCode, respondWithError } from './authorization-response.ts';
import { nextStep, type SignInStep } from './sign-in-step.ts';

/**
 * Answers an authorization request (RFC 6749 section 3.1), by GET or POST, with a page or the response.
 * @throws AadstsError while it is not certain where to redirect to.
 */
export function answerAuthorizeRequest(exchange: Exchange): void {
  const { tenant, request, response, parameters } = exchange;
  const target = parseResponseTarget(parameters, tenant.directory);
  const fault = takeFault(tenant.faults, 'authorizeError');
  try {
    if (fault !== undefined) throw new AadstsError(fault.code ?? 65004, fault);
    const browser = tenant.sessions.markBrowser(request, response);
    const valid = parseAuthorizeRequest(parameters, target);
    proceed(exchange, tenant.transactions.begin(browser, valid));
  } catch (thrown) {
    respondWithError(exchange, target, asAadstsError(thrown));
  }
}

/** Takes the form of the sign-in page. */
export function answerLogin(exchange: Exchange): void {
  const transaction = findTransaction(exchange);
  const { parameters, request, response, tenant } = exchange;
  const username = parameters.get('username') ?? '';
  const user = findUser(tenant.directory.users, username);
  if (parameters.get('action') === 'cancel') cancel(exchange, transaction);
  else if (user?.password === parameters.get('password')) {
    tenant.sessions.signIn(request, response, user);
    transaction.user = user;
    proceed(exchange, transaction);
  } else showLogin(exchange, transaction, username, 'Your username or password is not right.');
}

/** Takes the form of the account picker. */
export function answerAccountChoice(exchange: Exchange): void {
  const transaction = findTransaction(exchange);
  const { parameters, request, tenant } = exchange;
  if (parameters.get('action') === 'cancel') {
    cancel(exchange, transaction);
    return;
  }
  const chosen = findUser(tenant.sessions.accounts(request), parameters.get('account') ?? '');
  if (chosen === undefined) transaction.wantsOtherAccount = true;
  else transaction.user = chosen;
  proceed(exchange, transaction);
}

/** Takes the form of the consent page. */
export function answerConsent(exchange: Exchange): void {
  const transaction = findTransaction(exchange);
  const step = stepOf(exchange, transaction);
  if (step.kind !== 'consent') throw new AadstsError(165000);
  if (exchange.parameters.get('action') === 'accept') {
    exchange.tenant.consented.add(step.user.oid);
    grant(exchange, transaction, step.user);
  } else cancel(exchange, transaction);
}

function stepOf({ tenant, request }: Exchange, transaction: Transaction): SignInStep {
  const accounts = tenant.sessions.accounts(request);
  return nextStep(transaction, accounts, ({ oid }) => tenant.consented.has(oid));
}

function proceed(exchange: Exchange, transaction: Transaction): void {
  const step = stepOf(exchange, transaction);
  switch (step.kind) {
    case 'login': {
      const known = findUser(exchange.tenant.directory.users, step.username);
      showLogin(exchange, transaction, known?.username ?? step.username);
      break;
    }
    case 'pick-account':
      show(exchange, accountPage(formTarget(exchange, transaction, 'account'), step.accounts));
      break;
    case 'consent': {
      transaction.user = step.user;
      const scopes = transaction.request.scope.split(/\s+/).filter(Boolean);
      show(exchange, consentPage(formTarget(exchange, transaction, 'consent'), step.user, scopes));
      break;
    }
    case 'refuse':
      refuse(exchange, transaction, new AadstsError(step.code));
      break;
    case 'grant':
      grant(exchange, transaction, step.user);
  }
}

function grant(exchange: Exchange, transaction: Transaction, user: DemoUser): void {
  exchange.tenant.transactions.end(transaction);
  respondWithCode(exchange, transaction.request, user);
}

function cancel(exchange: Exchange, transaction: Transaction): void {
  refuse(exchange, transaction, new AadstsError(65004));
}

function refuse(exchange: Exchange, transaction: Transaction, error: AadstsError): void {
  exchange.tenant.transactions.end(transaction);
  respondWithError(exchange, transaction.request, error);
}

function findTransaction({ tenant, parameters, request, response }: Exchange): Transaction {
  const browser = tenant.sessions.markBrowser(request, response);
  return tenant.transactions.find(parameters.get('transaction'), browser);
}

function showLogin(exchange: Exchange, transaction: Transaction, username: string, problem?: string): void {
  const accounts = exchange.tenant.directory.users;
  show(exchange, loginPage(formTarget(exchange, transaction, 'login'), { username, accounts, problem }));
}

function show({ response }: Exchange, page: Html): void {
  replyPage(response, 200, page);
}

function formTarget(exchange: Exchange, { id }: Transaction, page: string): FormTarget {
  return { action: `/${exchange.tenantSegment}/${page}`, transaction: id };
}

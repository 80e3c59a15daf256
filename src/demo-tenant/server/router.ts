import type { IncomingMessage, ServerResponse } from 'node:http';
import { AadstsError } from '../state/aadsts.ts';
import {
  answerAccountChoice,
  answerAuthorizeRequest,
  answerConsent,
  answerLogin,
} from '../endpoints/authorize-endpoint.ts';
import { namesTenant } from '../state/directory.ts';
import { deliverFault } from './fault-delivery.ts';
import { takeFault } from '../state/faults.ts';
import { readForm } from './form-body.ts';
import { answerLogout } from '../endpoints/logout-endpoint.ts';
import { replyKeys, replyMetadata } from '../endpoints/metadata.ts';
import { asAadstsError, replyErrorJson, replyErrorPage, replyJson } from '../pages/reply.ts';
import { harmlessParameters } from '../state/request-log.ts';
import type { EndpointName, RequestRecord } from '../state/request-log.ts';
import type { Exchange, TenantState } from '../state/state.ts';
import { answerTokenRequest, GRANT_TYPES } from '../endpoints/token-endpoint.ts';

interface Route {
  readonly endpoint: EndpointName;
  readonly methods: readonly string[];
  /** Errors go to a program as JSON, to a person as a page. */
  readonly audience: 'program' | 'person';
  answer(exchange: Exchange): void | Promise<void>;
}

/** By path after the tenant's segment. */
const ROUTES: ReadonlyMap<string, Route> = new Map([
  ['/v2.0/.well-known/openid-configuration', program('discovery', ['GET', 'HEAD'], answerDiscovery)],
  ['/discovery/v2.0/keys', program('keys', ['GET', 'HEAD'], replyKeys)],
  ['/oauth2/v2.0/token', program('token', ['POST'], answerToken)],
  ['/oauth2/v2.0/authorize', person('authorize', ['GET', 'POST'], answerAuthorizeRequest)],
  ['/oauth2/v2.0/logout', person('logout', ['GET', 'POST'], answerLogout)],
  ['/login', person('page', ['POST'], answerLogin)],
  ['/account', person('page', ['POST'], answerAccountChoice)],
  ['/consent', person('page', ['POST'], answerConsent)],
]);

function program(endpoint: EndpointName, methods: string[], answer: Route['answer']): Route {
  return { endpoint, methods, audience: 'program', answer };
}

function person(endpoint: EndpointName, methods: string[], answer: Route['answer']): Route {
  return { endpoint, methods, audience: 'person', answer };
}

/** Takes every request of the server to its endpoint; never rejects, whatever was sent. */
export async function answerRequest(
  tenant: TenantState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = tenant.origin + (request.url ?? '/');
  const url = new URL(URL.canParse(target) ? target : tenant.origin);
  const [, tenantSegment = '', rest = ''] = /^\/([^/]+)(\/.*)$/.exec(url.pathname) ?? [];
  const route = ROUTES.get(rest);
  const record = log(tenant, request, response, url.pathname, route?.endpoint ?? 'other');

  const exchange: Exchange = {
    tenant,
    tenantSegment,
    url,
    request,
    response,
    record,
    form: new URLSearchParams(),
  };
  try {
    const extraPage = tenant.extraPages.get(url.pathname);
    if (extraPage === undefined) await answerRoute(exchange, route);
    else extraPage(request, response);
  } catch (thrown) {
    const error = asAadstsError(thrown);
    if (response.headersSent) response.destroy();
    else if (route?.audience === 'person') replyErrorPage(exchange, error);
    else replyErrorJson(exchange, error);
  }
}

async function answerRoute(exchange: Exchange, route: Route | undefined): Promise<void> {
  const { request, response, tenant, tenantSegment, record } = exchange;
  if (route === undefined) {
    replyJson(response, 404, { error: 'not_found' });
    return;
  }
  if (!route.methods.includes(request.method ?? '')) {
    response.setHeader('Allow', route.methods.join(', '));
    replyJson(response, 405, { error: 'method_not_allowed' });
    return;
  }
  const form = await readForm(request);
  if (form === undefined) {
    response.setHeader('Connection', 'close');
    replyJson(response, 413, { error: 'request_too_large' });
    return;
  }
  if (!namesTenant(tenant.directory, tenantSegment)) throw new AadstsError(90002);
  record.parameters = harmlessParameters(request.method === 'POST' ? form : exchange.url.searchParams);
  await route.answer({ ...exchange, form });
}

async function answerDiscovery(exchange: Exchange): Promise<void> {
  const fault = takeFault(exchange.tenant.faults, 'discovery');
  if (fault !== undefined && (await deliverFault(fault, exchange.response)) === 'answered') return;
  replyMetadata(exchange);
}

async function answerToken(exchange: Exchange): Promise<void> {
  const grantType = GRANT_TYPES.find((name) => name === exchange.form.get('grant_type'));
  if (grantType !== undefined) exchange.record.grantType = grantType;
  const fault = takeFault(exchange.tenant.faults, 'token', grantType);
  if (fault !== undefined && (await deliverFault(fault, exchange.response)) === 'answered') return;
  await answerTokenRequest(exchange);
}

function log(
  tenant: TenantState,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  endpoint: EndpointName,
): RequestRecord {
  const record: RequestRecord = {
    method: request.method ?? '',
    path,
    endpoint,
    at: tenant.now(),
    get status() {
      return response.headersSent ? response.statusCode : 0;
    },
    parameters: {},
  };
  tenant.requests.push(record);
  return record;
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  answerAccountChoice,
  answerAuthorizeRequest,
  answerConsent,
  answerLogin,
} from '../endpoints/authorize-endpoint.ts';
import { answerLogout } from '../endpoints/logout-endpoint.ts';
import { replyKeys, replyMetadata } from '../endpoints/metadata.ts';
import { answerResourceRequest } from '../endpoints/resource.ts';
import { answerTokenRequest, GRANT_TYPES } from '../endpoints/token-endpoint.ts';
import { asAadstsError, replyError, replyJson } from '../pages/reply.ts';
import { AadstsError } from '../state/aadsts.ts';
import { namesTenant } from '../state/directory.ts';
import { takeFault } from '../state/faults.ts';
import { harmlessParameters, type EndpointName, type RequestRecord } from '../state/request-log.ts';
import type { Exchange, TenantState } from '../state/state.ts';
import { deliverFault } from './fault-delivery.ts';
import { readForm } from './form-body.ts';

interface Route {
  readonly endpoint: EndpointName;
  readonly methods: readonly string[];
  /** Programs get errors as JSON, users as a page. */
  readonly audience: 'program' | 'person';
  readonly answer: (exchange: Exchange) => void | Promise<void>;
}

/** By the path after the tenant's segment. */
const ROUTES: ReadonlyMap<string, Route> = new Map([
  ['/v2.0/.well-known/openid-configuration', route('program', 'discovery', ['GET', 'HEAD'], answerDiscovery)],
  ['/discovery/v2.0/keys', route('program', 'keys', ['GET', 'HEAD'], replyKeys)],
  ['/oauth2/v2.0/token', route('program', 'token', ['POST'], answerToken)],
  ['/resource/me', route('program', 'resource', ['GET'], answerResourceRequest)],
  ['/oauth2/v2.0/authorize', route('person', 'authorize', ['GET', 'POST'], answerAuthorizeRequest)],
  ['/oauth2/v2.0/logout', route('person', 'logout', ['GET', 'POST'], answerLogout)],
  ['/login', route('person', 'page', ['POST'], answerLogin)],
  ['/account', route('person', 'page', ['POST'], answerAccountChoice)],
  ['/consent', route('person', 'page', ['POST'], answerConsent)],
]);

function route(
  audience: Route['audience'],
  endpoint: EndpointName,
  methods: readonly string[],
  answer: Route['answer'],
): Route {
  return { audience, endpoint, methods, answer };
}

/** Passes each request to its endpoint; never rejects, whatever was sent. */
export async function answerRequest(
  tenant: TenantState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = tenant.origin + (request.url ?? '/');
  const url = new URL(URL.canParse(target) ? target : tenant.origin);
  const [, tenantSegment = '', rest = ''] = /^\/([^/]+)(\/.*)$/.exec(url.pathname) ?? [];
  const found = ROUTES.get(rest);
  const record = log(tenant, request, response, url.pathname, found?.endpoint ?? 'other');
  const parameters = url.searchParams;
  const exchange: Exchange = { tenant, tenantSegment, url, request, response, record, parameters };
  try {
    const extraPage = tenant.extraPages.get(url.pathname);
    if (extraPage === undefined) await answerRoute(exchange, found);
    else extraPage(request, response);
  } catch (thrown) {
    if (response.headersSent) response.destroy();
    else replyError(exchange, asAadstsError(thrown), found?.audience ?? 'program');
  }
}

async function answerRoute(exchange: Exchange, found: Route | undefined): Promise<void> {
  const { request, response, tenant, tenantSegment, record } = exchange;
  if (found === undefined) {
    replyJson(response, 404, { error: 'not_found' });
    return;
  }
  if (!found.methods.includes(request.method ?? '')) {
    response.setHeader('Allow', found.methods.join(', '));
    replyJson(response, 405, { error: 'method_not_allowed' });
    return;
  }
  const parameters = request.method === 'POST' ? await readForm(request) : exchange.parameters;
  if (parameters === undefined) {
    response.setHeader('Connection', 'close');
    replyJson(response, 413, { error: 'request_too_large' });
    return;
  }
  if (!namesTenant(tenant.directory, tenantSegment)) throw new AadstsError(90002);
  record.parameters = harmlessParameters(parameters);
  await found.answer({ ...exchange, parameters });
}

async function answerDiscovery(exchange: Exchange): Promise<void> {
  const fault = takeFault(exchange.tenant.faults, 'discovery');
  if (fault !== undefined && (await deliverFault(fault, exchange.response)) === 'answered') return;
  replyMetadata(exchange);
}

async function answerToken(exchange: Exchange): Promise<void> {
  const grantType = GRANT_TYPES.find((name) => name === exchange.parameters.get('grant_type'));
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

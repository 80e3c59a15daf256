// The credential under Azure's own client packages: their bearer-token policy and their chain.
import type { TokenCredential } from '@azure/core-auth';
import {
  bearerTokenAuthenticationPolicy,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { ChainedTokenCredential } from '@azure/identity';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { problem, type Problem } from '../../src/words/problem.ts';
import { TokentrayCredential, TokentrayError } from '../../src/client/index.ts';
import { Secret } from '../../src/system/secret.ts';
import { ada, NOON, token, TOKEN } from '../outlets/fixtures/fake-agent.ts';
import { testPlaces } from '../outlets/fixtures/runtime-directory.ts';
import { closeAll, openSocket, type OpenSocket } from '../outlets/fixtures/socket-fixture.ts';

const GRAPH = 'https://graph.microsoft.com/.default';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOON }));
afterEach(async () => {
  vi.useRealTimers();
  await closeAll();
});

async function open(): Promise<OpenSocket & { readonly credential: TokenCredential }> {
  const opened = await openSocket();
  return { ...opened, credential: new TokentrayCredential({ socketPath: opened.places.socketPath }) };
}

/** A resource that answers each request with the next of these, and the requests it got. */
async function askResource(
  credential: TokenCredential,
  ...answers: readonly { readonly status: number; readonly headers?: Record<string, string> }[]
): Promise<{ readonly status: number; readonly sent: readonly (string | undefined)[] }> {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: GRAPH }));
  const sent: (string | undefined)[] = [];
  const httpClient = {
    sendRequest: (request: PipelineResponse['request']): Promise<PipelineResponse> => {
      const { status, headers } = answers[sent.length] ?? { status: 500 };
      sent.push(request.headers.get('authorization'));
      return Promise.resolve({ request, status, headers: createHttpHeaders(headers ?? {}) });
    },
  };
  const request = createPipelineRequest({ url: 'https://graph.microsoft.com/v1.0/me' });
  const { status } = await pipeline.sendRequest(httpClient, request);
  return { status, sent };
}

describe('Azure’s bearer-token policy', () => {
  test('sends the token of the scope it was made for', async () => {
    const { agent, credential } = await open();
    const { status, sent } = await askResource(credential, { status: 200 });
    expect({ status, sent }).toEqual({ status: 200, sent: [`Bearer ${TOKEN}`] });
    expect(agent.requests).toEqual([{ scopes: [GRAPH] }]);
  });

  test('meets a claims challenge with a new token', async () => {
    const { agent, credential } = await open();
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1790000000"}}}';
    const challenge = `Bearer realm="", error="insufficient_claims", claims="${btoa(claims)}"`;
    agent.getToken = (request) => {
      agent.requests.push(request ?? {});
      const value = new Secret(request?.claims === undefined ? 'refused' : 'fresh');
      return Promise.resolve({ kind: 'token', token: { ...token, value }, warning: undefined });
    };
    const { status, sent } = await askResource(
      credential,
      { status: 401, headers: { 'WWW-Authenticate': challenge } },
      { status: 200 },
    );
    expect({ status, sent }).toEqual({ status: 200, sent: ['Bearer refused', 'Bearer fresh'] });
    expect(agent.requests).toEqual([{ scopes: [GRAPH] }, { scopes: [GRAPH], claims }]);
    expect((await credential.getToken(GRAPH))?.token).toBe('fresh');
  });
});

describe('Azure’s chain of credentials', () => {
  const second: TokenCredential = {
    getToken: () => Promise.resolve({ token: 'second', expiresOnTimestamp: NOON }),
  };
  const ask = (credential: TokenCredential): Promise<unknown> =>
    new ChainedTokenCredential(credential, second).getToken(GRAPH);

  test('is skipped if Tokentray is not running', async () => {
    const { socketPath } = testPlaces();
    expect(await ask(new TokentrayCredential({ socketPath }))).toMatchObject({ token: 'second' });
  });

  test.each<[Problem, string]>([
    [problem('interaction', 'signed-out'), 'goes on'],
    [problem('admin', 'not-configured'), 'goes on'],
    [problem('transient', 'throttled'), 'stops'],
    [problem('admin', 'expired-secret', { detail: 'AADSTS7000222' }), 'stops'],
  ])('$code: %s', async (reason, what) => {
    const { agent, credential } = await open();
    agent.answer = { kind: 'refused', problem: reason };
    if (what === 'goes on') expect(await ask(credential)).toMatchObject({ token: 'second' });
    else await expect(ask(credential)).rejects.toMatchObject({ code: reason.code, kind: reason.kind });
    await expect(credential.getToken(GRAPH)).rejects.toBeInstanceOf(TokentrayError);
  });
});

test('the token comes in Azure’s shape, to be asked for again ten minutes before its end', async () => {
  const { credential } = await open();
  expect(await credential.getToken([GRAPH], { enableCae: true })).toEqual({
    token: TOKEN,
    expiresOnTimestamp: token.expiresOn,
    refreshAfterTimestamp: token.expiresOn - 600_000,
    tokenType: 'Bearer',
  });
});

test('the token of another tenant is not passed for that one’s', async () => {
  const [mine, other] = ['11111111-2222-3333-4444-555555555555', '99999999-2222-3333-4444-555555555555'];
  const { agent, profiles, credential } = await open();
  const session = { kind: 'signed-in', account: { ...ada, tenantId: mine }, expiresOn: NOON } as const;
  agent.status = { ...agent.status, session };
  profiles.announce(agent);
  await expect(credential.getToken(GRAPH, { tenantId: other })).rejects.toMatchObject({
    code: 'request.tenant',
    exitCode: 2,
  });
  for (const tenantId of [mine.toUpperCase(), 'contoso.example']) {
    expect(await credential.getToken(GRAPH, { tenantId })).toMatchObject({ token: TOKEN });
  }
});

test('a signal of Azure’s older shape ends the wait too', async () => {
  const { agent, places } = await open();
  const credential = new TokentrayCredential({ socketPath: places.socketPath });
  agent.answer = new Promise(() => undefined);
  const listeners: (() => void)[] = [];
  const abortSignal = {
    aborted: false,
    addEventListener: (_type: 'abort', listener: () => void) => void listeners.push(listener),
    removeEventListener: () => undefined,
  };
  const asked = credential.getToken(GRAPH, { abortSignal });
  for (const abort of listeners) abort();
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
});

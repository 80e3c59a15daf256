import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startDemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import type { DemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import { signInAsUser } from '../../../src/demo-tenant/play/user.ts';
import { authorizeUrl, walk } from '../client.ts';

// A minimal web application on http://localhost.
let application: Server;
let home: string;
let tenant: DemoTenant;
let responseMode: string;
const received: string[] = [];
beforeEach(async () => {
  tenant = await startDemoTenant();
  responseMode = 'query';
  received.length = 0;
  application = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
  home = `http://localhost:${(application.address() as AddressInfo).port}`;
  tenant.client.redirectUris.push(`${home}/getAToken`);
});
afterEach(async () => {
  application.close();
  await tenant.close();
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const url = new URL(request.url ?? '', home);
  received.push(`${request.method} ${url.pathname} ${request.headers.cookie ?? ''}`.trim());
  if (url.pathname === '/login') {
    const parameters = { redirect_uri: `${home}/getAToken`, response_mode: responseMode };
    response.setHeader('Set-Cookie', 'app=1; Path=/; HttpOnly');
    response.writeHead(302, { Location: authorizeUrl(tenant, parameters) }).end();
  } else if (url.pathname === '/getAToken') {
    const parameters = request.method === 'POST' ? new URLSearchParams(body) : url.searchParams;
    response.writeHead(303, { Location: parameters.has('code') ? '/' : '/failed' }).end();
  } else {
    response.end('<form method="post" action="/sign-out"><button>Sign out</button></form>');
  }
}

const script = () => ({ username: tenant.users[0]!.username, password: 'demo', ca: tenant.certificatePem });

test.each(['query', 'form_post'])(
  'the user walks from the application to the tenant and back (%s)',
  async (mode) => {
    responseMode = mode;
    const outcome = await signInAsUser(`${home}/login?ticket=1`, script());
    expect(outcome).toMatchObject({ kind: 'page', status: 200, url: `${home}/` });
    // It got its cookie back but not the tenant's Secure ones, and its own form was not submitted.
    const method = mode === 'query' ? 'GET' : 'POST';
    expect(received).toEqual(['GET /login', `${method} /getAToken app=1`, 'GET / app=1']);
  },
);

test('a user who cancels also returns to the application', async () => {
  const outcome = await signInAsUser(`${home}/login`, { ...script(), login: 'cancel' });
  expect(outcome).toMatchObject({ kind: 'page', url: `${home}/failed` });
});

test('the user stops at the given address without requesting it', async () => {
  const outcome = await signInAsUser(`${home}/login`, {
    ...script(),
    stopAt: (url) => url.startsWith(`${home}/getAToken?`),
  });
  expect(outcome.kind).toBe('stopped');
  expect(new URL(outcome.url).searchParams.get('code')).toBeTruthy();
  expect(received).toEqual(['GET /login']);
});

test('the user gives up on a redirect loop', async () => {
  tenant.extraPages.set('/round', (_request, response) => {
    response.writeHead(302, { Location: '/round' }).end();
  });
  await expect(walk(tenant, `${tenant.origin}/round`)).rejects.toThrow('in circles');
});

test('a POST redirected with 307 keeps its form', async () => {
  responseMode = 'form_post';
  tenant.faults.deliver = (redirectUrl, response, parameters) => {
    tenant.extraPages.set('/on', (_request, onward) => {
      onward.writeHead(307, { Location: redirectUrl.split('?')[0] }).end();
    });
    const inputs = Object.entries(parameters).map(
      ([name, value]) => `<input type='hidden' name=${name} value="${value}">`,
    );
    response.end(`<FORM METHOD=POST action="/on">${inputs.join('')}</FORM>`);
    return true;
  };
  expect(await signInAsUser(`${home}/login`, script())).toMatchObject({ url: `${home}/` });
  expect(received).toContain('POST /getAToken app=1');
});

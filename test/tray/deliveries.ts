import type { ServerResponse } from 'node:http';
import type { DemoTenant } from '../../src/demo-tenant/tenant.ts';

/** A way in which the authorization response travels from the authority to the redirect URI. */
export type Deliver = (redirectUrl: string, response: ServerResponse) => boolean;

function page(response: ServerResponse, body: string): boolean {
  response
    .writeHead(200, { 'content-type': 'text/html' })
    .end(`<!doctype html><title>delivery</title>${body}`);
  return true;
}

function redirect(response: ServerResponse, status: number, location: string): boolean {
  response.writeHead(status, { location }).end();
  return true;
}

const attribute = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

/** A form with the response's parameters, as `response_mode=form_post` has it, submitted by a script. */
function form(action: string, redirectUrl: string, target = ''): string {
  const fields = [...new URL(redirectUrl).searchParams]
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${attribute(value)}">`)
    .join('');
  return `<form method="post" action="${attribute(action)}" ${target}>${fields}</form><script>document.forms[0].submit()</script>`;
}

/** Puts a page of the tenant's own host before the redirect. */
function hop(tenant: DemoTenant, path: string, status: number, location: string): string {
  tenant.extraPages.set(path, (_request, response) => redirect(response, status, location));
  return `${tenant.origin}${path}`;
}

const bare = (redirectUrl: string): string => {
  const { origin, pathname } = new URL(redirectUrl);
  return `${origin}${pathname}`;
};

/** Every delivery of the issue, by name. */
export function deliveries(tenant: DemoTenant): Readonly<Record<string, Deliver>> {
  return {
    '302': (url, response) => redirect(response, 302, url),
    '303': (url, response) => redirect(response, 303, url),
    'a chain of redirects': (url, response) =>
      redirect(response, 302, hop(tenant, '/first', 302, hop(tenant, '/second', 303, url))),
    JavaScript: (url, response) => page(response, `<script>location.assign(${JSON.stringify(url)})</script>`),
    'meta refresh': (url, response) =>
      page(response, `<meta http-equiv="refresh" content="0;url=${attribute(url)}">`),
    'form POST': (url, response) => page(response, form(bare(url), url)),
    'POST answered by 307': (url, response) => page(response, form(hop(tenant, '/307', 307, bare(url)), url)),
    iframe: (url, response) =>
      page(response, `<iframe src="${attribute(hop(tenant, '/framed', 302, url))}"></iframe>`),
    'form POST into an iframe': (url, response) =>
      page(response, `<iframe name="inner"></iframe>${form(bare(url), url, 'target="inner"')}`),
    fetch: (url, response) =>
      page(response, `<script>fetch(${JSON.stringify(url)},{mode:'no-cors'})</script>`),
  };
}

/** Addresses that look like the redirect URI and are not: other host, path, port, scheme, loopback name. */
export function lookAlikes(redirectUri: string, otherPort: number): string[] {
  const { port } = new URL(redirectUri);
  return [
    `http://localhost:${port}.evil.example/getAToken`,
    `http://localhost.evil.example:${port}/getAToken`,
    `http://localhost:${port}/getATokenX`,
    `http://localhost:${port}/getAToken/`,
    `http://localhost:${port}/gettoken`,
    `http://localhost:${port}/`,
    `https://localhost:${port}/getAToken`,
    `http://127.0.0.1:${port}/getAToken`,
    `http://[::1]:${port}/getAToken`,
    `https://127.0.0.1:${port}/getAToken`,
    `http://localhost:${otherPort}/getAToken`,
  ];
}

/** Goes to every look-alike with a code of its own and the right state, and then to the real redirect. */
export function throughLookAlikes(urls: readonly string[]): Deliver {
  return (redirectUrl, response) => {
    const state = new URL(redirectUrl).searchParams.get('state') ?? '';
    const query = `?code=look-alike&state=${encodeURIComponent(state)}`;
    const tries = urls.map((url) => JSON.stringify(url + query));
    return page(
      response,
      `<script>
        const urls = [${tries.join(',')}];
        for (const url of urls) {
          fetch(url, { mode: 'no-cors' }).catch(() => {});
          const frame = document.createElement('iframe');
          frame.src = url;
          document.documentElement.append(frame);
        }
        (async () => {
          for (const url of urls) {
            // The first of them is no URL at all to a browser, and throws.
            try { location.assign(url); } catch (error) { console.log(String(error)); }
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
          location.assign(${JSON.stringify(redirectUrl)});
        })();
      </script>`,
    );
  };
}

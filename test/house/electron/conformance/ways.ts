import type { IncomingMessage, ServerResponse } from 'node:http';
import { html, redirect } from './stage.ts';

/** A server whose path selects a way in which a page sends a browser to the target. */
export function pageThatGoesTo(target: string) {
  const form = (method: string, more = '') =>
    `<form id=f method=${method} action="${target}" ${more}><input name=code value=C><input name=state value=S></form>`;
  return (request: IncomingMessage, response: ServerResponse): void => {
    const pages: Record<string, string> = {
      '/js': `<script>location.href = "${target}?code=C"</script>`,
      '/meta': `<meta http-equiv=refresh content="0;url=${target}?code=C">`,
      '/form': `${form('post')}<script>f.submit()</script>`,
      '/iframe': `<iframe src="${target}?code=C"></iframe>`,
      '/iframe-302': '<iframe src="/302"></iframe>',
      '/iframe-form': `<iframe name=inner></iframe>${form('post', 'target=inner')}<script>f.submit()</script>`,
      '/form-307': `<form id=f method=post action="/307"><input name=code value=C></form><script>f.submit()</script>`,
      '/fetch': `<script>fetch("${target}?code=C", { mode: "no-cors" }).catch(() => 0)</script>`,
      '/image': `<img src="${target}?code=C">`,
      '/service-worker': `<script>navigator.serviceWorker.register('/sw.js')</script>`,
      '/worker': `<script>new Worker(URL.createObjectURL(new Blob(['fetch("${target}?code=C", { mode: "no-cors" })'])))</script>`,
    };
    const page = pages[request.url ?? ''];
    if (request.url === '/sw.js') {
      response
        .setHeader('content-type', 'text/javascript')
        .end(`fetch("${target}?code=C", { mode: "no-cors" })`);
      return;
    }
    if (request.url === '/302') redirect(response, `${target}?code=C`);
    else if (request.url === '/307') redirect(response, target, 307);
    else if (request.url === '/302-302') redirect(response, '/302');
    else if (page === undefined) html(response, 'nothing');
    else html(response, page);
  };
}
export const WAYS = [
  '/302',
  '/302-302',
  '/js',
  '/meta',
  '/form',
  '/form-307',
  '/iframe',
  '/iframe-302',
  '/iframe-form',
  '/fetch',
  '/image',
  '/worker',
  '/service-worker',
];

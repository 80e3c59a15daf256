/**
 * A main-process program: the tray as it ships, and beside it a witness that says on standard output what
 * only the process itself can see, through Electron's own API. Read by testimony.ts.
 */
import { app, clipboard, type WebContents } from 'electron';

function testify(what: string, seen: unknown): void {
  process.stdout.write(`witness ${what} ${JSON.stringify(seen)}\n`);
}

/** An event as Electron makes it, and what has become of it when all listeners have run. */
function watchedEvent(): { readonly preventDefault: () => void; readonly prevented: () => boolean } {
  let prevented = false;
  return {
    preventDefault: () => {
      prevented = true;
    },
    prevented: () => prevented,
  };
}

app.on('session-created', (session) => {
  session.on('will-download', (event, item) => {
    const url = item.getURL();
    setImmediate(() => testify('will-download', { url, prevented: event.defaultPrevented }));
  });
});

/** No page of ours embeds another, so it is the witness who asks as Electron would for a `<webview>`. */
function askForWebview(contents: WebContents): void {
  const event = watchedEvent();
  contents.emit('will-attach-webview', event, {}, { src: 'https://example.test/' });
  testify('will-attach-webview', { prevented: event.prevented() });
}
app.on('web-contents-created', (_event, contents) => {
  contents.on('did-finish-load', () => askForWebview(contents));
});

// The last moment before the process is gone, when the product has put everything away.
app.on('will-quit', (event) => {
  event.preventDefault();
  void clipboard.readText().then((text) => {
    testify('clipboard at exit', text);
    app.exit(0);
  });
});

await import(new URL('../../tray/main.js', import.meta.url).href);

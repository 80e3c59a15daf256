/**
 * A main-process program: the tray as it ships, and beside it a witness that says on standard output what
 * only the process itself can see, through Electron's own API. Read by testimony.ts.
 */
import { app, clipboard, type Session, type WebContents } from 'electron';

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

const sessions: Session[] = [];
app.on('session-created', (session) => {
  sessions.push(session);
  session.on('will-download', (event, item) => {
    const url = item.getURL();
    setImmediate(() => testify('will-download', { url, prevented: event.defaultPrevented }));
  });
});

/** Of each session, before it has a page: whether it takes downloads. Answered like a real one, above. */
app.on('session-created', (session) =>
  setImmediate(() => {
    const event = { defaultPrevented: false, preventDefault: () => (event.defaultPrevented = true) };
    session.emit('will-download', event, { getURL: () => 'asked by the witness' });
  }),
);

/** Whether the page's own session knows the scheme of our pages, and how many of all do at this moment. */
function tellOfScheme(contents: WebContents): void {
  const knows = ({ protocol }: Session): boolean => protocol.isProtocolHandled('app');
  const knowing = sessions.filter(knows).length;
  testify('scheme', { own: knows(contents.session), knowing, sessions: sessions.length });
}

/** Asked each by itself: on the way of a real navigation the first one that says no hides the others. */
function askToNavigate(contents: WebContents): void {
  for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect'] as const) {
    const event = watchedEvent();
    contents.emit(name, { ...event, url: 'https://example.test/', isMainFrame: true });
    testify('navigation asked', { name, prevented: event.prevented() });
  }
}

/** No page of ours embeds another, so it is the witness who asks as Electron would for a `<webview>`. */
function askForWebview(contents: WebContents): void {
  const event = watchedEvent();
  contents.emit('will-attach-webview', event, {}, { src: 'https://example.test/' });
  testify('will-attach-webview', { prevented: event.prevented() });
}
app.on('web-contents-created', (_event, contents) => {
  contents.on('did-finish-load', () => {
    askForWebview(contents);
    if (!contents.getURL().startsWith('app:')) return;
    tellOfScheme(contents);
    askToNavigate(contents);
  });
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

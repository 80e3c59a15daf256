// A tray application that does a bit of everything, for harness.test.ts.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  Menu,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  session,
  shell,
  Tray,
} from 'electron';

app.enableSandbox();
app.setName('Sample');
if (!app.requestSingleInstanceLock({ from: 'second' })) app.exit(3);
app.on('second-instance', (_event, argv, _directory, data) =>
  say(`second ${argv.at(-1)} ${JSON.stringify(data)}`),
);
app.on('window-all-closed', () => say('no windows'));
app.on('before-quit', () => say('before-quit'));

void app.whenReady().then(start);

async function start(): Promise<void> {
  const page = await servePage();
  const tray = new Tray(process.env.SAMPLE_ICON ?? '');
  let copies = 0;
  const draw = (status: string): void => {
    tray.setToolTip(`Sample: ${status}`);
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: status, enabled: false },
        { label: 'Copy', click: () => void clipboard.writeText(`copy ${++copies}`) },
        { label: 'Notify', click: notify },
        { label: 'Open', click: () => openWindow(page) },
        { label: 'More', submenu: [{ label: 'Ask', click: () => void ask() }] },
        { label: 'Time', click: () => draw(new Date().toISOString()) },
        { label: 'Website', click: () => void shell.openExternal('https://example.com/') },
        { role: 'quit' },
      ]),
    );
  };
  const notify = (): void => {
    const notification = new Notification({ title: 'Hello', body: 'there' });
    notification.on('click', () => draw('clicked'));
    notification.show();
  };
  const ask = async (): Promise<void> => {
    const { response } = await dialog.showMessageBox({ message: 'Sure?', buttons: ['No', 'Yes'] });
    draw(`answered ${response}`);
  };
  powerMonitor.on('resume', () => draw(`resumed ${net.isOnline() ? 'online' : 'offline'}`));
  nativeTheme.on('updated', () => draw(nativeTheme.shouldUseDarkColors ? 'dark' : 'light'));
  draw('ready');
}

function openWindow(page: string): void {
  const ses = session.fromPartition('sample', { cache: false });
  ses.setPermissionRequestHandler((_webContents, permission, callback) =>
    callback(permission === 'notifications'),
  );
  const window = new BrowserWindow({
    width: 400,
    title: 'Sample window',
    webPreferences: { session: ses, sandbox: true },
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => say(`gone ${reason}`));
  window.on('closed', () => say('closed'));
  void window.loadURL(page);
}

async function servePage(): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('set-cookie', 'visited=1');
    response.setHeader('content-type', 'text/html').end(`<!doctype html><title>Form</title>
      <form onsubmit="event.preventDefault(); out.textContent = 'Hello ' + who.value + (event.submitter ? '!' : '')">
        <input id=who><select id=kind><option>a<option>b</select><button>Greet</button></form>
      <p id=out></p><script>setTimeout(() => document.body.append(Object.assign(document.createElement('i'), { id: 'late', textContent: 'late' })), 300)</script>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

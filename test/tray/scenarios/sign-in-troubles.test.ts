import { createServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createRunCertificate } from '../../../src/demo-tenant/server/certificate.ts';
import type { TrayProcess, WindowHands } from '../../house/electron/harness.ts';
import { fillSignIn, linesOf, makeWorld, type World } from '../fixtures/world.ts';

let world: World;
let tray: TrayProcess;
let consent: 'accept' | 'remembered' = 'accept';

beforeAll(async () => {
  world = await makeWorld();
  tray = await world.launch();
  await world.importEnv(tray, 'Only before it expires');
});
afterAll(() => world.close());

/** Whether somebody has signed in since the trouble. */
let isProven = false;

/** The proof after every trouble: the same application signs in, and out again, and no code got away. */
afterEach(async () => {
  world.tenant.extraPages.clear();
  await tray.waitForWindows((windows) => windows.length === 0);
  if (!isProven) {
    await finish(await begin());
    await signOut();
  }
  isProven = false;
  expect(world.trap.requests()).toEqual([]);
  expect((await tray.dialogs()).every(({ answer }) => answer !== undefined)).toBe(true);
});

const authority = (): string => new URL(world.tenant.origin).host;
const authorizePath = (): string => `/${world.tenant.tenantId}/oauth2/v2.0/authorize`;

async function finish(window: WindowHands): Promise<void> {
  await fillSignIn(window, world.tenant, consent);
  consent = 'remembered';
  isProven = true;
  await tray.waitForTray(({ menu }) => linesOf(menu)[0]?.startsWith('Signed in') === true);
  await tray.waitForWindows((windows) => windows.length === 0);
}

async function signOut(): Promise<void> {
  await tray.clickMenu('sign-out');
  await tray.waitForTray(({ menu }) => linesOf(menu)[0] === 'Signed out');
}

async function begin(): Promise<WindowHands> {
  await tray.clickMenu('sign-in');
  return tray.waitForWindow();
}

/** The open question whose message matches, and a way to press one of its buttons. */
async function question(message: RegExp): Promise<{ text: string; press: (label: string) => Promise<void> }> {
  const { options } = await tray.waitForDialog(
    ({ options, answer }) => message.test(String(options.message)) && answer === undefined,
  );
  const buttons = options.buttons as string[];
  return {
    text: `${String(options.message)}\n${String(options.detail)}`,
    press: async (label) => {
      expect(buttons).toContain(label);
      await tray.answerNextDialog({ response: buttons.indexOf(label) });
    },
  };
}

/** The authority's first page does not answer any more. */
function breakAuthorize(): void {
  world.tenant.extraPages.set(authorizePath(), (_request, response) => void response.destroy());
}

const lineWith = (text: string): Promise<unknown> =>
  tray.waitForTray(({ menu }) => linesOf(menu).some((line) => line.includes(text)));

describe('a page that cannot be loaded', () => {
  test('is loaded again on demand, and the same sign-in goes on', async () => {
    breakAuthorize();
    const window = await begin();
    const first = await question(/could not be loaded/u);
    expect(first.text).toContain(`The sign-in page at ${authority()} could not be loaded (ERR_`);
    await first.press('Try again');
    const second = await question(/could not be loaded/u);
    world.tenant.extraPages.clear();
    await second.press('Try again');
    await finish(window);
    await signOut();
  });

  test('cancelled: the attempt is over, and nobody is told twice', async () => {
    breakAuthorize();
    await begin();
    await (await question(/could not be loaded/u)).press('Cancel');
    await tray.waitForWindows((windows) => windows.length === 0);
    await lineWith('could not be loaded');
    expect((await tray.dialogs()).filter(({ answer }) => answer === undefined)).toEqual([]);
  });

  test('the window closed behind the question: the question goes away with it', async () => {
    breakAuthorize();
    const window = await begin();
    await question(/could not be loaded/u);
    await window.closeByUser();
    await lineWith('The sign-in window was closed');
    await tray.waitForDialog(
      ({ options, answer }) =>
        /could not be loaded/u.test(String(options.message)) && answer?.canceled === true,
    );
  });
});

test('a page that crashes is loaded again, and its redirect is still caught', async () => {
  const window = await begin();
  await window.waitForSelector('#username, #account-0');
  await window.crashRenderer();
  await (await question(/stopped working/u)).press('Try again');
  await finish(window);
  await signOut();
});

test('a certificate that Chromium does not accept is named, and never accepted', async () => {
  const { privateKeyPem: key, certificatePem: cert } = createRunCertificate(['localhost']);
  let reached = 0;
  const server = createServer({ key, cert }, (_request, response) => {
    reached += 1;
    response.end('a page');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  world.tenant.extraPages.set(authorizePath(), (_request, response) => {
    response.writeHead(302, { location: `https://${host}/adfs` }).end();
  });
  await begin();
  const box = await question(/certificate/u);
  expect(box.text).toContain(`The certificate of ${host} is not trusted (ERR_CERT_`);
  expect(box.text).toContain('Do not enter a password there.');
  expect(reached).toBe(0);
  await box.press('Cancel');
  await tray.waitForWindows((windows) => windows.length === 0);
  server.close();
  expect(await tray.calls('Session.setCertificateVerifyProc')).toEqual([]);
});

describe('a window that a page opens', () => {
  test('is refused where it has no https address', async () => {
    const window = await begin();
    await window.waitForSelector('#username, #account-0');
    for (const address of ['http://example.test/', 'about:blank', 'data:text/html,x', '']) {
      await window.evaluate(`void window.open(${JSON.stringify(address)}, '_blank', 'width=300')`);
      await window.evaluate('new Promise((resolve) => setTimeout(resolve, 300))');
      expect(await tray.windows(), address).toHaveLength(1);
    }
    await window.closeByUser();
  });

  test('is locked down as the first, says its host, catches the redirect, and goes with the attempt', async () => {
    const window = await begin();
    await window.waitForSelector('#username, #account-0');
    const address = String(await window.evaluate('location.href'));
    await window.evaluate(`void window.open(${JSON.stringify(address)}, '_blank', 'width=300')`);
    const [first, second] = await tray.waitForWindows((windows) => windows.length === 2);
    expect(second!.webPreferences).toEqual(first!.webPreferences);
    expect(second!.partition).toBe(first!.partition);
    const popUp = tray.window(second!.id);
    await tray.waitForWindow(({ id, title }) => id === second!.id && title === `Sign in: ${authority()}`);
    await popUp.evaluate("document.title = 'Your bank'");
    expect(await popUp.askPermission('media')).toEqual({ check: false, request: false });
    await finish(popUp);
    await signOut();
  });
});

test('a page that does not want to be left is left all the same', async () => {
  const window = await begin();
  await window.waitForSelector('#username, #account-0');
  await window.evaluate("addEventListener('beforeunload', (event) => event.preventDefault())");
  await window.closeByUser();
  await lineWith('The sign-in window was closed');
});

test('Edit entries by the right mouse button, and zoom by keys', async () => {
  const window = await begin();
  await window.waitForSelector('#username, #account-0');
  await window.evaluate(
    "document.body.append(Object.assign(document.createElement('input'), { id: 'field' }))",
  );
  const menu = await window.contextMenu('#field');
  expect(menu?.filter(({ enabled }) => enabled).map(({ role }) => role)).toContain('paste');
  expect(await window.contextMenu('h1')).toBeNull();
  for (const key of ['Control++', 'Control++', 'Control+-', 'Control+0']) await window.press(key);
  const levels = (await tray.calls('WebContents.setZoomLevel')).map(({ args }) => args[0]);
  expect(levels).toEqual([1, 2, 1, 0]);
  await window.closeByUser();
});

describe('a server that asks for a client certificate', () => {
  const certificates = [
    { subjectName: 'Ada', issuerName: 'Corp CA', validExpiry: Date.UTC(2027, 0, 31) / 1000 },
    { subjectName: 'Ada (old)', issuerName: 'Corp CA', validExpiry: Date.UTC(2026, 0, 31) / 1000 },
  ];

  test('gets the one that the user chooses, or none', async () => {
    const window = await begin();
    await window.waitForSelector('#username, #account-0');
    let answer = window.askClientCertificate('https://certauth.example.test/x', certificates);
    let box = await question(/certauth\.example\.test asks for a certificate/u);
    expect(box.text).toContain('2. Ada (old), issued by Corp CA, valid until 2026-01-31');
    await box.press('2. Ada (old)');
    expect(await answer).toEqual({ by: 'product', subjectName: 'Ada (old)' });

    answer = window.askClientCertificate('https://certauth.example.test/x', certificates);
    box = await question(/asks for a certificate/u);
    await box.press('Continue without a certificate');
    expect(await answer).toEqual({ by: 'product', subjectName: null });

    answer = tray.askClientCertificate('https://certauth.example.test/x', certificates);
    await question(/asks for a certificate/u);
    await window.closeByUser();
    expect(await answer).toEqual({ by: 'product', subjectName: null });
  });

  test('gets none while nobody signs in, and nobody is asked', async () => {
    const before = (await tray.dialogs()).length;
    expect(await tray.askClientCertificate('https://login.example.test/', certificates)).toEqual({
      by: 'product',
      subjectName: null,
    });
    expect(await tray.dialogs()).toHaveLength(before);
  });
});

test('a server that asks for a password of its own is named', async () => {
  world.tenant.extraPages.set(authorizePath(), (_request, response) => {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end('no');
  });
  await begin();
  const box = await question(/asks for its own user name/u);
  expect(box.text).toContain(authority());
  await box.press('Cancel');
});

describe('another account than the one that the session belongs to', () => {
  /** A restarted application has the session and no cookies; Bob signs in where Ada is expected. */
  async function signInAsBob(): Promise<Awaited<ReturnType<typeof question>>> {
    await finish(await begin());
    isProven = false;
    await tray.quit();
    tray = await world.launch({ home: tray.home });
    await tray.waitForTray(({ menu }) => linesOf(menu)[0]?.startsWith('Signed in') === true);
    await asBob(await begin());
    const box = await question(/this session belongs to/u);
    const [ada, bob] = world.tenant.users;
    expect(box.text).toContain(
      `You signed in as ${bob!.username}, but this session belongs to ${ada!.username}`,
    );
    return box;
  }

  let consentOfBob: 'accept' | 'remembered' = 'accept';
  async function asBob(window: WindowHands): Promise<void> {
    const [, bob] = world.tenant.users;
    await window.fill('#username', bob!.username);
    await window.fill('#password', bob!.password);
    await window.click('#sign-in');
    if (consentOfBob === 'accept') await window.click('#consent #accept');
    consentOfBob = 'remembered';
  }

  const signedInAs = (who: string): Promise<unknown> =>
    tray.waitForTray(({ menu }) => linesOf(menu)[0] === `Signed in as ${who}`);

  test('cancelled: the session goes on as it was', async () => {
    const box = await signInAsBob();
    // The window is shown behind its question (message-box.ts); whoever asks for it again gets no other.
    await tray.clickMenu('sign-in');
    expect((await tray.windows()).map(({ visible }) => visible)).toEqual([true]);
    await box.press('Cancel');
    await tray.waitForWindows((windows) => windows.length === 0);
    await signedInAs(world.tenant.users[0]!.username);
    await signOut();
  });

  test('“Sign in again” asks who, without what the other account left behind', async () => {
    const box = await signInAsBob();
    const [first] = await tray.windows();
    await box.press('Sign in again');
    await finish(await tray.waitForWindow(({ id, url }) => id !== first!.id && url.includes('authorize')));
    await signedInAs(world.tenant.users[0]!.username);
    await signOut();
  });

  test('“Use …” replaces the session, without a second sign-in', async () => {
    const [, bob] = world.tenant.users;
    const box = await signInAsBob();
    const codes = (): number =>
      world.tenant.requests.filter(({ grantType }) => grantType === 'authorization_code').length;
    const before = codes();
    await box.press(`Use ${bob!.username}`);
    await signedInAs(bob!.username);
    await tray.waitForWindows((windows) => windows.length === 0);
    expect(codes()).toBe(before);
    await signOut();
  });
});

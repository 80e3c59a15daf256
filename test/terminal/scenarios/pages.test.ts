import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startKeyring, type Keyring } from '../../house/fixtures/keyring.ts';
import { Tokentray, type Serving } from '../fixtures/command.ts';
import { makeDemoHome, type DemoHome } from '../fixtures/demo-home.ts';

/** Set it to look at the pages: each is put there as a picture, light and dark. */
const { TOKENTRAY_SCREENSHOTS: pictures } = process.env;

let keyring: Keyring;
let home: DemoHome;
let tokentray: Tokentray;
let serving: Serving;
let browser: Browser;

beforeAll(async () => {
  keyring = await startKeyring();
  home = await makeDemoHome(keyring.env);
  tokentray = new Tokentray(home.env);
  serving = await tokentray.serve('--from-env', home.envFile);
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', `--ignore-certificate-errors-spki-list=${home.tenant.certificateSpkiSha256}`],
  });
});

afterAll(async () => {
  await browser.close();
  tokentray.killAll();
  await home.tenant.close();
  await keyring.stop();
});

/** A browser of its own; what a page complains about ends up in `complaints`. */
async function newBrowser(): Promise<{ context: BrowserContext; page: Page; complaints: string[] }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  return { context, page, complaints };
}

async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: path.join(pictures, `${name}-${colorScheme}.png`) });
  }
}

const at = (address: string): string => `http://localhost:${home.port}${address}`;

async function fillSignIn(page: Page): Promise<void> {
  const [user] = home.tenant.users;
  await page.fill('input[name=username]', user?.username ?? '');
  await page.fill('input[name=password]', user?.password ?? '');
  await page.click('button[value=sign-in]');
  const accept = page.locator('button[value=accept]');
  await accept.or(page.locator('.app')).first().waitFor();
  if (await accept.isVisible()) await accept.click();
}

test('in Chromium: ticket, sign-in pages, and / with name, mail and the head of the token', async () => {
  const [user] = home.tenant.users;
  const { context, page, complaints } = await newBrowser();

  // A page of somebody else's cannot use the ticket up: not as a link, an image, a frame or a fetch.
  const ticketUrl = serving.ticketUrl ?? '';
  const evil = await context.newPage();
  await evil.route('http://evil.example/', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<a href="${ticketUrl}">link</a><img src="${ticketUrl}"><iframe src="${ticketUrl}"></iframe>
        <script>fetch(${JSON.stringify(ticketUrl)}, { mode: 'no-cors', credentials: 'include' }).catch(() => 0)</script>`,
    }),
  );
  await evil.goto('http://evil.example/', { waitUntil: 'networkidle' });
  await evil.click('a');
  await evil.getByText('was opened by another page or program').waitFor();
  await picture(evil, 'not-opened');
  await evil.close();

  await page.goto(ticketUrl);
  await fillSignIn(page);
  await page.getByRole('heading', { name: `Signed in as ${user?.name ?? '?'}` }).waitFor();
  expect(page.url()).toBe(at('/'));
  const { out: token } = await tokentray.run('token');
  // What the script shows comes from this host: whose token it is, and what its authority says of it.
  await page.getByText('Signature: not verifiable by design').waitFor();
  const text = await page.locator('body').innerText();
  expect(text).toContain(user?.username);
  expect(text).toContain(`${token.slice(0, 50)}…`);
  const [, payload = '', signature = ''] = token.split('.');
  const markup = await page.content();
  for (const part of [payload, signature]) expect(markup).not.toContain(part);
  expect(await page.locator('[data-action]').count()).toBe(0);
  await picture(page, 'signed-in');
  // The style is applied although everything else is forbidden, and nothing was refused.
  const border = await page.evaluate("getComputedStyle(document.querySelector('.card')).borderTopWidth");
  expect(border).toBe('1px');
  expect(complaints.filter((text) => !text.includes('favicon'))).toEqual([]);

  // "Back" to the used ticket does not ask for anything again.
  await page.goto(ticketUrl);
  expect(page.url()).toBe(at('/'));
  await context.close();
});

test('in Chromium: a second browser gets nowhere, and failures are readable', async () => {
  const { context, page } = await newBrowser();
  await page.goto(at('/'));
  await page.getByText('shown only in the browser that opened the sign-in address').waitFor();
  await picture(page, 'no-cookie');
  await page.goto(at('/getAToken?code=c&state=s'));
  await page.getByText('was started in another browser').waitFor();

  await tokentray.run('sign-out');
  home.tenant.faults.authorizeError = { error: 'access_denied', code: 65004, times: 1 };
  await page.goto((await tokentray.run('sign-in')).out.trim());
  await page.getByRole('alert').waitFor();
  expect(page.url()).toBe(at('/'));
  await picture(page, 'denied');
  await page.getByRole('link', { name: 'Sign in' }).click();
  await fillSignIn(page);
  await page.getByRole('heading', { name: 'Signed in as' }).waitFor();
  await context.close();
});

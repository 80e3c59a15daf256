// Debian's Chromium fills in the pages as a user would. With DEMO_TENANT_SCREENSHOTS=<folder> it also takes
// pictures of every page, light and dark.
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import type { DemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import { authorizeUrl } from '../client.ts';

/** Only limits a hang: Chromium alone takes several seconds to start on a busy machine. */
const HANG_LIMIT_MS = 60_000;

let tenant: DemoTenant;
let browser: Browser;
let application: Application;
beforeAll(async () => {
  tenant = await startDemoTenant();
  application = await startApplication();
  tenant.client.redirectUris.push(`${application.url}/getAToken`);
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--ignore-certificate-errors-spki-list=${tenant.certificateSpkiSha256}`,
    ],
  });
}, HANG_LIMIT_MS);
afterAll(async () => {
  await browser.close();
  application.server.close();
  await tenant.close();
});

interface Application {
  server: Server;
  url: string;
  /** The requests to the redirect URI. */
  received: { method: string; parameters: URLSearchParams }[];
}

async function startApplication(): Promise<Application> {
  const received: Application['received'] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '' } = request;
      const query = method === 'POST' ? Buffer.concat(chunks).toString() : new URL(url, 'http://x').search;
      if (url.startsWith('/getAToken')) received.push({ method, parameters: new URLSearchParams(query) });
      response.end('Welcome');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://localhost:${(server.address() as AddressInfo).port}`, received };
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.DEMO_TENANT_SCREENSHOTS;
  if (folder === undefined) return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
  }
}

test(
  'a user signs in, consents, picks an account, and sees errors',
  async () => {
    const context = await browser.newContext({ viewport: { width: 520, height: 640 } });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    const open = (parameters: Record<string, string> = {}) =>
      page.goto(authorizeUrl(tenant, { redirect_uri: `${application.url}/getAToken`, ...parameters }));
    const arrive = async () => {
      await page.getByText('Welcome').waitFor();
      return application.received.at(-1);
    };

    await open();
    await picture(page, 'login');
    await page.fill('#username', tenant.users[0]!.username);
    await page.fill('#password', 'wrong');
    await page.click('#sign-in');
    await page.waitForSelector('#problem');
    await picture(page, 'login-wrong');
    await page.fill('#password', 'demo');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#consent');
    await picture(page, 'consent');
    await page.click('#accept');
    expect((await arrive())?.parameters.get('code')).toBeTruthy();

    await open({ prompt: 'login' });
    await page.fill('#username', tenant.users[1]!.username);
    await page.fill('#password', 'demo');
    await page.click('#sign-in');
    await page.click('#cancel');
    expect((await arrive())?.parameters.get('error')).toBe('access_denied');

    await open({ prompt: 'select_account', response_mode: 'form_post' });
    await picture(page, 'accounts');
    await page.getByRole('button', { name: 'Demo User' }).click();
    const posted = await arrive();
    expect(posted?.method).toBe('POST');
    expect(posted?.parameters.get('state')).toBe('the-state');

    const quiet = problems.length;
    await open({ redirect_uri: 'https://evil.example/' });
    expect(await page.textContent('#error-code')).toBe('AADSTS50011');
    await picture(page, 'error');
    // Chromium may report the error page's status 400, but no problems with styles and scripts.
    expect(problems.slice(0, quiet)).toEqual([]);
  },
  HANG_LIMIT_MS,
);

// A picture of every state, to be looked at: `node assets/tray/sheet.mjs OUT.png`. Icons as they ship, on
// the grounds they are made for (and, for Linux, on the wrong one), with the tooltip and the menu that the
// product's own projection makes.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const [out] = process.argv.slice(2);
if (out === undefined) {
  process.stderr.write('usage: node assets/tray/sheet.mjs OUT.png\n');
  process.exit(2);
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The product's own decisions, without Electron. */
async function product() {
  const { outputFiles } = await build({
    stdin: {
      contents:
        "export { trayView } from './src/tray/projection.ts'; export { problem } from './src/agent/problem.ts';",
      resolveDir: root,
      loader: 'ts',
    },
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

const { trayView, problem } = await product();

const now = new Date(2026, 0, 15, 14, 2).getTime();
const minutes = (count) => now + count * 60_000;
const account = { homeAccountId: 'a', tenantId: 't', username: 'ada@contoso.example', name: 'Ada' };
const revoked = problem('interaction', 'revoked', { detail: 'AADSTS50173' });
const unreachable = problem('transient', 'offline', {
  host: 'login.microsoftonline.com',
  detail: 'ENOTFOUND',
});
const wrongSecret = problem('admin', 'wrong-secret', { detail: 'AADSTS7000215' });
const noKeyring = problem('storage', 'storage.unavailable', { detail: 'no D-Bus session' });

const signedOut = { kind: 'signed-out' };
const good = { kind: 'signed-in', account, expiresOn: minutes(48) };
const expired = { kind: 'signed-in', account, expiresOn: minutes(-12) };
const needed = { kind: 'sign-in-needed', account, expiresOn: minutes(20), reason: revoked };
const idle = { kind: 'idle' };
const waiting = { kind: 'waiting', nextTryAt: minutes(2) };
const ok = { kind: 'ok' };
const offline = { kind: 'offline', since: minutes(-5), reason: unreachable };

const profile = (session, activity = idle, health = ok, more = {}) => ({
  id: 'work',
  name: 'Work',
  extraScopes: [],
  nextScheduledAt: session.kind === 'signed-out' ? undefined : minutes(17 * 60 - 2),
  status: { session, activity, health, storage: ok },
  ...more,
});
const storageTrouble = (facts) => ({
  ...facts,
  status: { ...facts.status, storage: { kind: 'trouble', reason: noKeyring } },
});
const rAndD = { id: 'rd', name: 'R&D <b>', extraScopes: [['https://vault.azure.net/.default']] };

const cases = [
  ['Nothing configured', []],
  ['Signed out', [profile(signedOut)]],
  ['The first sign-in', [profile(signedOut, { kind: 'signing-in' })]],
  ['Signed in', [profile(good)]],
  ['Just copied', [profile(good)], { sentence: 'Copied, good until 14:50', profile: 'work' }],
  ['Refreshing', [profile(good, { kind: 'refreshing', cause: 'schedule' })]],
  ['Offline', [profile(good, waiting, offline)]],
  ['Offline, and expired', [profile(expired, waiting, offline)]],
  ['Sign-in needed', [profile(needed)]],
  ['Registration to mend', [profile(good, waiting, { kind: 'configuration', reason: wrongSecret })]],
  ['No keyring', [storageTrouble(profile(good))]],
  ['Two profiles', [profile(good), profile(needed, idle, ok, rAndD)]],
];

const escape = (text) =>
  String(text).replace(/[&<>"]/gu, (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[one]);

const TYPES = { png: 'image/png', ico: 'image/x-icon' };
async function picture(file) {
  const bytes = await readFile(new URL(file, import.meta.url));
  return `data:${TYPES[file.split('.').at(-1)]};base64,${bytes.toString('base64')}`;
}

async function grounds(icon) {
  const shown = [
    ['macOS', 'light', `mac/${icon}Template@2x.png`, 16],
    // macOS draws a template's shape in the colour of its menu bar's text.
    ['macOS', 'dark template', `mac/${icon}Template@2x.png`, 16],
    ['Windows', 'light', `win/light/${icon}.ico`, 16],
    ['Windows', 'dark', `win/dark/${icon}.ico`, 16],
    ['Linux', 'light', `linux/light/${icon}@2x.png`, 22],
    ['Linux', 'dark', `linux/dark/${icon}@2x.png`, 22],
    ['guess wrong', 'dark', `linux/light/${icon}@2x.png`, 22],
    ['guess wrong', 'light', `linux/dark/${icon}@2x.png`, 22],
  ];
  const cells = shown.map(
    async ([label, ground, file, edge]) =>
      `<figure class="${ground}"><img src="${await picture(file)}" width="${edge}" height="${edge}"><figcaption>${label}</figcaption></figure>`,
  );
  return (await Promise.all(cells)).join('');
}

function entries(menu) {
  return menu
    .map((entry) => {
      switch (entry.kind) {
        case 'separator':
          return '<hr>';
        case 'line':
          return `<p class="line">${escape(entry.text)}</p>`;
        case 'action': {
          const mark = entry.mark === undefined ? '' : entry.mark === 'on' ? '☑ ' : '☐ ';
          return `<p class="${entry.state}">${mark}${escape(entry.text)}</p>`;
        }
        case 'submenu':
          return `<p class="${entry.state}">${escape(entry.text)} ▸</p><div class="sub">${entries(entry.entries)}</div>`;
      }
    })
    .join('');
}

async function card([title, profiles, news]) {
  const { icon, tooltip, menu } = trayView({
    profiles,
    defaultProfile: 'work',
    news,
    startAtLogin: 'on',
    now,
  });
  return `<article><h2>${escape(title)} <small>${icon}</small></h2><div class="grounds">${await grounds(icon)}</div><pre>${escape(tooltip)}</pre><div class="menu">${entries(menu)}</div></article>`;
}

const style = `
body { margin: 16px; font: 13px/1.35 system-ui, sans-serif; background: #fff; color: #1b1f24; }
main { columns: 4; column-gap: 16px; }
article { break-inside: avoid; border: 1px solid #d0d7de; border-radius: 8px; padding: 10px; margin-bottom: 16px; }
h2 { font-size: 14px; margin: 0 0 8px; } small { font-weight: normal; color: #57606a; }
.grounds { display: grid; grid-template-columns: repeat(4, 1fr); gap: 4px; }
figure { margin: 0; padding: 7px 4px 3px; border-radius: 4px; text-align: center; }
figure img { display: block; margin: 0 auto 3px; height: auto; }
figcaption { font-size: 9px; }
.light { background: #eceff2; color: #24292f; } .dark { background: #202225; color: #d0d7de; }
.template img { filter: invert(1); }
pre { font: inherit; background: #fff8c5; border: 1px solid #d4c98a; border-radius: 4px; padding: 4px 8px; margin: 8px 0; white-space: pre-wrap; }
.menu { background: #f6f8fa; border: 1px solid #d0d7de; border-radius: 6px; padding: 4px 0; }
.menu p { margin: 0; padding: 2px 12px; } .line, .disabled { color: #848d97; }
.menu hr { border: 0; border-top: 1px solid #d0d7de; margin: 4px 0; }
.sub { margin-left: 14px; border-left: 2px solid #d0d7de; }`;

const browser = await chromium.launch({
  executablePath: process.env.TOKENTRAY_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const page = await browser.newPage({ viewport: { width: 1360, height: 900 }, deviceScaleFactor: 2 });
const cards = await Promise.all(cases.map(card));
await page.setContent(
  `<!doctype html><meta charset="utf-8"><style>${style}</style><main>${cards.join('')}</main>`,
);
await writeFile(out, await page.screenshot({ fullPage: true }));
await browser.close();

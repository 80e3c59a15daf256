// Draws an overview of every state for review: `node assets/tray/sheet.mjs OUT.png`. It shows the shipped icons on
// the panels they are made for (and, for Linux, on the wrong one), with the tooltip and menu that the product's own
// projection makes: first whole menus, then every state that the product can reach.
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

/** The product's own code, without Electron. */
async function product() {
  const { outputFiles } = await build({
    stdin: {
      contents:
        "export { openedMenu, trayView } from './src/tray/menu/projection.ts';" +
        "export { iconFile } from './src/tray/menu/icons.ts';" +
        "export { initialStatus, nextStatus } from './src/agent/status/status.ts';" +
        "export { problem } from './src/words/problem.ts';",
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

const { iconFile, initialStatus, nextStatus, openedMenu, problem, trayView } = await product();

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
  signIn: 'window',
  redirectUri: 'http://localhost:5000/getAToken',
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
  ['Opened on Windows', [profile(good)], undefined, openedMenu],
];

/**
 * What can happen to a profile. A storage failure only adds a line to each state (test/tray/menu/projection.test.ts),
 * so it is shown among the menus instead.
 */
const restored = { kind: 'restored', account };
const events = [
  { ...restored, expiresOn: minutes(48) },
  { ...restored, expiresOn: minutes(-12) },
  { ...restored, expiresOn: undefined },
  { kind: 'sign-in-started' },
  { kind: 'sign-in-failed', problem: wrongSecret },
  { kind: 'signed-in', account, expiresOn: minutes(48) },
  { kind: 'refresh-started', cause: 'schedule' },
  { kind: 'refreshed', account, expiresOn: minutes(48) },
  ...[revoked, unreachable, wrongSecret].map((reason) => ({
    kind: 'refresh-failed',
    problem: reason,
    at: minutes(-5),
    nextTryAt: minutes(2),
  })),
  { kind: 'refresh-dropped' },
  { kind: 'signed-out' },
];

/** The agent restores a session once, and refreshes only if there is one. */
function canHappen({ kind }, status) {
  if (kind === 'restored') return status === initialStatus;
  return status.session.kind !== 'signed-out' || !kind.startsWith('refresh');
}

const leftOf = ({ expiresOn }) =>
  expiresOn === undefined ? 'no token' : expiresOn > now ? 'token' : 'expired';

function nameOf({ session, activity, health }) {
  return [
    session.kind === 'signed-out' ? session.kind : `${session.kind} (${leftOf(session)})`,
    activity.kind,
    health.kind,
  ].join(' · ');
}

/** Every status that the events can reach from the first one, by name. */
function reachable() {
  const found = new Map([[nameOf(initialStatus), initialStatus]]);
  // A Map's iteration includes entries added during it.
  for (const status of found.values()) {
    for (const event of events.filter((one) => canHappen(one, status))) {
      const next = nextStatus(status, event);
      if (!found.has(nameOf(next))) found.set(nameOf(next), next);
    }
  }
  return [...found].toSorted(([one], [other]) => one.localeCompare(other, 'en'));
}

const escape = (text) =>
  String(text).replace(/[&<>"]/gu, (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[one]);

const TYPES = { png: 'image/png', ico: 'image/x-icon' };
async function picture(file) {
  const bytes = await readFile(new URL(file, import.meta.url));
  return `data:${TYPES[file.split('.').at(-1)]};base64,${bytes.toString('base64')}`;
}

/** The file that the product uses, in double size if available. */
const fileOf = (icon, platform, theme) => iconFile(icon, platform, theme).replace(/\.png$/u, '@2x.png');

const shown = [
  ['macOS', 'light', 'darwin', 'light', 16],
  // macOS draws a template image in the color of the menu bar's text.
  ['macOS', 'dark template', 'darwin', 'dark', 16],
  ['Windows', 'light', 'win32', 'light', 16],
  ['Windows', 'dark', 'win32', 'dark', 16],
  ['Linux', 'light', 'linux', 'light', 22],
  ['Linux', 'dark', 'linux', 'dark', 22],
];
const guessedWrong = [
  ['guess wrong', 'dark', 'linux', 'light', 22],
  ['guess wrong', 'light', 'linux', 'dark', 22],
];

async function grounds(icon, places) {
  const cells = places
    .map(([label, ground, platform, theme, edge]) => [label, ground, fileOf(icon, platform, theme), edge])
    .map(
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

const factsOf = (profiles, news) => ({ profiles, defaultProfile: 'work', news, startAtLogin: 'on', now });

async function card([title, profiles, news, menuOf = (facts) => trayView(facts).menu]) {
  const facts = factsOf(profiles, news);
  const { icon, tooltip } = trayView(facts);
  return `<article><h2>${escape(title)} <small>${icon}</small></h2><div class="grounds">${await grounds(icon, [...shown, ...guessedWrong])}</div><pre>${escape(tooltip)}</pre><div class="menu">${entries(menuOf(facts))}</div></article>`;
}

/** A state in short: icons, tooltip, the menu's lines, and disabled entries. */
async function row([name, status]) {
  const { icon, tooltip, menu } = trayView(factsOf([{ ...profile(status.session), status }], undefined));
  const lines = entries(menu.filter(({ kind }) => kind === 'line'));
  const greyed = menu.filter(({ state }) => state === 'disabled').map(({ text }) => text);
  return `<article><h2>${escape(name)} <small>${icon}</small></h2><div class="grounds short">${await grounds(icon, shown)}</div><pre>${escape(tooltip)}</pre><div class="menu">${lines}</div><p class="greyed">${greyed.length === 0 ? 'nothing greyed out' : `greyed out: ${escape(greyed.join(' · '))}`}</p></article>`;
}

const style = `
body { margin: 16px; font: 13px/1.35 system-ui, sans-serif; background: #fff; color: #1b1f24; }
main { columns: 5; column-gap: 16px; } main.states { columns: 6; }
article { break-inside: avoid; border: 1px solid #d0d7de; border-radius: 8px; padding: 10px; margin-bottom: 16px; }
h2 { font-size: 14px; margin: 0 0 8px; } small { font-weight: normal; color: #57606a; }
.grounds { display: grid; grid-template-columns: repeat(4, 1fr); gap: 4px; }
figure { margin: 0; padding: 7px 4px 3px; border-radius: 4px; text-align: center; }
figure img { display: block; margin: 0 auto 3px; height: auto; }
figcaption { font-size: 9px; } .short { grid-template-columns: repeat(6, 1fr); }
h1 { font-size: 18px; margin: 8px 0 12px; } .greyed { margin: 6px 0 0; font-size: 11px; color: #57606a; }
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
const page = await browser.newPage({ viewport: { width: 1800, height: 900 }, deviceScaleFactor: 1.5 });
const cards = await Promise.all(cases.map(card));
const states = reachable();
const rows = await Promise.all(states.map(row));
await page.setContent(
  `<!doctype html><meta charset="utf-8"><style>${style}</style><h1>Whole menus</h1><main>${cards.join('')}</main><h1>Every state that can be reached (${states.length})</h1><main class="states">${rows.join('')}</main>`,
);
await writeFile(out, await page.screenshot({ fullPage: true }));
await browser.close();

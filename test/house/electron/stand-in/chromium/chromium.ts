// Starts Debian's Chromium for the windows. It ends when this process does, whatever way: its debugging
// pipe closes.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { removeDirectory } from '../../remove-directory.ts';

/** What the stand-in must never block on its own, or what would talk to the world. */
const DISABLED_FEATURES = [
  'AiModeOmniboxEntryPoint',
  'BackForwardCache',
  'DialMediaRouteProvider',
  'HttpsUpgrades',
  'LocalNetworkAccessChecks',
  'MediaRouter',
  'OptimizationHints',
  'Prerender2',
  'Translate',
  // Two hidden pages of Chromium's own for every window.
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxPopup',
];

const BASE_ARGUMENTS = [
  '--headless=new',
  '--remote-debugging-pipe',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--no-startup-window',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-client-side-phishing-detection',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-popup-blocking',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--disable-sync',
  '--metrics-recording-only',
  '--password-store=basic',
  '--use-mock-keychain',
  '--site-per-process',
];

/** A running Chromium and the two ends of its debugging pipe. */
export interface Chromium {
  process: ChildProcess;
  input: Writable;
  output: Readable;
}

/**
 * Chrome's own predictor opens connections, and for https greets, before a request is even asked about.
 * It belongs to the browser, not to the engine that Electron embeds.
 */
function writePreferences(profile: string): void {
  const directory = path.join(profile, 'Default');
  mkdirSync(directory, { recursive: true });
  const never = { net: { network_prediction_options: 2 } };
  writeFileSync(path.join(directory, 'Preferences'), JSON.stringify(never));
}

/**
 * Starts Chromium with a temporary profile, which is deleted when this process exits.
 * @param switches those the program appended to Electron's command line before its first window
 */
export function startChromium(switches: readonly string[]): Chromium {
  const profile = mkdtempSync(path.join(tmpdir(), 'stand-in-chromium-'));
  writePreferences(profile);
  const extra = JSON.parse(process.env.STANDIN_CHROMIUM_ARGS ?? '[]') as string[];
  const child = spawn(
    process.env.STANDIN_CHROMIUM ?? '/usr/bin/chromium',
    [
      ...BASE_ARGUMENTS,
      `--disable-features=${DISABLED_FEATURES.join(',')}`,
      `--user-data-dir=${profile}`,
      // Straight, whatever this machine's environment says, unless a test brings a proxy of its own.
      ...(extra.some((one) => one.startsWith('--proxy-server=')) ? [] : ['--no-proxy-server']),
      ...extra,
      ...switches,
    ],
    { stdio: ['ignore', 'ignore', process.env.STANDIN_CHROMIUM_LOG ? 'inherit' : 'ignore', 'pipe', 'pipe'] },
  );
  process.once('exit', () => {
    child.kill('SIGKILL');
    removeDirectory(profile);
  });
  const [, , , input, output] = child.stdio;
  return { process: child, input: input as Writable, output: output as Readable };
}

// Starts Debian's Chromium for the windows. It quits with this process, however that ends, because its debugging
// pipe closes.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { removeDirectory } from '../../remove-directory.ts';

/** Features that block requests on their own, or use the network. */
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
 * Switches off Chrome's predictor, which opens connections before a request can be stopped. It is part of the
 * browser, not of the engine that Electron embeds.
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
      // Without the proxy of this machine's environment, unless a test gives one.
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

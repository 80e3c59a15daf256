// The behaviours of Electron that Tokentray relies on, each as a small main-process program. Bundled and
// started as an Electron app by conformance.test.ts, on the stand-in or on a real Electron. Results are
// lines on stdout: `CONFORMANCE {"name":…,"error":…}`.
import { app } from 'electron';
// Behaviours run in the order of these imports. First what must happen before 'ready'.
import { resolverTrap } from './subjects/start.ts';
import './subjects/web-request.ts';
import './subjects/navigation.ts';
import './subjects/windows.ts';
import './subjects/pop-ups.ts';
import './subjects/sessions.ts';
import './subjects/custom-scheme.ts';
import './subjects/desktop.ts';
import './subjects/life.ts';
import './subjects/net-request.ts';
import { roles } from './roles.ts';
import { behaviours, closers } from './stage.ts';

async function runAll(): Promise<void> {
  const on = 'electron' in process.versions ? 'electron' : 'stand-in';
  process.stdout.write(`conformance on: ${on}\n`);
  // Behaviours close all their windows; only the last section asks what that means.
  const stay = (): void => undefined;
  app.on('window-all-closed', stay);
  const only = new RegExp(process.env.CONFORMANCE_ONLY ?? '');
  for (const [name, program] of behaviours) {
    if (!only.test(name)) continue;
    const started = performance.now();
    const error = await program().then(
      () => null,
      (reason: unknown) => (reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)),
    );
    for (const close of closers.splice(0).reverse()) await close();
    const ms = Math.round(performance.now() - started);
    process.stdout.write(`CONFORMANCE ${JSON.stringify({ name, error, ms })}\n`);
  }
  await resolverTrap.close();
  app.exit(0);
}

const role = process.env.CONFORMANCE_ROLE;
void app.whenReady().then(() => (role === undefined ? runAll() : roles[role]?.()));

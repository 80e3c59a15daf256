import { chmod, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { problem, ProblemError } from '../../words/problem.ts';
import { thisMachine, type Places } from '../../system/places.ts';
import type { StorageChoice } from '../../vault/store/storage-choice.ts';
import { absent } from '../../system/files/error-code.ts';
import { writeWhole } from '../../system/files/whole-file.ts';
import type { ExitCode } from '../../outlets/answer/answer.ts';
import { say } from '../../words/say.ts';
import type { Format, ServiceCommand } from '../command-line/command.ts';
import { whileWaiting } from '../output/progress.ts';
import { printJson } from '../output/report.ts';
import { runStep, type RunStep } from './control.ts';
import type { ServiceFacts } from './facts.ts';
import { planService, type RunningProgram, type ServicePlan } from './plan.ts';
import { isSealed } from './seal.ts';
import { usableSettings } from '../settings/settings-look.ts';
import type { Terminal } from '../output/terminal.ts';

/** As every unit and agent: it holds no secret, and launchd wants nobody else to write it. */
const FILE_MODE = 0o644;

/**
 * `tokentray service`: shows the file by which systemd or launchd runs `tokentray serve`, makes it and starts the
 * service, or takes both away. A file that somebody has changed is neither written over nor removed.
 * @throws ProblemError `service.*`, `settings.unusable`; the file system's error
 */
export async function runService(
  { action, credentialFile, format }: ServiceCommand,
  places: Places,
  terminal: Terminal,
  run: RunStep = runStep,
): Promise<ExitCode> {
  const machine = thisMachine();
  if (action === 'uninstall') {
    const plan = planService({ machine, running: runningProgram(), credential: undefined });
    return uninstall(plan, format, terminal, run);
  }
  const { storage = 'auto' } = usableSettings(places.settingsFile) ?? {};
  const credential = credentialOf(storage, credentialFile);
  const plan = planService({ machine, running: runningProgram(), credential });
  if (action === 'print') {
    const { manager, file, text } = plan;
    if (format === 'json') printJson(terminal, { manager, file, text });
    else terminal.out(text.trimEnd());
    return 0;
  }
  if (credential !== undefined && credential.file === undefined) {
    throw new ProblemError(problem('usage', 'service.credential-missing', { name: credential.name }));
  }
  const code = await install(plan, format, terminal, run);
  if (typeof storage === 'object' && storage.key.kind === 'passphrase')
    terminal.err(say('cli.service.passphrase'));
  return code;
}

async function install(
  plan: ServicePlan,
  format: Format,
  terminal: Terminal,
  run: RunStep,
): Promise<ExitCode> {
  const { manager, file } = plan;
  const outcome = await write(plan);
  terminal.err(say(outcome === 'unchanged' ? 'cli.service.unchanged' : 'cli.service.written', { file }));
  const isReached = (await run(plan.reach)) === undefined;
  if (isReached) {
    // launchd keeps what it has read until it is told to forget it; systemd's start begins anew by itself.
    if (manager === 'launchd') for (const step of plan.end) await run(step);
    await whileWaiting('cli.waiting.owner', runAll(plan, run));
  }
  const commands = commandsOf(manager === 'systemd' ? [plan.reach, ...plan.start] : plan.start);
  if (format === 'json') {
    printJson(terminal, { manager, file, outcome, started: isReached, ...(isReached ? {} : { commands }) });
  }
  if (isReached) terminal.err(say('cli.service.started'));
  else terminal.err(say('cli.service.by-hand', { commands: commands.join(' && ') }));
  if (manager === 'systemd') terminal.err(say('cli.service.linger'));
  return 0;
}

async function write({ file, text }: ServicePlan): Promise<'written' | 'unchanged'> {
  const found = await readFile(file, 'utf8').catch(absent);
  if (found === text) return 'unchanged';
  refuseChanged(file, found);
  await mkdir(path.dirname(file), { recursive: true });
  await writeWhole(file, text);
  await chmod(file, FILE_MODE);
  return 'written';
}

async function uninstall(
  plan: ServicePlan,
  format: Format,
  terminal: Terminal,
  run: RunStep,
): Promise<ExitCode> {
  const { manager, file } = plan;
  const found = await readFile(file, 'utf8').catch(absent);
  if (found === undefined) {
    if (format === 'json') printJson(terminal, { manager, file, outcome: 'absent' });
    terminal.err(say('cli.service.none', { file }));
    return 0;
  }
  refuseChanged(file, found);
  const failed: string[] = [];
  for (const step of plan.end) if ((await run(step)) !== undefined) failed.push(...commandsOf([step]));
  await rm(file);
  if (manager === 'systemd') await run(plan.reach);
  if (format === 'json')
    printJson(terminal, { manager, file, outcome: 'removed', ended: failed.length === 0 });
  terminal.err(say('cli.service.removed', { file }));
  if (failed.length > 0) terminal.err(say('cli.service.not-ended', { commands: failed.join(' && ') }));
  return 0;
}

async function runAll({ start, look }: ServicePlan, run: RunStep): Promise<void> {
  for (const step of start) {
    const detail = await run(step);
    if (detail === undefined) continue;
    throw new ProblemError(problem('admin', 'service.failed', { command: step.join(' '), detail, look }));
  }
}

function refuseChanged(file: string, found: string | undefined): void {
  if (found === undefined || isSealed(found)) return;
  throw new ProblemError(problem('admin', 'service.changed', { file }));
}

/** The credential that the storage wants of the unit, from the file that was named. @throws ProblemError */
function credentialOf(storage: StorageChoice, file: string | undefined): ServiceFacts['credential'] {
  if (typeof storage === 'object' && storage.key.kind === 'systemd-credential') {
    return { name: storage.key.name, file: file === undefined ? undefined : path.resolve(file) };
  }
  if (file === undefined) return undefined;
  throw new ProblemError(problem('usage', 'service.credential-unwanted'));
}

function runningProgram(): RunningProgram {
  const build = 'electron' in process.versions ? 'packaged' : 'node';
  // All that this host is built of lies beside its entry.
  const script = fileURLToPath(new URL('tokentray.js', import.meta.url));
  return { build, execPath: process.execPath, script };
}

function commandsOf(steps: ServicePlan['start']): readonly string[] {
  return steps.map((step) => step.join(' '));
}

import { chmod, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { absent } from '../../system/files/error-code.ts';
import { writeWhole } from '../../system/files/whole-file.ts';
import { thisMachine } from '../../system/places.ts';
import type { StorageChoice } from '../../vault/store/storage-choice.ts';
import { problem, ProblemError } from '../../words/problem.ts';
import { say } from '../../words/say.ts';
import type { Run } from '../command-line/table.ts';
import { usableSettings } from '../configuration/settings.ts';
import { UsageError } from '../output/failure.ts';
import { whileWaiting } from '../output/progress.ts';
import { printJson } from '../output/report.ts';
import type { Terminal } from '../output/terminal.ts';
import type { table } from './command.ts';
import { runStep } from './control.ts';
import { planService, type RunningProgram, type ServicePlan } from './plan.ts';
import { isSealed } from './seal.ts';
import type { ServiceFacts } from './systemd-unit.ts';

/** The mode of every unit and agent: the file contains no secret, and launchd accepts no other writer. */
const FILE_MODE = 0o644;

/**
 * Prints the file by which systemd or launchd runs `tokentray serve`, installs it and starts the service, or removes
 * both. A file that was edited is neither overwritten nor removed.
 */
export const run: Run<typeof table> = async ({ action = 'print', credential: file }, places, terminal) => {
  const plan = (credential?: ServiceFacts['credential']): ServicePlan =>
    planService({ machine: thisMachine(), running: runningProgram(), credential });
  if (action === 'uninstall') {
    if (file === undefined) return uninstall(plan(), terminal);
    const params = { command: 'service uninstall', found: '--credential', wanted: '--json' };
    throw new UsageError(say('cli.usage.option', params));
  }
  const { storage } = usableSettings(places);
  const credential = credentialOf(storage, file);
  if (action === 'print') {
    const { manager, file: unit, text } = plan(credential);
    if (terminal.format === 'json') printJson(terminal, { manager, file: unit, text });
    else terminal.out(text.trimEnd());
    return 0;
  }
  const planned = plan(credential);
  if (credential !== undefined && credential.file === undefined)
    throw new ProblemError(problem('usage', 'service.credential-missing', { name: credential.name }));
  await install(planned, terminal);
  if (typeof storage === 'object' && storage.key.kind === 'passphrase')
    terminal.err(say('cli.service.passphrase'));
  return 0;
};

async function install(plan: ServicePlan, terminal: Terminal): Promise<void> {
  const { manager, file, reach } = plan;
  const outcome = await write(plan);
  terminal.err(say(outcome === 'unchanged' ? 'cli.service.unchanged' : 'cli.service.written', { file }));
  const started = (await runStep(reach)) === undefined;
  if (started) {
    // launchd keeps what it has read until it is told to forget it; systemd reads the file again at the start.
    if (manager === 'launchd') for (const step of plan.end) await runStep(step);
    await whileWaiting('cli.waiting.owner', startAll(plan));
  }
  const commands = commandsOf(manager === 'systemd' ? [reach, ...plan.start] : plan.start);
  if (terminal.format === 'json')
    printJson(terminal, { manager, file, outcome, started, ...(started ? {} : { commands }) });
  if (started) terminal.err(say('cli.service.started'));
  else terminal.err(say('cli.service.by-hand', { commands: commands.join(' && ') }));
  if (manager === 'systemd') terminal.err(say('cli.service.linger'));
}

async function write({ file, text }: ServicePlan): Promise<'written' | 'unchanged'> {
  if ((await readUnchanged(file)) === text) return 'unchanged';
  await mkdir(path.dirname(file), { recursive: true });
  await writeWhole(file, text);
  await chmod(file, FILE_MODE);
  return 'written';
}

async function uninstall(plan: ServicePlan, terminal: Terminal): Promise<number> {
  const { manager, file, end } = plan;
  const isJson = terminal.format === 'json';
  if ((await readUnchanged(file)) === undefined) {
    if (isJson) printJson(terminal, { manager, file, outcome: 'absent' });
    terminal.err(say('cli.service.none', { file }));
    return 0;
  }
  const failed: string[] = [];
  for (const step of end) if ((await runStep(step)) !== undefined) failed.push(...commandsOf([step]));
  await rm(file);
  if (manager === 'systemd') await runStep(plan.reach);
  if (isJson) printJson(terminal, { manager, file, outcome: 'removed', ended: failed.length === 0 });
  terminal.err(say('cli.service.removed', { file }));
  if (failed.length > 0) terminal.err(say('cli.service.not-ended', { commands: failed.join(' && ') }));
  return 0;
}

async function startAll({ start, look }: ServicePlan): Promise<void> {
  for (const step of start) {
    const detail = await runStep(step);
    if (detail === undefined) continue;
    throw new ProblemError(problem('admin', 'service.failed', { command: step.join(' '), detail, look }));
  }
}

/** The file as Tokentray wrote it. @throws ProblemError `service.changed` */
async function readUnchanged(file: string): Promise<string | undefined> {
  const found = await readFile(file, 'utf8').catch(absent);
  if (found === undefined || isSealed(found)) return found;
  throw new ProblemError(problem('admin', 'service.changed', { file }));
}

/** The credential that the storage needs from the unit, in the file that was named. */
function credentialOf(storage: StorageChoice, file: string | undefined): ServiceFacts['credential'] {
  if (typeof storage === 'object' && storage.key.kind === 'systemd-credential')
    return { name: storage.key.name, file: file === undefined ? undefined : path.resolve(file) };
  if (file === undefined) return undefined;
  throw new ProblemError(problem('usage', 'service.credential-unwanted'));
}

function runningProgram(): RunningProgram {
  const build = 'electron' in process.versions ? 'packaged' : 'node';
  // All parts of this host are built next to its entry.
  const script = fileURLToPath(new URL('tokentray.js', import.meta.url));
  return { build, execPath: process.execPath, script };
}

function commandsOf(steps: ServicePlan['start']): readonly string[] {
  return steps.map((step) => step.join(' '));
}

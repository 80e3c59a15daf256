import { say } from '../../words/say.ts';
import type { EnvCommand, ExecCommand } from './command.ts';
import { ENV_FORMATS } from './env-lines.ts';
import { shown, UsageError, type Written } from './written.ts';

/** Reads `tokentray exec [OPTIONS] -- CMD…`. @throws UsageError */
export function readExec(written: Written): ExecCommand {
  const [program = '', ...args] = written.behind;
  if (program === '') {
    throw new UsageError(say('cli.usage.argument', { command: 'exec', wanted: '-- CMD' }));
  }
  return { name: 'exec', profile: written.text('profile'), program, args };
}

/** Reads `tokentray env [--format F]`; the format is that of the system's own shell. @throws UsageError */
export function readEnv(written: Written): EnvCommand {
  written.refuseTogether('format', 'json');
  const usual = process.platform === 'win32' ? 'powershell' : 'sh';
  const found = written.text('format') ?? usual;
  const shell = ENV_FORMATS.find((one) => one === found);
  if (shell === undefined) {
    const wanted = ENV_FORMATS.join(', ');
    throw new UsageError(say('cli.usage.action', { command: 'env --format', wanted, found: shown(found) }));
  }
  return { name: 'env', shell, format: written.has('json') ? 'json' : 'words' };
}

import path from 'node:path';
import type { TokenFile } from '../../config/profile/profile.ts';
import { say } from '../../words/say.ts';
import type { TokenFilesCommand } from './command.ts';
import { shown, UsageError, type Written } from './written.ts';

const FORMATS = ['bare', 'json', 'env'] as const satisfies readonly TokenFile['format'][];

/** Reads `tokentray token-files [add|remove PATH] …`. A relative path is one of this directory. @throws UsageError */
export function readTokenFiles(written: Written): TokenFilesCommand {
  const [action, file] = written.positionals;
  const format = written.has('json') ? 'json' : 'words';
  const options = ['profile', 'scope', 'format'].filter((option) => written.has(option));
  if (action !== 'add' && options[0] !== undefined) {
    throw new UsageError(say('cli.usage.alone', { option: `--${options[0]}`, wanted: 'add PATH' }));
  }
  if (action === undefined) return { name: 'token-files', action: { kind: 'list' }, format };
  if (action !== 'add' && action !== 'remove') {
    const wanted = 'add PATH, remove PATH';
    throw new UsageError(say('cli.usage.action', { command: 'token-files', wanted, found: shown(action) }));
  }
  if (file === undefined || file === '') {
    throw new UsageError(say('cli.usage.argument', { command: `token-files ${action}`, wanted: 'PATH' }));
  }
  const full = path.resolve(file);
  if (action === 'remove') return { name: 'token-files', action: { kind: 'remove', path: full }, format };
  const scopes = written.all('scope');
  return {
    name: 'token-files',
    action: {
      kind: 'add',
      path: full,
      profile: written.text('profile'),
      scopes: scopes.length === 0 ? undefined : scopes,
      format: formatOf(written.text('format')),
    },
    format,
  };
}

function formatOf(text = 'bare'): TokenFile['format'] {
  const format = FORMATS.find((one) => one === text);
  if (format !== undefined) return format;
  const params = { command: 'token-files add --format', wanted: FORMATS.join(', '), found: shown(text) };
  throw new UsageError(say('cli.usage.action', params));
}

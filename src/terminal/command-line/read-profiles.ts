import { say } from '../../words/say.ts';
import type { ProfilesCommand } from './command.ts';
import { shown, UsageError, type Written } from './written.ts';

/** Reads `tokentray profiles [default|remove ID]`. @throws UsageError */
export function readProfiles(written: Written): ProfilesCommand {
  const [action, id] = written.positionals;
  const format = written.has('json') ? 'json' : 'words';
  if (action === undefined) return { name: 'profiles', action: { kind: 'list' }, format };
  if (action !== 'default' && action !== 'remove') {
    const wanted = 'default ID, remove ID';
    throw new UsageError(say('cli.usage.action', { command: 'profiles', wanted, found: shown(action) }));
  }
  if (id === undefined || id === '') {
    throw new UsageError(say('cli.usage.argument', { command: `profiles ${action}`, wanted: 'ID' }));
  }
  return { name: 'profiles', action: { kind: action, id }, format };
}

import { say } from '../../words/say.ts';
import type { ServiceCommand } from './command.ts';
import { shown, UsageError, type Written } from './written.ts';

const ACTIONS = ['print', 'install', 'uninstall'] as const;

/** Reads `tokentray service [print|install|uninstall]`. @throws UsageError */
export function readService(written: Written): ServiceCommand {
  const [found = 'print'] = written.positionals;
  const action = ACTIONS.find((one) => one === found);
  if (action === undefined) {
    const wanted = ACTIONS.join(', ');
    throw new UsageError(say('cli.usage.action', { command: 'service', wanted, found: shown(found) }));
  }
  const credentialFile = written.text('credential');
  if (action === 'uninstall' && credentialFile !== undefined) {
    const params = { command: 'service uninstall', found: '--credential', wanted: '--json' };
    throw new UsageError(say('cli.usage.option', params));
  }
  return { name: 'service', action, credentialFile, format: written.has('json') ? 'json' : 'words' };
}

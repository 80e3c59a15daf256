import { say } from '../words/say.ts';
import type { TokenCommand } from './command.ts';
import { readDuration } from './duration.ts';
import { shown, UsageError, type Written } from './written.ts';

/** Reads `tokentray token …`. @throws UsageError */
export function readToken(written: Written): TokenCommand {
  written.refuseTogether('json', 'header');
  written.refuseTogether('scope', 'resource');
  const lifetime = written.single('min-lifetime');
  const seconds = lifetime === undefined ? undefined : readDuration(lifetime);
  if (lifetime !== undefined && seconds === undefined) {
    throw new UsageError(say('cli.usage.duration', { option: '--min-lifetime', found: shown(lifetime) }));
  }
  return {
    name: 'token',
    profile: written.text('profile'),
    scopes: written.all('scope'),
    resource: written.text('resource'),
    minLifetimeSeconds: seconds,
    fresh: written.has('refresh') ? 'always' : 'if-needed',
    format: written.has('json') ? 'json' : written.has('header') ? 'header' : 'bare',
  };
}

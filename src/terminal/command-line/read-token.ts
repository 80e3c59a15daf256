import { say } from '../../words/say.ts';
import type { TokenCommand } from './command.ts';
import { readDuration } from './duration.ts';
import { shown, UsageError, type Written } from './written.ts';

/** The options that say how the token is printed, by their names. */
const FORMATS = ['json', 'header', 'exec-credential'] as const;

/** Reads `tokentray token …`. @throws UsageError */
export function readToken(written: Written): TokenCommand {
  written.refuseTogether(...FORMATS);
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
    format: FORMATS.find((name) => written.has(name)) ?? 'bare',
  };
}

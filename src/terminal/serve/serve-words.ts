import { receivablePort } from '../../config/profile/redirect-uri.ts';
import type { Agent } from '../../agent/agent.ts';
import type { Places } from '../../system/places.ts';
import type { ServedProfiles } from '../../outlets/answer/host.ts';
import { namedProfile } from '../../outlets/answer/token-answer.ts';
import { say } from '../../words/say.ts';
import { sayTime } from '../../words/time.ts';
import type { ServedPages } from './served-pages.ts';
import type { Terminal } from '../output/terminal.ts';
import { reasonLine, storageLines } from './serve-events.ts';
import { spokenName } from './web/spoken-name.ts';

/** Says the state of each profile and what the user can do about it. */
export function tellStart(
  profiles: ServedProfiles,
  pages: Pick<ServedPages, 'invite'>,
  places: Pick<Places, 'accessKeyFile'>,
  terminal: Terminal,
): void {
  for (const agent of profiles.list) {
    const name = spokenName(profiles, agent);
    for (const text of profileLines(agent, pages, namedProfile(profiles, agent))) {
      terminal.err(name === undefined ? text : say('cli.serve.profile', { name, text }));
    }
  }
  for (const text of storageLines(profiles)) terminal.err(text);
  const isSignedIn = profiles.list.some(({ status }) => status.session.kind === 'signed-in');
  if (isSignedIn) terminal.err(say('cli.serve.page'));
  terminal.err(say('cli.serve.key', { file: places.accessKeyFile }));
}

function profileLines(
  { profile, status }: Agent,
  pages: Pick<ServedPages, 'invite'>,
  profileToName: string | undefined,
): readonly string[] {
  const { session, health } = status;
  const now = Date.now();
  const lines: string[] = [];
  if (session.kind === 'signed-in') {
    lines.push(say('session.signed-in', { name: session.account.name }));
    if (session.expiresOn !== undefined && session.expiresOn > now) {
      lines.push(say('token.good-until', { time: sayTime(session.expiresOn, now) }));
    }
  } else lines.push(...signInLines({ profile }, pages));
  return health.kind === 'ok' ? lines : [...lines, reasonLine(health.reason, profileToName)];
}

function signInLines(agent: Pick<Agent, 'profile'>, pages: Pick<ServedPages, 'invite'>): readonly string[] {
  const { redirectUri } = agent.profile;
  const invitation = pages.invite(agent);
  const port = receivablePort(redirectUri);
  if (invitation.kind !== 'visit' || port === undefined) return [say('cli.serve.no-page', { redirectUri })];
  const open = say('cli.serve.open', { url: invitation.url });
  return process.env.SSH_CONNECTION === undefined ? [open] : [open, say('cli.serve.ssh', { port })];
}

import type { Places } from '../config/places.ts';
import type { ExitCode } from '../outlets/answer.ts';
import { askOwner } from '../outlets/socket-client.ts';
import { say } from '../words/say.ts';
import { sayTime } from '../words/time.ts';
import { reportRefusal, tellProblemBody, textField } from './report.ts';
import type { Terminal } from './terminal.ts';

/**
 * `tokentray status`: who is signed in, until when, and what is wrong, in words or JSON on stdout. The
 * exit code tells the session as well: 0 signed in, 10 somebody has to sign in.
 * @throws ProblemError when the owner cannot be asked
 */
export async function printStatus(
  format: 'words' | 'json',
  places: Places,
  terminal: Terminal,
): Promise<ExitCode> {
  const answer = await askOwner(places, 'GET', '/v1/status');
  if (format === 'json') terminal.out(JSON.stringify(answer.body));
  if (answer.status !== 200) return reportRefusal(terminal, answer);
  if (format === 'words') tellStatus(answer.body, terminal, Date.now());
  return textField(answer.body.session, 'kind') === 'signed-in' ? 0 : 10;
}

function tellStatus(body: Readonly<Record<string, unknown>>, terminal: Terminal, now: number): void {
  const session = asRecord(body.session);
  const name = textField(session.account, 'name') ?? '';
  const kind = textField(session, 'kind');
  if (kind === 'signed-in') terminal.out(say('session.signed-in', { name }));
  else if (kind === 'sign-in-needed') terminal.out(say('session.sign-in-needed', { name }));
  else terminal.out(say('session.signed-out'));

  const expiresOn = Date.parse(textField(session, 'expiresOn') ?? '');
  if (expiresOn > now) terminal.out(say('token.good-until', { time: sayTime(expiresOn, now) }));
  else if (expiresOn <= now) terminal.out(say('token.expired', { time: sayTime(expiresOn, now) }));

  const activity = asRecord(body.activity);
  const nextTryAt = Date.parse(textField(activity, 'nextTryAt') ?? '');
  if (textField(activity, 'kind') === 'signing-in') terminal.out(say('activity.signing-in'));
  if (textField(activity, 'kind') === 'refreshing') terminal.out(say('activity.refreshing'));
  if (nextTryAt > 0) terminal.out(say('activity.waiting', { time: sayTime(nextTryAt, now) }));
  const scheduled = Date.parse(textField(body, 'nextScheduledAt') ?? '');
  if (scheduled > 0) terminal.out(say('schedule.next', { time: sayTime(scheduled, now) }));

  tellProblemBody(terminal, session.reason);
  tellProblemBody(terminal, asRecord(body.health).reason);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

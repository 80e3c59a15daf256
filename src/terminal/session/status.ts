import type { Places } from '../../system/places.ts';
import type { ExitCode } from '../../outlets/answer/answer.ts';
import { askOwner, ownerPath } from '../../outlets/socket/client.ts';
import type { StatusCommand } from '../command-line/command.ts';

import { whileWaiting } from '../output/progress.ts';
import { reportRefusal, tellProblemBody, textField } from '../output/report.ts';
import { outletsWords, statusWords } from './status-words.ts';
import type { Terminal } from '../output/terminal.ts';

/**
 * `tokentray status`: who is signed in, until when, and what is wrong, in words or JSON on stdout. The
 * exit code tells the session as well: 0 signed in, 10 somebody has to sign in.
 * @throws ProblemError when the owner cannot be asked
 */
export async function printStatus(
  { profile, format }: StatusCommand,
  places: Places,
  terminal: Terminal,
): Promise<ExitCode> {
  const asked = Promise.all([
    askOwner(places, 'GET', ownerPath('/v1/status', profile)),
    askOwner(places, 'GET', '/v1/outlets'),
  ]);
  const [answer, outlets] = await whileWaiting('cli.waiting.owner', asked);
  if (answer.status !== 200) return reportRefusal(terminal, answer, format);
  // A host that is starting has opened none yet.
  const { loopback, shellCache } = outlets.status === 200 ? outlets.body : {};
  if (format === 'json') terminal.out(JSON.stringify({ ...answer.body, outlets: { loopback, shellCache } }));
  else {
    tellStatus(answer.body, terminal);
    const { lines, problems } = outletsWords(loopback, shellCache);
    for (const line of lines) terminal.out(line);
    for (const problem of problems) tellProblemBody(terminal, problem);
  }
  return textField(answer.body.session, 'kind') === 'signed-in' ? 0 : 10;
}

/** Tells a status as it is now: what holds on stdout, what is wrong on stderr. */
export function tellStatus(body: Readonly<Record<string, unknown>>, terminal: Terminal): void {
  const { lines, problems } = statusWords(body, Date.now());
  for (const line of lines) terminal.out(line);
  for (const problem of problems) tellProblemBody(terminal, problem);
}

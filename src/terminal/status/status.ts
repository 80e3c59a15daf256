import { askOwner, ownerPath } from '../../outlets/socket/client.ts';
import type { Run } from '../command-line/table.ts';
import { ask } from '../output/ask.ts';
import { whileWaiting } from '../output/progress.ts';
import type { ExitCode } from '../../outlets/answer/answer.ts';
import { asRecord, exitCodeOfBody, textField } from '../output/report.ts';
import type { table } from './command.ts';
import { outletsWords, statusWords, tell, timeIn } from './words.ts';

/**
 * Says who is signed in, how long the token is valid, and what is wrong. The exit code says the same as that of
 * `tokentray token`: 0 with a valid token, 10 if a sign-in is needed, otherwise the code of what prevents a new token.
 */
export const run: Run<typeof table> = async ({ watch, profile }, places, terminal) => {
  if (watch) return (await import('./watch.ts')).watchStatus(profile, places, terminal);
  const asked = Promise.all([
    ask(places, 'GET', ownerPath('/v1/status', profile)),
    askOwner(places, 'GET', '/v1/outlets'),
  ]);
  const [body, outlets] = await whileWaiting('cli.waiting.owner', asked);
  // A host that is starting has not opened any yet.
  const { loopback, shellCache } = outlets.status === 200 ? outlets.body : {};
  if (terminal.format === 'json') {
    terminal.out(JSON.stringify({ ...body, outlets: { loopback, shellCache } }));
  } else {
    tell(statusWords(body, Date.now()), terminal);
    tell(outletsWords(loopback, shellCache), terminal);
  }
  const reason = asRecord(body.health).reason ?? asRecord(body.storage).reason;
  return exitCodeOfStatus(asRecord(body.session), reason, Date.now());
};

function exitCodeOfStatus(
  session: Readonly<Record<string, unknown>>,
  reason: unknown,
  now: number,
): ExitCode {
  if (textField(session, 'kind') !== 'signed-in') return 10;
  // Without a reason, the refresh has not been tried yet: later.
  return (timeIn(session, 'expiresOn') ?? 0) > now ? 0 : exitCodeOfBody(reason);
}

import { askOwner, ownerPath } from '../../outlets/socket/client.ts';
import type { Run } from '../command-line/table.ts';
import { ask } from '../output/ask.ts';
import { whileWaiting } from '../output/progress.ts';
import { textField } from '../output/report.ts';
import type { table } from './command.ts';
import { outletsWords, statusWords, tell } from './words.ts';

/**
 * Says who is signed in, how long the token is valid, and what is wrong. The exit code says whether a user is signed
 * in as well: 0, or 10.
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
  return textField(body.session, 'kind') === 'signed-in' ? 0 : 10;
};

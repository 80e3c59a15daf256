import { watchOwner } from '../../outlets/socket/watch.ts';
import { ownerPath } from '../../outlets/socket/client.ts';
import type { Places } from '../../system/places.ts';
import { Refusal } from '../output/ask.ts';
import { startWaiting } from '../output/progress.ts';
import type { Terminal } from '../output/terminal.ts';
import { statusWords, tell } from './words.ts';

/**
 * Says the status, and again after every change, until Ctrl-C or until the reader has gone; both are a normal end. In
 * JSON, one object on each line.
 * @throws Refusal; ProblemError `agent-not-running` when the running host quits
 */
export async function watchStatus(
  profile: string | undefined,
  places: Places,
  terminal: Terminal,
): Promise<0> {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  process.once('SIGINT', end);
  // The reader has seen enough (`| head -1`). A pipe reports that with the next line only.
  process.stdout.once('error', end);
  let isFirst = true;
  const waiting = startWaiting('cli.waiting.owner');
  const refusal = await watchOwner(
    places,
    ownerPath('/v1/events', profile),
    (body) => {
      waiting.end();
      if (terminal.format === 'json') terminal.out(JSON.stringify(body));
      else {
        if (!isFirst) terminal.out('');
        tell(statusWords(body, Date.now()), terminal);
      }
      isFirst = false;
    },
    ended.signal,
  ).finally(() => waiting.end());
  if (refusal !== undefined) throw new Refusal(refusal);
  return 0;
}

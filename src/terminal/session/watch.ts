import type { Places } from '../../system/places.ts';
import type { ExitCode } from '../../outlets/answer/answer.ts';
import { ownerPath } from '../../outlets/socket/client.ts';
import { watchOwner } from '../../outlets/socket/watch.ts';
import type { StatusCommand } from '../command-line/command.ts';

import { startWaiting } from '../output/progress.ts';
import { reportRefusal } from '../output/report.ts';
import { tellStatus } from './status.ts';
import type { Terminal } from '../output/terminal.ts';

/**
 * `tokentray status --watch`: the status, and again after every change, until Ctrl-C, which is how a watch
 * ends well, as the end of its reader does. In JSON one object a line.
 * @throws ProblemError `agent-not-running` when the owner ends
 */
export async function watchStatus(
  { profile, format }: StatusCommand,
  places: Places,
  terminal: Terminal,
): Promise<ExitCode> {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  process.once('SIGINT', end);
  // Whoever read it has seen enough (`| head -1`) or is gone. A pipe tells with the next line only.
  process.stdout.once('error', end);
  let isFirst = true;
  const waiting = startWaiting('cli.waiting.owner');
  const refusal = await watchOwner(
    places,
    ownerPath('/v1/events', profile),
    (body) => {
      waiting.end();
      if (format === 'json') terminal.out(JSON.stringify(body));
      else {
        if (!isFirst) terminal.out('');
        tellStatus(body, terminal);
      }
      isFirst = false;
    },
    ended.signal,
  ).finally(() => waiting.end());
  return refusal === undefined ? 0 : reportRefusal(terminal, refusal, format);
}

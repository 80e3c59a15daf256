import type { Places } from '../../system/places.ts';
import type { ExitCode } from '../../outlets/answer/answer.ts';
import { askOwner, ownerPath, type SocketAnswer } from '../../outlets/socket/client.ts';
import { say } from '../../words/say.ts';
import { sayTime } from '../../words/time.ts';
import type { SessionCommand } from '../command-line/command.ts';

import { whileWaiting } from '../output/progress.ts';
import { reportRefusal, textField } from '../output/report.ts';
import type { Terminal } from '../output/terminal.ts';

/**
 * `tokentray refresh`, `sign-in` and `sign-out`: what the owner does and says of it. In JSON its answer is
 * passed on as it is.
 * @throws ProblemError when the owner cannot be asked
 */
export async function runSessionCommand(
  command: SessionCommand,
  places: Places,
  terminal: Terminal,
): Promise<ExitCode> {
  const { name, profile, format } = command;
  const answer = await whileWaiting(
    name === 'refresh' ? 'cli.waiting.authority' : 'cli.waiting.owner',
    askOwner(places, 'POST', ownerPath(`/v1/${name}`, profile)),
  );
  if (answer.status !== 200) return reportRefusal(terminal, answer, format);
  if (format === 'json') terminal.out(JSON.stringify(answer.body));
  else tell(name, answer, terminal);
  return 0;
}

function tell(name: SessionCommand['name'], { body }: SocketAnswer, terminal: Terminal): void {
  switch (name) {
    case 'refresh': {
      const expiresOn = Date.parse(textField(body, 'expiresOn') ?? '');
      terminal.err(say('token.good-until', { time: sayTime(expiresOn, Date.now()) }));
      return;
    }
    case 'sign-in': {
      const url = textField(body, 'url');
      terminal.err(url === undefined ? say('cli.sign-in.shown') : say('cli.sign-in.open'));
      if (url !== undefined) terminal.out(url);
      return;
    }
    case 'sign-out':
      terminal.err(say('cli.signed-out'));
  }
}

import type { Places } from '../config/places.ts';
import type { ExitCode } from '../outlets/answer.ts';
import { askOwner } from '../outlets/socket-client.ts';
import type { TokenCommand } from './command-line.ts';
import { reportRefusal, tellProblemBody, textField } from './report.ts';
import type { Terminal } from './terminal.ts';

/**
 * `tokentray token`: the bare token and a newline, a header line, or JSON. Scripts run it for every
 * request, so it loads nothing but the socket's client.
 * @throws ProblemError when the owner cannot be asked
 */
export async function printToken(
  command: TokenCommand,
  places: Places,
  terminal: Terminal,
): Promise<ExitCode> {
  const answer = await askOwner(places, 'GET', `/v1/token${queryOf(command)}`);
  if (answer.status !== 200) {
    if (command.format === 'json') terminal.out(JSON.stringify(answer.body));
    return reportRefusal(terminal, answer);
  }
  tellProblemBody(terminal, answer.body.warning);
  const { accessToken, tokenType } = {
    accessToken: textField(answer.body, 'accessToken') ?? '',
    tokenType: textField(answer.body, 'tokenType') ?? 'Bearer',
  };
  switch (command.format) {
    case 'bare':
      terminal.out(accessToken);
      break;
    case 'header':
      terminal.out(`Authorization: ${tokenType} ${accessToken}`);
      break;
    case 'json':
      terminal.out(JSON.stringify(answer.body));
      break;
  }
  return 0;
}

function queryOf({ scopes, minLifetimeSeconds, fresh }: TokenCommand): string {
  const query = new URLSearchParams(scopes.map((scope): [string, string] => ['scope', scope]));
  if (minLifetimeSeconds !== undefined) query.set('min_lifetime', String(minLifetimeSeconds));
  if (fresh === 'always') query.set('refresh', '1');
  return query.size === 0 ? '' : `?${query.toString()}`;
}

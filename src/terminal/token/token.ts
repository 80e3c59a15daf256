import type { Places } from '../../system/places.ts';
import type { ExitCode } from '../../outlets/answer/answer.ts';
import { askOwner } from '../../outlets/socket/client.ts';
import type { TokenCommand } from '../command-line/command.ts';
import { EXEC_INFO_NAME, execCredential, readExecInfo } from './exec-credential.ts';
import { whileWaiting } from '../output/progress.ts';
import { reportRefusal, tellProblemBody, textField } from '../output/report.ts';
import type { Terminal } from '../output/terminal.ts';

/**
 * `tokentray token`: the bare token and a newline, a header line, JSON, or what kubectl reads. Scripts run it for every
 * request, so it loads nothing but the socket's client.
 * @throws ProblemError `exec-info`, and when the owner cannot be asked
 */
export async function printToken(
  command: TokenCommand,
  places: Places,
  terminal: Terminal,
): Promise<ExitCode> {
  const { format } = command;
  const execInfo = format === 'exec-credential' ? readExecInfo(process.env[EXEC_INFO_NAME]) : undefined;
  const answer = await whileWaiting(
    'cli.waiting.authority',
    askOwner(places, 'GET', `/v1/token${queryOf(command)}`),
  );
  if (answer.status !== 200) return reportRefusal(terminal, answer, format === 'json' ? 'json' : 'words');
  tellProblemBody(terminal, answer.body.warning);
  const accessToken = textField(answer.body, 'accessToken') ?? '';
  switch (format) {
    case 'bare':
      terminal.out(accessToken);
      break;
    case 'header':
      terminal.out(`Authorization: ${textField(answer.body, 'tokenType') ?? 'Bearer'} ${accessToken}`);
      break;
    case 'json':
      terminal.out(JSON.stringify(answer.body));
      break;
    case 'exec-credential':
      terminal.out(JSON.stringify(execCredential(answer.body, execInfo)));
      break;
  }
  return 0;
}

function queryOf({ profile, scopes, resource, minLifetimeSeconds, fresh }: TokenCommand): string {
  const query = new URLSearchParams(scopes.map((scope): [string, string] => ['scope', scope]));
  if (resource !== undefined) query.set('resource', resource);
  if (profile !== undefined) query.set('profile', profile);
  if (minLifetimeSeconds !== undefined) query.set('min_lifetime', String(minLifetimeSeconds));
  if (fresh === 'always') query.set('refresh', '1');
  return query.size === 0 ? '' : `?${query.toString()}`;
}

import { ask } from '../output/ask.ts';
import type { Run } from '../command-line/table.ts';
import { whileWaiting } from '../output/progress.ts';
import { tellProblemBody, textField } from '../output/report.ts';
import type { table } from './command.ts';
import { EXEC_INFO_NAME, execCredential, readExecInfo } from './exec-credential.ts';

/** Prints the token. Scripts run this for every request, so it loads nothing but the socket's client. */
export const run: Run<typeof table> = async (options, places, terminal) => {
  const { scope = [], resource, profile, minLifetime, refresh, json, header, execCredential: exec } = options;
  const execInfo = exec ? readExecInfo(process.env[EXEC_INFO_NAME]) : undefined;
  const query = new URLSearchParams(scope.map((one): [string, string] => ['scope', one]));
  if (resource !== undefined) query.set('resource', resource);
  if (profile !== undefined) query.set('profile', profile);
  if (minLifetime !== undefined) query.set('min_lifetime', String(minLifetime));
  if (refresh) query.set('refresh', '1');
  const path = query.size === 0 ? '/v1/token' : `/v1/token?${query.toString()}`;
  const body = await whileWaiting('cli.waiting.authority', ask(places, 'GET', path));
  tellProblemBody(terminal, body.warning);
  const token = textField(body, 'accessToken') ?? '';
  if (json) terminal.out(JSON.stringify(body));
  else if (header) terminal.out(`Authorization: ${textField(body, 'tokenType') ?? 'Bearer'} ${token}`);
  else terminal.out(execInfo === undefined ? token : JSON.stringify(execCredential(body, execInfo)));
  return 0;
};

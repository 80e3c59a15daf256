import { JSON_SCHEMA_VERSION } from '../../outlets/answer/answer.ts';
import { readLoopbackKey } from '../../outlets/loopback/access-key.ts';
import { identityEnvironment } from '../../outlets/loopback/identity-environment.ts';
import { problem, ProblemError } from '../../words/problem.ts';
import { say } from '../../words/say.ts';
import { ask, Refusal } from '../output/ask.ts';
import type { Run } from '../command-line/table.ts';
import { asRecord, printJson } from '../output/report.ts';
import type { table } from './command.ts';
import { envLines } from './lines.ts';

/**
 * Prints the variables with which an Azure SDK gets tokens from the running host's loopback server, for a shell or a
 * `.env` file. They contain the access key.
 */
export const run: Run<typeof table> = async ({ format, json }, places, terminal) => {
  const shell = format ?? (process.platform === 'win32' ? 'powershell' : 'sh');
  const { kind, port, reason } = asRecord((await ask(places, 'GET', '/v1/outlets')).loopback);
  if (kind === 'trouble') throw new Refusal({ body: { schemaVersion: JSON_SCHEMA_VERSION, error: reason } });
  if (kind !== 'on' || typeof port !== 'number') throw new ProblemError(problem('admin', 'loopback.off'));
  const key = await readLoopbackKey(places);
  // The running server would not know a new key.
  if (key === undefined) {
    const directory = places.runtimeDirectory;
    throw new ProblemError(problem('admin', 'loopback.key-gone', { directory }));
  }
  const environment = identityEnvironment({ port, key: key.reveal(), env: process.env });
  if (json) printJson(terminal, environment);
  else for (const line of envLines(environment, shell)) terminal.out(line);
  if (process.stdout.isTTY) terminal.err(say(`cli.env.hint.${shell}`));
  return 0;
};

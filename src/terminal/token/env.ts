import { problem, ProblemError } from '../../words/problem.ts';
import type { Places } from '../../system/places.ts';
import { readLoopbackKey } from '../../outlets/loopback/access-key.ts';
import { JSON_SCHEMA_VERSION, type ExitCode } from '../../outlets/answer/answer.ts';
import { identityEnvironment } from '../../outlets/loopback/identity-environment.ts';
import { askOwner } from '../../outlets/socket/client.ts';
import { say } from '../../words/say.ts';
import type { EnvCommand } from '../command-line/command.ts';
import { envLines } from '../command-line/env-lines.ts';
import { printJson, reportRefusal } from '../output/report.ts';
import type { Terminal } from '../output/terminal.ts';

/**
 * `tokentray env`: the variables with which an Azure SDK obtains tokens from the running host's loopback
 * server, for a shell or a `.env` file. They hold the access key.
 * @throws ProblemError `loopback.off`, `loopback.key-gone`, and when the owner cannot be asked
 */
export async function printEnv(
  { shell, format }: EnvCommand,
  places: Places,
  terminal: Terminal,
): Promise<ExitCode> {
  const answer = await askOwner(places, 'GET', '/v1/outlets');
  if (answer.status !== 200) return reportRefusal(terminal, answer, format);
  const loopback = loopbackOf(answer.body.loopback);
  if (loopback.kind === 'trouble') {
    const body = { schemaVersion: JSON_SCHEMA_VERSION, error: loopback.reason };
    return reportRefusal(terminal, { ...answer, body }, format);
  }
  if (loopback.kind === 'off') throw new ProblemError(problem('admin', 'loopback.off'));
  const key = await readLoopbackKey(places);
  // A new one would be a key that the running server does not know.
  if (key === undefined) {
    const directory = places.runtimeDirectory;
    throw new ProblemError(problem('admin', 'loopback.key-gone', { directory }));
  }
  const wanted = identityEnvironment({ port: loopback.port, key: key.reveal(), env: process.env });
  if (format === 'json') printJson(terminal, wanted);
  else for (const line of envLines(wanted, shell)) terminal.out(line);
  if (process.stdout.isTTY) terminal.err(say(`cli.env.hint.${shell}`));
  return 0;
}

/** As the socket tells it ({@link ../outlets/socket-host.ts OutletsTold}). */
type Loopback =
  | { readonly kind: 'off' }
  | { readonly kind: 'on'; readonly port: number }
  | { readonly kind: 'trouble'; readonly reason: unknown };

function loopbackOf(value: unknown): Loopback {
  if (typeof value !== 'object' || value === null) return { kind: 'off' };
  const { kind, port, reason } = value as { kind?: unknown; port?: unknown; reason?: unknown };
  if (kind === 'trouble') return { kind, reason };
  return kind === 'on' && typeof port === 'number' ? { kind, port } : { kind: 'off' };
}

import { problemOf } from '../../agent/failures/thrown.ts';
import type { Places } from '../../system/places.ts';
import { replyWithProblem } from '../../outlets/answer/answer.ts';
import { answerReload } from '../../outlets/socket/registration-answers.ts';
import type { RegistrationPort } from '../../outlets/answer/host.ts';
import type { Log } from '../../system/log/log.ts';
import { say } from '../../words/say.ts';
import { asRecord, textField } from '../output/report.ts';
import type { Terminal } from '../output/terminal.ts';

/**
 * Reads the settings file again as `tokentray reload` does. A signal has no one to answer, so a refusal is one line of
 * the log, which standard error shows as well. Never rejects.
 */
export async function reloadForSignal(parts: {
  readonly registrations: RegistrationPort | undefined;
  readonly places: Pick<Places, 'settingsFile'>;
  readonly terminal: Terminal;
  readonly log: Log;
}): Promise<void> {
  const { registrations, places, terminal, log } = parts;
  const reply = await answerReload(registrations).catch((error: unknown) =>
    replyWithProblem(problemOf(error)),
  );
  if (reply.exitCode === 0) {
    terminal.err(say('cli.reloaded', { file: places.settingsFile }));
    return;
  }
  const { error } = asRecord(reply.body);
  const told = ['message', 'next'].flatMap((field) => textField(error, field) ?? []);
  log.warn('the settings were not read again', { detail: told.join(' ') });
}

import type { Places } from '../config/places.ts';
import type { ExitCode } from '../outlets/answer.ts';
import { askOwner } from '../outlets/socket-client.ts';
import { say } from '../words/say.ts';
import { sayTime } from '../words/time.ts';
import { reportRefusal, textField } from './report.ts';
import type { Terminal } from './terminal.ts';

/** `tokentray refresh`: a new token now; says until when it is good. */
export async function refresh(places: Places, terminal: Terminal): Promise<ExitCode> {
  const answer = await askOwner(places, 'POST', '/v1/refresh');
  if (answer.status !== 200) return reportRefusal(terminal, answer);
  const expiresOn = Date.parse(textField(answer.body, 'expiresOn') ?? '');
  terminal.err(say('token.good-until', { time: sayTime(expiresOn, Date.now()) }));
  return 0;
}

/** `tokentray sign-in`: prints the address to open, or says that the tray shows its window. */
export async function signIn(places: Places, terminal: Terminal): Promise<ExitCode> {
  const answer = await askOwner(places, 'POST', '/v1/sign-in');
  if (answer.status !== 200) return reportRefusal(terminal, answer);
  const url = textField(answer.body, 'url');
  if (url === undefined) {
    terminal.err(say('cli.sign-in.shown'));
    return 0;
  }
  terminal.err(say('cli.sign-in.open'));
  terminal.out(url);
  return 0;
}

/** `tokentray sign-out`: ends the session of the running host. */
export async function signOut(places: Places, terminal: Terminal): Promise<ExitCode> {
  const answer = await askOwner(places, 'POST', '/v1/sign-out');
  if (answer.status !== 200) return reportRefusal(terminal, answer);
  terminal.err(say('cli.signed-out'));
  return 0;
}

import { askOwner, type SocketAnswer } from '../../outlets/socket/client.ts';
import type { Places } from '../../system/places.ts';
import { whileWaiting, type WaitingFor } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** The running host refused; its answer says why. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly answer: Pick<SocketAnswer, 'body'>;

  constructor(answer: Pick<SocketAnswer, 'body'>) {
    super('refused by the running host');
    this.answer = answer;
  }
}

/**
 * What the running host answers. @param json sent as the body
 * @throws Refusal; ProblemError if it cannot be asked
 */
export async function ask(
  places: Places,
  method: Parameters<typeof askOwner>[1],
  path: string,
  json?: unknown,
): Promise<SocketAnswer['body']> {
  const answer = await askOwner(places, method, path, json === undefined ? {} : { json });
  if (answer.status !== 200) throw new Refusal(answer);
  return answer.body;
}

/**
 * Asks the running host to do something. In JSON its answer is passed on unchanged; otherwise `tell` says it.
 * @throws Refusal; ProblemError if it cannot be asked
 */
export async function order(
  places: Places,
  terminal: Terminal,
  path: string,
  waitingFor: WaitingFor,
  tell: (body: SocketAnswer['body']) => void,
): Promise<0> {
  const body = await whileWaiting(waitingFor, ask(places, 'POST', path));
  if (terminal.format === 'json') terminal.out(JSON.stringify(body));
  else tell(body);
  return 0;
}

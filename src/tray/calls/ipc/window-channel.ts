import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import { problemOf } from '../../../agent/failures/thrown.ts';
import { problemBody } from '../../../outlets/answer/answer.ts';
import type { CallName } from '../../../pages/bridge/contract.ts';
import { CALL_NAMES, channelOf, type Brought } from '../../../pages/bridge/wire.ts';
import type { Log } from '../../../system/log/log.ts';
import { problem } from '../../../words/problem.ts';
import type { OwnWindows } from '../../windows/own-windows.ts';
import { checkCall, mayCall } from './call-schemas.ts';
import { isOwnPage } from './call-sender.ts';
import type { Handlers } from './handlers.ts';

/**
 * Answers the calls of our own pages, each page only its own calls, after checking the argument. Never rejects:
 * a failure is answered as a problem in words, without a stack.
 */
export function openWindowChannel(parts: {
  readonly ipc: Pick<IpcMain, 'handle'>;
  readonly windows: Pick<OwnWindows, 'pageOf'>;
  readonly handlers: Handlers;
  readonly log: Log;
}): void {
  const { ipc, windows, handlers, log } = parts;
  let refused = 0;
  const refuse = (name: CallName, event: IpcMainInvokeEvent): Brought<CallName> => {
    refused += 1;
    // Logged once, so that an attacker cannot fill the log. The origin only: an address may hold a code.
    if (refused === 1)
      log.warn('a call was refused: it came from no page of ours that makes it', {
        call: name,
        origin: event.senderFrame?.origin,
      });
    return { kind: 'failed', problem: problemBody(problem('usage', 'window.foreign'), 'tray') };
  };
  for (const name of CALL_NAMES)
    ipc.handle(channelOf(name), async (event, ...given: readonly unknown[]): Promise<Brought<CallName>> => {
      const page = windows.pageOf(event.sender);
      if (page === undefined || !isOwnPage(event.senderFrame, page) || !mayCall(page, name))
        return refuse(name, event);
      return answerCall(name, given, handlers, log);
    });
}

async function answerCall<Name extends CallName>(
  name: Name,
  given: readonly unknown[],
  handlers: Handlers,
  log: Log,
): Promise<Brought<Name>> {
  const checked = checkCall(name, given);
  if (checked.kind === 'wrong') {
    log.error('a page asked wrongly', { call: name, problem: checked.problem.params });
    return { kind: 'failed', problem: problemBody(checked.problem, 'tray') };
  }
  try {
    return { kind: 'answered', answer: await handlers[name](checked.asked) };
  } catch (error) {
    log.error('a call of a page failed', { call: name, error });
    return { kind: 'failed', problem: problemBody(problemOf(error), 'tray') };
  }
}

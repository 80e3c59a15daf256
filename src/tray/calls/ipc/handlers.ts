import { problemOf } from '../../../agent/failures/thrown.ts';
import { sayIssue, SettingsError } from '../../../config/rules/issue.ts';
import { problemBody } from '../../../outlets/answer/answer.ts';
import type { Acted, CallName, Calls } from '../../../pages/bridge/contract.ts';
import type { Log } from '../../../system/log/log.ts';
import { problem, type Problem } from '../../../words/problem.ts';
import type { SettingsCallName } from './settings-call-schemas.ts';

/** One handler for each call of the contract; the compiler rejects a missing one. */
export type Handlers = {
  readonly [Name in CallName]: (
    asked: Calls[Name]['asked'],
  ) => Promise<Calls[Name]['answered']> | Calls[Name]['answered'];
};

/** The handlers of the Settings page. */
export type SettingsHandlers = Pick<Handlers, SettingsCallName>;

/** Runs a page's action; never rejects. */
export type Act = (call: CallName, work: () => Promise<Acted>) => Promise<Acted>;

/** The answer of an action with nothing to report. */
export const done = (): Acted => ({ kind: 'done' });

/** Runs the actions of pages, whose answers have room for a failure. Failures are logged with the call's name. */
export function actWith(log: Pick<Log, 'error'>): Act {
  return async (call, work) => {
    try {
      return await work();
    } catch (error) {
      log.error('a call of a page failed', { call, error });
      return { kind: 'failed', problem: problemBody(problemOfAction(error), 'tray') };
    }
  };
}

/** Like `problemOf`, but names the settings that break a rule. */
function problemOfAction(error: unknown): Problem {
  if (!(error instanceof SettingsError)) return problemOf(error);
  return problem('usage', 'profile.unchanged', { issues: error.issues.map(sayIssue).join(' ') });
}

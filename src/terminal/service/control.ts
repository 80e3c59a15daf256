import { execFile } from 'node:child_process';
import { errorCode } from '../../system/files/error-code.ts';
import type { ServiceStep } from './plan.ts';

/** systemd gives a start 90 s before it calls it failed, and is to say so itself. */
const STEP_LIMIT_MS = 120_000;

/** Runs a step to its end; an answer is why it did not go well. Never rejects. */
export type RunStep = (step: ServiceStep) => Promise<string | undefined>;

export const runStep: RunStep = ([program, ...args]) =>
  new Promise((resolve) => {
    execFile(program, args, { timeout: STEP_LIMIT_MS }, (error, _out, err) => {
      // What systemctl has to say stands in the first line; hints follow.
      const [said = ''] = err.trim().split('\n');
      if (error === null) resolve(undefined);
      else resolve(said === '' ? errorCode(error) : said);
    });
  });

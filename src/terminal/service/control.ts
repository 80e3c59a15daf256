import { execFile } from 'node:child_process';
import { errorCode } from '../../system/files/error-code.ts';
import type { ServiceStep } from './plan.ts';

/** systemd reports a start as failed after 90 s; this leaves it time to do so. */
const STEP_LIMIT_MS = 120_000;

/** Runs a step to its end, and resolves with the reason if it fails. */
export function runStep([program, ...args]: ServiceStep): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: STEP_LIMIT_MS }, (error, _out, err) => {
      // The first line of systemctl is the error; hints follow.
      const [said = ''] = err.trim().split('\n');
      if (error === null) resolve(undefined);
      else resolve(said === '' ? errorCode(error) : said);
    });
  });
}

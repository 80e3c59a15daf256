import { runInNewContext } from 'node:vm';

/**
 * What is linear takes a second at most on a busy two-core machine, and minutes where a rule goes over the text
 * again from each character. No ratio of two times: what else the machine does falls on one of them alone.
 */
const LIMIT_MS = 10_000;

/**
 * What the work gives; undefined where it takes too long. It is stopped at the limit rather than measured against
 * it, so that a slow rule costs its limit and no more.
 */
export function withinLimit<Value>(work: () => Value): Value | undefined {
  try {
    return runInNewContext('work()', { work }, { timeout: LIMIT_MS }) as Value;
  } catch (error) {
    if (Reflect.get(Object(error) as object, 'code') !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return undefined;
  }
}

import type { CheckOutcome } from './result.ts';
import { problem, type Problem } from '../../words/problem.ts';

/** Two requests of thirty seconds, which is what asking about a credential takes at most, and a little. */
const CHECK_LIMIT_SECONDS = 65;

/** What a check is in that has taken too long: of the authority's, by its host; of the store's. */
export function tooLate(host: string): { readonly authority: Problem; readonly store: Problem } {
  return {
    authority: problem('transient', 'timeout', { host, seconds: CHECK_LIMIT_SECONDS }),
    store: problem('storage', 'storage.silent', { detail: `${CHECK_LIMIT_SECONDS} s` }),
  };
}

/** The outcome of a check, or trouble: because it takes longer than 65 seconds, or by a throw that nobody expected. */
export async function limited(
  late: Problem,
  check: () => CheckOutcome | Promise<CheckOutcome>,
): Promise<CheckOutcome> {
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<CheckOutcome>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'trouble', problem: late }), CHECK_LIMIT_SECONDS * 1000);
  });
  try {
    return await Promise.race([check(), timedOut]);
  } catch (error) {
    const detail = error instanceof Error ? error.name : 'unknown';
    return { kind: 'trouble', problem: problem('transient', 'unexpected', { detail }) };
  } finally {
    clearTimeout(timer);
  }
}

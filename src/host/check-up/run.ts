import type { Send } from '../../agent/network/send.ts';
import type { Credential } from '../../config/credential/credential.ts';
import type { Profile } from '../../config/profile/profile.ts';
import type { Vault } from '../../vault/store/vault.ts';
import { problem, type Problem } from '../../words/problem.ts';
import { askDiscovery, clockOutcome, discoveryOutcome, networkOutcome, type Discovery } from './authority.ts';
import { credentialOutcome } from './credential.ts';
import { trouble, type CheckName, type CheckOutcome, type CheckResult, type Trouble } from './result.ts';
import { storageOutcome } from './storage.ts';

/** Two requests of thirty seconds, which is the most that checking a credential takes, and a little more. */
const CHECK_LIMIT_SECONDS = 65;

/** What every check-up is about. */
export interface Subject {
  readonly profile: Profile;
  readonly vault: Vault;
  readonly send: Send;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type Check = (discovery: Promise<Discovery>) => CheckOutcome | Promise<CheckOutcome>;

/**
 * Runs the checks beside each other; none hides another. `parts.credential` resolves to the credential to test, or to
 * why there is none; the checks after it belong to one check-up only. `onResult` is called with each result as it
 * arrives. Resolves to the results in a fixed order within 65 seconds. Never rejects.
 */
export async function runChecks(
  { profile, vault, send, now }: Subject,
  parts: {
    readonly credential: () => Promise<
      { readonly kind: 'credential'; readonly credential: Credential } | Trouble
    >;
    readonly 'redirect-uri'?: Check;
    readonly 'credential-age'?: Check;
  },
  onResult: ((result: CheckResult) => void) | undefined,
): Promise<readonly CheckResult[]> {
  const { host } = new URL(profile.authority);
  const asked = askDiscovery(profile, send, now);
  const metadata = asked.then((found) => discoveryOutcome(profile, found, now));
  const late = problem('transient', 'timeout', { host, seconds: CHECK_LIMIT_SECONDS });
  const lateStore = problem('storage', 'storage.silent', { detail: `${CHECK_LIMIT_SECONDS} s` });
  const run = async (name: CheckName, check: Check, tooLate = late): Promise<CheckResult> => {
    const startedAt = now();
    const outcome = await limited(tooLate, async () => check(asked));
    const result = { name, outcome, ms: Math.max(0, now() - startedAt) };
    onResult?.(result);
    return result;
  };
  const { 'redirect-uri': redirect, 'credential-age': age } = parts;
  const results = await Promise.all([
    run('network', async () => networkOutcome(await asked)),
    run('discovery', () => metadata),
    run('clock', async () => clockOutcome(await asked)),
    redirect && run('redirect-uri', redirect),
    run('credential', async () => {
      const found = await parts.credential();
      if (found.kind === 'trouble') return found;
      const { credential } = found;
      const [discovery, judged] = await Promise.all([asked, metadata]);
      return credentialOutcome({ profile, send, now, credential, discovery, metadata: judged });
    }),
    age && run('credential-age', age, lateStore),
    run('storage', () => storageOutcome(vault), lateStore),
  ]);
  return results.filter((result) => result !== undefined);
}

/** The outcome of a check, or `late` if it takes too long. An unexpected throw is a problem too. */
async function limited(late: Problem, check: () => Promise<CheckOutcome>): Promise<CheckOutcome> {
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<CheckOutcome>((resolve) => {
    timer = setTimeout(() => resolve(trouble(late)), CHECK_LIMIT_SECONDS * 1000);
  });
  try {
    return await Promise.race([check(), timedOut]);
  } catch (error) {
    const detail = error instanceof Error ? error.name : 'unknown';
    return trouble(problem('transient', 'unexpected', { detail }));
  } finally {
    clearTimeout(timer);
  }
}

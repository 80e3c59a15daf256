import type { Agent } from '../../agent/agent.ts';
import type { CheckResult } from './result.ts';
import type { Send } from '../../agent/network/send.ts';
import { problemBody } from '../../outlets/answer/answer.ts';
import type { CheckUpLine, ServedProfiles } from '../../outlets/answer/host.ts';
import { namedProfile } from '../../outlets/answer/token-answer.ts';
import type { Vault } from '../../vault/store/vault.ts';

/** The check-up of `tokentray doctor` for a profile, as JSON carries it. Loads its modules when called. Never rejects. */
export async function checkUpLines(parts: {
  readonly agent: Agent;
  readonly profiles: Pick<ServedProfiles, 'get'>;
  readonly vault: Vault;
  readonly send: Send;
}): Promise<readonly CheckUpLine[]> {
  const { agent, profiles, vault, send } = parts;
  const profile = namedProfile(profiles, agent);
  const { checkUp } = await import('./check-up.ts');
  return (await checkUp({ profile: agent.profile, vault, send, now: Date.now })).map((result) =>
    lineOf(result, profile),
  );
}

function lineOf({ name, outcome, ms }: CheckResult, profile: string | undefined): CheckUpLine {
  const { kind } = outcome;
  return kind === 'trouble'
    ? {
        name,
        kind,
        problem: problemBody({ ...outcome.problem, during: 'check-up' }, 'terminal', profile),
        ms,
      }
    : { name, kind, detail: outcome.detail, ms };
}

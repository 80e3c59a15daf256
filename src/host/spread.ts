import { sayIssue } from '../config/rules/issue.ts';
import type { Places } from '../system/places.ts';
import { readPolicy } from '../config/settings/policy.ts';
import type { Log } from '../system/log/log.ts';
import { say } from '../words/say.ts';

const MINUTE_MS = 60_000;

/**
 * The maximum random delay of scheduled refreshes by the machine's policy, in milliseconds. An invalid policy is
 * reported and ignored: no token waits for an administrator's file.
 */
export function readSpread(
  places: Pick<Places, 'policyFile' | 'policyWriter'>,
  tell: (line: string) => void,
  log: Log,
): number {
  const file = places.policyFile;
  const read = readPolicy(file, places.policyWriter);
  switch (read.kind) {
    case 'ok':
      return read.policy.spreadMinutes * MINUTE_MS;
    case 'absent':
      return 0;
    case 'invalid': {
      const issues = read.issues.map(sayIssue);
      tell(say('policy.left-out', { file }));
      for (const issue of issues) tell(`  ${issue}`);
      log.warn('policy left out', { file, issues: issues.join(' ') });
      return 0;
    }
  }
}

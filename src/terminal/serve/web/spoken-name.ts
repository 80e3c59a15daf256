import type { Agent } from '../../../agent/agent.ts';
import type { ServedProfiles } from '../../../outlets/answer/host.ts';

/** The name of the profile, for display: undefined if there is only one, so that the pages do not mention profiles. */
export function spokenName({ list }: Pick<ServedProfiles, 'list'>, { profile }: Agent): string | undefined {
  return list.length > 1 ? profile.name : undefined;
}

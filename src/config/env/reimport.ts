import { registrationName } from '../credential/credential.ts';
import type { Profile } from '../profile/profile.ts';

/** The parts of a profile that an old `.env` does not contain: options of the import give them, or nothing does. */
const KEPT = ['name', 'extraScopes', 'schedule', 'signIn', 'continuousAccess'] as const;
export type BesideTheFile = (typeof KEPT)[number];

/**
 * The imported profile; if the same registration already exists, parts that the import does not give stay as they are.
 * So importing the same file again renews a secret without losing the schedule, the name or the way to sign in.
 */
export function keepUnnamed(
  imported: Profile,
  named: readonly BesideTheFile[],
  profiles: readonly Profile[],
): Profile {
  const known = profiles.find(({ id }) => id === imported.id);
  if (known === undefined || registrationName(known) !== registrationName(imported)) return imported;
  const kept = KEPT.filter((field) => !named.includes(field)).map((field) => [field, known[field]]);
  return { ...imported, ...(Object.fromEntries(kept) as Partial<Profile>) };
}

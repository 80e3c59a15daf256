import { registrationName } from '../credential/credential.ts';
import type { Profile } from '../profile/profile.ts';

/** What no old `.env` says of a profile: an import names it beside the file, or says nothing of it. */
export type BesideTheFile = 'name' | 'extraScopes' | 'schedule' | 'signIn';

/**
 * The imported profile where the same registration is there already: what its import says nothing of stays
 * as it is. So a secret is renewed by importing the same file again, and neither schedule nor name nor the
 * way to sign in is lost.
 */
export function keepUnnamed(
  imported: Profile,
  named: readonly BesideTheFile[],
  profiles: readonly Profile[],
): Profile {
  const known = profiles.find(({ id }) => id === imported.id);
  if (known === undefined || registrationName(known) !== registrationName(imported)) return imported;
  const sourceOf = (field: BesideTheFile): Profile => (named.includes(field) ? imported : known);
  return {
    ...imported,
    name: sourceOf('name').name,
    extraScopes: sourceOf('extraScopes').extraScopes,
    schedule: sourceOf('schedule').schedule,
    signIn: sourceOf('signIn').signIn,
  };
}

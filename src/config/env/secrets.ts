import type { EnvAssignment } from './text.ts';
import { isGuid } from '../../system/guid.ts';
import { isPlaceholder } from '../rules/placeholder.ts';

/** Names whose values may be secrets of any program; these values are never shown, wherever they occur. */
const SECRET_NAME = /SECRET|PASSWORD|PASSWD|TOKEN|KEY/iu;

/** The values of a `.env` file that no message may contain. */
export function secretsIn(assignments: readonly EnvAssignment[]): readonly string[] {
  const valuesOf = (isMeant: (name: string) => boolean): string[] =>
    assignments.filter(({ name, value }) => isMeant(name) && value !== '').map(({ value }) => value);
  // A sample's placeholder is not a secret and may be the value of any name.
  const secrets = valuesOf((name) => SECRET_NAME.test(name)).filter((value) => !isPlaceholder(value));
  // If the secret is a GUID and the ID is not, the two were mixed up, and the ID is the secret.
  const isSwapped = valuesOf((name) => name.endsWith('CLIENT_SECRET')).some(isGuid);
  const ids = valuesOf((name) => name.endsWith('CLIENT_ID')).filter((value) => !isGuid(value));
  return isSwapped ? [...secrets, ...ids] : secrets;
}

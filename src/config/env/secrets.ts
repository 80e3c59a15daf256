import type { EnvAssignment } from './text.ts';
import { isGuid } from '../../system/guid.ts';
import { isPlaceholder } from '../rules/placeholder.ts';

/** Names whose values may be secrets of any program: none of them is shown, wherever else it stands. */
const SECRET_NAME = /SECRET|PASSWORD|PASSWD|TOKEN|KEY/iu;

/** The values of a `.env` file that no message may hold. */
export function secretsIn(assignments: readonly EnvAssignment[]): readonly string[] {
  const valuesOf = (wanted: (name: string) => boolean): string[] =>
    assignments.filter(({ name, value }) => wanted(name) && value !== '').map(({ value }) => value);
  // A sample's placeholder is no secret, and may stand behind every name.
  const secrets = valuesOf((name) => SECRET_NAME.test(name)).filter((value) => !isPlaceholder(value));
  // A GUID as the secret and none as the id: the two were mixed up, and the id is the secret.
  const isSwapped = valuesOf((name) => name.endsWith('CLIENT_SECRET')).some(isGuid);
  const ids = valuesOf((name) => name.endsWith('CLIENT_ID')).filter((value) => !isGuid(value));
  return isSwapped ? [...secrets, ...ids] : secrets;
}

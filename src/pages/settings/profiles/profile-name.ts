import { withoutTurning } from '../../../words/turning-marks.ts';
import type { ProfileSettings } from '../../bridge/contract.ts';

/**
 * How a profile is called: by its name or, where nobody chose one, by its id. Without marks that could turn what
 * stands beside it, so that it can be a title and a name for screen readers too.
 */
export function profileName({ id, draft }: Pick<ProfileSettings, 'id' | 'draft'>): string {
  const name = withoutTurning(draft.name);
  return name.trim() === '' ? withoutTurning(id) : name;
}

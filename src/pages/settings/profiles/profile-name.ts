import { withoutTurning } from '../../../words/turning-marks.ts';
import type { ProfileSettings } from '../../bridge/contract.ts';

/**
 * The profile's display name; the id by default. Without marks that could reverse the text around it, so that it can
 * be used in titles and in labels for screen readers.
 */
export function profileName({ id, draft }: Pick<ProfileSettings, 'id' | 'draft'>): string {
  const name = withoutTurning(draft.name);
  return name.trim() === '' ? withoutTurning(id) : name;
}

import type { Announcements } from '../elements/announce.ts';
import { actAndSay } from './saved-setting.ts';

/**
 * {@link actAndSay}, one act at a time: while the native dialog of one is open, what is asked for besides is not
 * begun.
 */
export function oneAct(
  announcements: Announcements,
): (act: Parameters<typeof actAndSay>[0], words: Parameters<typeof actAndSay>[2]) => Promise<void> {
  let state: 'idle' | 'under way' = 'idle';
  return async (act, words) => {
    if (state === 'under way') return;
    state = 'under way';
    await actAndSay(act, announcements, words);
    state = 'idle';
  };
}

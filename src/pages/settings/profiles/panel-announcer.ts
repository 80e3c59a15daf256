import { say } from '../../../words/say.ts';
import type { Announcer } from '../../elements/announce.ts';
import { isolated } from '../../elements/foreign-text.ts';

/**
 * Announcements about one profile. If the user is looking at something else by the time one is ready, it is given with
 * the profile's name and does not clear what was announced there.
 *
 * `away`: the profile's name while something else is shown; otherwise undefined.
 */
export function panelAnnouncer(all: Announcer, away: () => string | undefined): Announcer {
  const named = (sentence: string): string => {
    const name = away();
    return name === undefined ? sentence : say('settings-page.of', { name: isolated(name), sentence });
  };
  return {
    say: (sentence) => all.say(named(sentence)),
    fail: (heading, problem) => all.fail(named(heading), problem),
    clear: () => {
      if (away() === undefined) all.clear();
    },
  };
}

import { say } from '../../../words/say.ts';
import type { Announcer } from '../../elements/announce.ts';
import { isolated } from '../../elements/foreign-text.ts';

/**
 * What is said of one profile. Somebody may look at something else by the time when it is known; then it is said
 * with the profile's name, and what is said there is not cleared.
 *
 * `away`: how the profile is called while another one is looked at, or undefined while it is itself.
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

import { checkUpWords } from './catalogue/check-up.ts';
import { claimWords } from './catalogue/claims.ts';
import { commandLineWords } from './catalogue/command-line.ts';
import { detailWords } from './catalogue/details.ts';
import { commandHelp } from './catalogue/command-help.ts';
import { hostProblems } from './catalogue/problems/host.ts';
import { networkProblems } from './catalogue/problems/network.ts';
import { registrationProblems } from './catalogue/problems/registration.ts';
import { requestProblems } from './catalogue/problems/request.ts';
import { signInProblems } from './catalogue/problems/sign-in.ts';
import { storageProblems } from './catalogue/problems/storage.ts';
import { sessionWords } from './catalogue/session.ts';
import { settingsFormWords } from './catalogue/settings-form.ts';
import { settingsPageWords } from './catalogue/settings-page.ts';
import { settingsRuleWords } from './catalogue/settings-rules.ts';
import { statusPageWords } from './catalogue/status-page.ts';
import { trayWords } from './catalogue/tray.ts';

/**
 * Every sentence people read, by code. `{name}` is filled in by {@link say}; the compiler asks for
 * each name a sentence holds. A problem has two entries: what happened, and (`.next`) what to do.
 */
export const catalogue = {
  ...sessionWords,
  ...trayWords,
  ...statusPageWords,
  ...settingsPageWords,
  ...settingsFormWords,
  ...settingsRuleWords,
  ...claimWords,
  ...checkUpWords,
  ...commandLineWords,
  ...commandHelp,
  ...detailWords,
  ...signInProblems,
  ...registrationProblems,
  ...networkProblems,
  ...storageProblems,
  ...hostProblems,
  ...requestProblems,
} as const;

export type WordCode = keyof typeof catalogue;

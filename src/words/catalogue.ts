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
 * Every sentence people read, by code; the file of a code's part names its prefix. {@link say} fills in `{name}`, and
 * the compiler checks the names. A problem has a sentence for what happened and one for what to do (`.next`). Where the
 * next step differs between surfaces, a variant is named for the surface (`.next.tray`).
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

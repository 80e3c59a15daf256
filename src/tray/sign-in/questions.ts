import type { Certificate } from 'electron';
import type { Problem } from '../../words/problem.ts';
import { say, sayProblem, sayReason } from '../../words/say.ts';
import { choose, type Asking } from '../dialogs/message-box.ts';

/** Whether the system's browser can finish a sign-in with this redirect URI. */
export type BrowserWay = 'possible' | 'impossible';

const browserChoice = { label: say('window.browser'), value: 'browser' } as const;
const cancelChoice = { label: say('window.cancel'), value: 'cancel' } as const;

/** After a page failed: try again, use the browser, or cancel. */
export function askAfterTrouble(
  asking: Asking,
  reason: Problem,
  browser: BrowserWay,
): Promise<'again' | 'browser' | 'cancel' | undefined> {
  const { sentence, next } = sayProblem(reason, 'tray');
  const again = { label: say('window.again'), value: 'again' } as const;
  const choices = browser === 'possible' ? [again, browserChoice, cancelChoice] : [again, cancelChoice];
  return choose({ type: 'warning', message: sentence, detail: next }, choices, asking);
}

/** When a page asks for a passkey. */
export function askAboutPasskey(asking: Asking): Promise<'browser' | 'stay' | undefined> {
  return choose(
    { type: 'question', message: say('window.passkey'), detail: say('window.passkey.detail') },
    [browserChoice, { label: say('window.stay'), value: 'stay' }],
    asking,
  );
}

/** When a policy refused this window; it may accept the browser. */
export function askAboutPolicy(asking: Asking, refusal: Problem): Promise<'browser' | 'cancel' | undefined> {
  return choose(
    { type: 'warning', message: sayReason(refusal), detail: say('window.policy.detail') },
    [browserChoice, cancelChoice],
    asking,
  );
}

/** What to do with another account: `use` it, sign in `again` with the expected one, or neither. */
export type AccountChoice = 'use' | 'again' | 'cancel';

/** When another account signed in than the session's; `use` replaces the session. */
export function askAboutAccount(
  asking: Asking,
  { found, expected }: { readonly found: string; readonly expected: string },
): Promise<AccountChoice | undefined> {
  const message = say('window.account', { found, expected });
  const detail = say('window.account.detail', { found, expected });
  // `use` is not first, because Enter must not end a session.
  const again = { label: say('window.account.again'), value: 'again' } as const;
  const use = { label: say('window.account.use', { found }), value: 'use' } as const;
  return choose({ type: 'question', message, detail }, [again, use, cancelChoice], asking);
}

/** When a server requests a client certificate; undefined continues without one. */
export function askForCertificate(
  asking: Asking,
  host: string,
  certificates: readonly Certificate[],
): Promise<Certificate | undefined> {
  const choices = certificates.map((value, index) => ({
    label: `${index + 1}. ${value.subjectName}`,
    value,
  }));
  const lines = choices.map(({ label, value: { issuerName, validExpiry } }) => {
    // `validExpiry` is in seconds since the epoch.
    const until = new Date(validExpiry * 1_000).toISOString().slice(0, 10);
    return say('window.client-certificate.one', { name: label, issuer: issuerName, until });
  });
  const message = say('window.client-certificate', { host });
  const none = { label: say('window.client-certificate.none'), value: undefined };
  return choose<Certificate | undefined>(
    { type: 'question', message, detail: lines.join('\n') },
    [...choices, none],
    asking,
  );
}

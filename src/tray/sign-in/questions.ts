import type { BrowserWindow, Certificate, MessageBoxOptions } from 'electron';
import type { Problem } from '../../words/problem.ts';
import { say, sayProblem } from '../../words/say.ts';
import { showBox } from '../dialogs/message-box.ts';

/** The window that a question is shown over, and a signal that also cancels it. */
export interface Asking {
  readonly over: BrowserWindow | undefined;
  readonly signal?: AbortSignal;
}

interface Choice<Value> {
  readonly label: string;
  readonly value: Value;
}

/** A box with a button for each choice. Escape and closing the box mean the last one. */
async function choose<Value>(
  { over, signal }: Asking,
  box: Pick<MessageBoxOptions, 'type' | 'message' | 'detail'>,
  choices: readonly Choice<Value>[],
): Promise<Value | undefined> {
  const options: MessageBoxOptions = {
    ...box,
    title: say('app.name'),
    buttons: choices.map(({ label }) => label),
    defaultId: 0,
    cancelId: choices.length - 1,
    noLink: true,
    ...(signal === undefined ? {} : { signal }),
  };
  const { response } = await showBox(options, over);
  return choices[response]?.value;
}

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
  const { sentence, next } = sayProblem(reason);
  const again = { label: say('window.again'), value: 'again' } as const;
  const choices = browser === 'possible' ? [again, browserChoice, cancelChoice] : [again, cancelChoice];
  return choose(asking, { type: 'warning', message: sentence, detail: next }, choices);
}

/** When a page asks for a passkey. */
export function askAboutPasskey(asking: Asking): Promise<'browser' | 'stay' | undefined> {
  return choose(
    asking,
    { type: 'question', message: say('window.passkey'), detail: say('window.passkey.detail') },
    [browserChoice, { label: say('window.stay'), value: 'stay' }],
  );
}

/** When a policy refused this window; it may accept the browser. */
export function askAboutPolicy(asking: Asking, refusal: Problem): Promise<'browser' | 'cancel' | undefined> {
  return choose(
    asking,
    { type: 'warning', message: sayProblem(refusal).sentence, detail: say('window.policy.detail') },
    [browserChoice, cancelChoice],
  );
}

/** What to do with another account: `use` it, sign in `again` with the expected one, or neither. */
export type AccountChoice = 'use' | 'again' | 'cancel';

/** When another account signed in than the session's; `use` replaces the session. */
export function askAboutAccount(
  asking: Asking,
  { found, expected }: { readonly found: string; readonly expected: string },
): Promise<AccountChoice | undefined> {
  return choose(
    asking,
    {
      type: 'question',
      message: say('window.account', { found, expected }),
      detail: say('window.account.detail', { found, expected }),
    },
    [
      // Not first, because Enter must not end a session.
      { label: say('window.account.again'), value: 'again' },
      { label: say('window.account.use', { found }), value: 'use' },
      cancelChoice,
    ],
  );
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
  return choose<Certificate | undefined>(asking, { type: 'question', message, detail: lines.join('\n') }, [
    ...choices,
    none,
  ]);
}

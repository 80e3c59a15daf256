import type { BrowserWindow, Certificate, MessageBoxOptions } from 'electron';
import type { Problem } from '../../words/problem.ts';
import { say, sayProblem } from '../../words/say.ts';
import { showBox } from '../dialogs/message-box.ts';

/** Where a question is shown, and what besides that window's end takes it away again: it counts as cancelled then. */
export interface Asking {
  readonly over: BrowserWindow | undefined;
  readonly signal?: AbortSignal;
}

interface Choice<Value> {
  readonly label: string;
  readonly value: Value;
}

/** A box with a button for each choice. The last one is what Escape and a closed box mean. */
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

/** Whether the system's browser can finish a sign-in to this redirect URI. */
export type BrowserWay = 'possible' | 'impossible';

const browserChoice = { label: say('window.browser'), value: 'browser' } as const;
const cancelChoice = { label: say('window.cancel'), value: 'cancel' } as const;

/** A page that could not be shown: once more, elsewhere, or not at all. */
export function askAfterTrouble(
  asking: Asking,
  reason: Problem,
  browser: BrowserWay,
): Promise<'again' | 'browser' | 'cancel' | undefined> {
  const { sentence, next } = sayProblem(reason);
  return choose(asking, { type: 'warning', message: sentence, detail: next }, [
    { label: say('window.again'), value: 'again' },
    ...(browser === 'possible' ? [browserChoice] : []),
    cancelChoice,
  ]);
}

/** A page asks for a passkey. */
export function askAboutPasskey(asking: Asking): Promise<'browser' | 'stay' | undefined> {
  return choose(
    asking,
    { type: 'question', message: say('window.passkey'), detail: say('window.passkey.detail') },
    [browserChoice, { label: say('window.stay'), value: 'stay' }],
  );
}

/** A policy refused this window; it may accept the browser. */
export function askAboutPolicy(asking: Asking, refusal: Problem): Promise<'browser' | 'cancel' | undefined> {
  return choose(
    asking,
    { type: 'warning', message: sayProblem(refusal).sentence, detail: say('window.policy.detail') },
    [browserChoice, cancelChoice],
  );
}

/** What to do with another account: `use` it, sign in `again` as the expected one, or neither. */
export type AccountChoice = 'use' | 'again' | 'cancel';

/** Somebody else signed in than the one whom the session belongs to; `use` replaces that session. */
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
      // Not the first: Enter must not end a session.
      { label: say('window.account.again'), value: 'again' },
      { label: say('window.account.use', { found }), value: 'use' },
      cancelChoice,
    ],
  );
}

/** A server asks for a certificate; undefined goes on without one. */
export async function askForCertificate(
  asking: Asking,
  host: string,
  certificates: readonly Certificate[],
): Promise<Certificate | undefined> {
  const nameOf = ({ subjectName }: Certificate, index: number): string => `${index + 1}. ${subjectName}`;
  const none: Choice<Certificate | undefined> = {
    label: say('window.client-certificate.none'),
    value: undefined,
  };
  return choose(
    asking,
    {
      type: 'question',
      message: say('window.client-certificate', { host }),
      detail: certificates
        .map((one, index) =>
          say('window.client-certificate.one', {
            name: nameOf(one, index),
            issuer: one.issuerName,
            // Electron counts this one in seconds.
            until: new Date(one.validExpiry * 1_000).toISOString().slice(0, 10),
          }),
        )
        .join('\n'),
    },
    [...certificates.map((one, index) => ({ label: nameOf(one, index), value: one })), none],
  );
}

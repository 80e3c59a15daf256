/**
 * The data of the Status page in a browser that shows `tokentray serve`, in place of the preload script: the same
 * calls over fetch, to the server of the page (src/terminal/serve/web/status.ts).
 */
import type { ProblemBody } from '../../../outlets/answer/answer.ts';
import type { StatusBody } from '../../../outlets/answer/status-body.ts';
import { say } from '../../../words/say.ts';
import { sayTime } from '../../../words/time.ts';
import type { ReadingApi } from '../../bridge/api.ts';
import type { Calls } from '../../bridge/contract.ts';
import { problemElement } from '../../elements/problems.ts';

type ReadName = Exclude<keyof ReadingApi, 'on'>;
type Answer<Name extends ReadName> = Calls[Name]['answered'];
type Words = Pick<ProblemBody, 'message' | 'next'>;

/** All calls of {@link ReadingApi}; the compiler reports a missing one. */
const ADDRESSES = {
  'profiles.read': '/status/profiles',
  'token.read': '/status/token',
  'history.read': '/status/history',
} as const satisfies Record<ReadName, string>;

/** A refresh appears within this time; a hidden tab does not ask. */
const LOOK_MS = 5_000;

/** The server may have to fetch the key of a signature from the authority first. */
const ANSWER_LIMIT_MS = 20_000;

/** The calls for a browser. `notice`: the element that says when the page is out of date. */
export class WebApi implements ReadingApi {
  readonly #notice: HTMLElement;
  readonly #listeners = new Set<(profiles: readonly StatusBody[]) => void>();
  /** The last profiles given to the page. */
  #last: readonly StatusBody[] | undefined;
  /** The time of the last answer; at first the time of the page itself. */
  #lastAt = Date.now();
  #said: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(notice: HTMLElement) {
    this.#notice = notice;
    document.addEventListener('visibilitychange', () => void this.#look());
    this.#lookLater();
  }

  readonly 'profiles.read' = async (): Promise<Answer<'profiles.read'>> => {
    const profiles = answerOf(await ask('profiles.read'));
    this.#last = profiles;
    this.#lastAt = Date.now();
    return profiles;
  };

  readonly 'token.read' = async (asked: Calls['token.read']['asked']): Promise<Answer<'token.read'>> =>
    answerOf(await ask('token.read', asked));

  readonly 'history.read' = async (asked: Calls['history.read']['asked']): Promise<Answer<'history.read'>> =>
    answerOf(await ask('history.read', asked));

  readonly on: ReadingApi['on'] = (_message, listener) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Polling keeps no connection open, and also finds a server that was restarted. */
  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      if (document.visibilityState === 'visible') this.#take(await ask('profiles.read'));
    } finally {
      this.#lookLater();
    }
  }

  #lookLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), LOOK_MS);
  }

  #take(heard: Heard<'profiles.read'>): void {
    const time = sayTime(this.#lastAt, Date.now());
    switch (heard.kind) {
      case 'answered':
        this.#say(undefined);
        this.#lastAt = Date.now();
        this.#tell(heard.answer);
        return;
      case 'refused':
        this.#say({ message: heard.message, next: `${heard.next} ${say('page.old', { time })}` });
        return;
      case 'lost':
        this.#say({ message: say('page.lost', { time }), next: say('page.lost.next') });
    }
  }

  #tell(profiles: readonly StatusBody[]): void {
    const before = this.#last;
    if (JSON.stringify(before) === JSON.stringify(profiles)) return;
    // The server wrote the text above the status for the account that was signed in then.
    if (before !== undefined && whose(before) !== whose(profiles)) location.reload();
    this.#last = profiles;
    for (const listener of this.#listeners) listener(profiles);
  }

  /** Announces a notice once, not after each poll. */
  #say(words: Words | undefined): void {
    const said = JSON.stringify(words);
    if (said === this.#said) return;
    this.#said = said;
    this.#notice.replaceChildren(...(words === undefined ? [] : [problemElement(words)]));
  }
}

/** The account of the profile that the top of this page is about; it does not mention the other profiles. */
function whose(profiles: readonly StatusBody[]): string {
  const own = profiles.find(({ profile }) => profile.id === document.body.dataset['profile']);
  return JSON.stringify([own?.session.kind, own?.session.account?.homeAccountId]);
}

/** The result of a call. `lost`: without a complete answer. */
type Heard<Name extends ReadName> =
  | { readonly kind: 'answered'; readonly answer: Answer<Name> }
  | ({ readonly kind: 'refused' } & Words)
  | { readonly kind: 'lost'; readonly cause: unknown };

async function ask<Name extends ReadName>(
  name: Name,
  asked: Readonly<Record<string, string>> = {},
): Promise<Heard<Name>> {
  const address = new URL(ADDRESSES[name], location.origin);
  for (const [key, value] of Object.entries(asked)) address.searchParams.set(key, value);
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    const text = await response.text();
    return response.status === 401 ? await signedOut() : heardOf(text);
  } catch (cause) {
    return { kind: 'lost', cause };
  }
}

/** The server no longer knows this browser; its own page says what to do. */
function signedOut(): Promise<never> {
  location.reload();
  return new Promise(() => undefined);
}

function heardOf<Name extends ReadName>(text: string): Heard<Name> {
  const body = parsed(text);
  // Trusted: the server has the same version as this page; a newer one would not know this browser.
  if (isRecord(body) && 'answer' in body) return { kind: 'answered', answer: body['answer'] as Answer<Name> };
  const error = isRecord(body) ? body['error'] : undefined;
  const { message, next } = isWords(error)
    ? error
    : { message: say('page.failed'), next: say('page.lost.next') };
  return { kind: 'refused', message, next };
}

/** Undefined if it is not JSON, from another program at this address. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isWords(error: unknown): error is Words {
  return isRecord(error) && 'message' in error && 'next' in error;
}

/** The answer of a call. @throws Error with a message for the user (api.ts) */
function answerOf<Name extends ReadName>(heard: Heard<Name>): Answer<Name> {
  switch (heard.kind) {
    case 'answered':
      return heard.answer;
    case 'refused':
      throw new Error(`${heard.message} ${heard.next}`.trim());
    case 'lost':
      throw new Error(`${say('problem.agent-not-running')} ${say('page.lost.next')}`, { cause: heard.cause });
  }
}

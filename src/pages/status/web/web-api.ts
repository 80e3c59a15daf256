/**
 * What the Status page reads from in a browser of `tokentray serve`, in place of the preload script: the same calls
 * over fetch, to the server that the page is from (src/terminal/web-status.ts).
 */
import type { ProblemBody } from '../../../outlets/answer/answer.ts';
import type { StatusBody } from '../../../outlets/answer/status-body.ts';
import { say } from '../../../words/say.ts';
import { sayTime } from '../../../words/time.ts';
import type { ReadingApi } from '../../bridge/api.ts';
import type { Calls } from '../../bridge/contract.ts';
import { problemElement } from '../../elements/problems.ts';

type ReadName = Exclude<keyof ReadingApi, 'on'>;

/** Every call of {@link ReadingApi}; the compiler refuses one that is missing here. */
const ADDRESSES = {
  'profiles.read': '/status/profiles',
  'token.read': '/status/token',
  'history.read': '/status/history',
} as const satisfies Record<ReadName, string>;

/** Who waits for a refresh to be shown looks twice within this time; a tab that is not seen does not ask. */
const LOOK_MS = 5_000;

/** A signature's key may have to be fetched from the authority; whoever has waited this long is told so. */
const ANSWER_LIMIT_MS = 20_000;

/** The calls for a browser. `notice`: where it is said that what is shown is not how it stands now. */
export class WebApi implements ReadingApi {
  readonly #notice: HTMLElement;
  readonly #listeners = new Set<(profiles: readonly StatusBody[]) => void>();
  /** What the page was told last. */
  #last: readonly StatusBody[] | undefined;
  /** When {@link #last} was so, by an answer; before the first one, when the server wrote this page. */
  #lastAt = Date.now();
  #said: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(notice: HTMLElement) {
    this.#notice = notice;
    document.addEventListener('visibilitychange', () => void this.#look());
    this.#lookLater();
  }

  readonly 'profiles.read' = async (): Promise<readonly StatusBody[]> => {
    const profiles = answerOf(await ask('profiles.read'));
    this.#last = profiles;
    this.#lastAt = Date.now();
    return profiles;
  };

  readonly 'token.read' = async (
    asked: Calls['token.read']['asked'],
  ): Promise<Calls['token.read']['answered']> => answerOf(await ask('token.read', asked));

  readonly 'history.read' = async (
    asked: Calls['history.read']['asked'],
  ): Promise<Calls['history.read']['answered']> => answerOf(await ask('history.read', asked));

  readonly on: ReadingApi['on'] = (_message, listener) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Asking anew holds no connection, and finds a server again that was started anew. */
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
        return;
    }
  }

  #tell(profiles: readonly StatusBody[]): void {
    const before = this.#last;
    if (JSON.stringify(before) === JSON.stringify(profiles)) return;
    // What stands above the status was written for whoever was signed in then.
    if (before !== undefined && whose(before) !== whose(profiles)) leave();
    this.#last = profiles;
    for (const listener of this.#listeners) listener(profiles);
  }

  /** Once: what is said again and again is not listened to. */
  #say(words: Words | undefined): void {
    const said = JSON.stringify(words);
    if (said === this.#said) return;
    this.#said = said;
    this.#notice.replaceChildren(...(words === undefined ? [] : [problemElement(words)]));
  }
}

/**
 * Who is signed in to the profile that the top of this page is about. Of the others it says nothing: another tab may
 * have brought one, or somebody removed it.
 */
function whose(profiles: readonly StatusBody[]): string {
  const own = profiles.find(({ profile }) => profile.id === document.body.dataset['profile']);
  return JSON.stringify([own?.session.kind, own?.session.account?.homeAccountId]);
}

/** The server's own page says how it stands now: for a browser that it does not know any more, that alone. */
function leave(): void {
  location.reload();
}

type Words = Pick<ProblemBody, 'message' | 'next'>;

/** How a call went. `lost`: nobody answered, or not to the end. */
type Heard<Name extends ReadName> =
  | { readonly kind: 'answered'; readonly answer: Calls[Name]['answered'] }
  | ({ readonly kind: 'refused' } & Words)
  | { readonly kind: 'lost'; readonly cause: unknown };

async function ask<Name extends ReadName>(
  name: Name,
  asked: Readonly<Record<string, string>> = {},
): Promise<Heard<Name>> {
  const address = new URL(ADDRESSES[name], location.origin);
  for (const [key, value] of Object.entries(asked)) address.searchParams.set(key, value);
  const fetched = await fetchText(address);
  if (fetched.kind === 'lost') return fetched;
  if (fetched.status === 401) {
    leave();
    return new Promise(() => undefined);
  }
  const body = parsed(fetched.text);
  // The server that made this page answers, of the same version: a new one does not know this browser.
  if (isAnswer(body)) return { kind: 'answered', answer: body.answer as Calls[Name]['answered'] };
  const { message, next } = isError(body)
    ? body.error
    : { message: say('page.failed'), next: say('page.lost.next') };
  return { kind: 'refused', message, next };
}

async function fetchText(
  address: URL,
): Promise<
  | { readonly kind: 'text'; readonly status: number; readonly text: string }
  | { readonly kind: 'lost'; readonly cause: unknown }
> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    return { kind: 'text', status: response.status, text: await response.text() };
  } catch (cause) {
    return { kind: 'lost', cause };
  }
}

/** Undefined where it is no JSON: then something else answers at this address. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What the page gets of a call. @throws Error in words for people (api.ts) */
function answerOf<Name extends ReadName>(heard: Heard<Name>): Calls[Name]['answered'] {
  switch (heard.kind) {
    case 'answered':
      return heard.answer;
    case 'refused':
      throw new Error(`${heard.message} ${heard.next}`.trim());
    case 'lost':
      throw new Error(`${say('problem.agent-not-running')} ${say('page.lost.next')}`, { cause: heard.cause });
  }
}

function isAnswer(body: unknown): body is { readonly answer: unknown } {
  return typeof body === 'object' && body !== null && 'answer' in body;
}

function isError(body: unknown): body is { readonly error: Words } {
  if (typeof body !== 'object' || body === null || !('error' in body)) return false;
  const { error } = body;
  return typeof error === 'object' && error !== null && 'message' in error && 'next' in error;
}

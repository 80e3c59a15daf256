import type { Agent } from '../../agent/agent.ts';
import { problemOf } from '../../agent/failures/thrown.ts';
import { namedProfile } from '../../outlets/answer/token-answer.ts';
import type { ServedProfiles } from '../../outlets/answer/host.ts';
import type { Problem } from '../../words/problem.ts';
import { say, sayProblem } from '../../words/say.ts';
import { sayTime } from '../../words/time.ts';
import type { Terminal } from '../output/terminal.ts';
import { spokenName } from './web/spoken-name.ts';

/** By then, MSAL has been loaded, which the agent does one second after the start. */
const CREDENTIALS_AFTER_MS = 2_000;

/** The state of an agent at one moment. */
type Seen = Pick<Agent, 'status' | 'lastRefresh' | 'failedSignIn'>;

/** An event of a session, before it is put into words. */
export type SessionEvent =
  | { readonly kind: 'signed-in'; readonly name: string; readonly expiresOn: number | undefined }
  | { readonly kind: 'refreshed'; readonly expiresOn: number }
  | { readonly kind: 'failed'; readonly reason: Problem }
  | { readonly kind: 'signed-out' };

/** What happened between two states of an agent; undefined if it is nothing to report. Pure. */
export function sessionEvent(before: Seen, after: Seen): SessionEvent | undefined {
  const { session } = after.status;
  const { failedSignIn, lastRefresh } = after;
  if (failedSignIn !== undefined && failedSignIn !== before.failedSignIn)
    return { kind: 'failed', reason: failedSignIn };
  if (lastRefresh !== undefined && lastRefresh !== before.lastRefresh && lastRefresh.kind === 'failed')
    return { kind: 'failed', reason: lastRefresh.reason };
  if (session === before.status.session) {
    const { health } = after.status;
    return health.kind === 'configuration' && health !== before.status.health
      ? { kind: 'failed', reason: health.reason }
      : undefined;
  }
  switch (session.kind) {
    case 'signed-out':
      return { kind: 'signed-out' };
    case 'sign-in-needed':
      return { kind: 'failed', reason: session.reason };
    case 'signed-in': {
      const { account, expiresOn } = session;
      return lastRefresh?.kind === 'refreshed' && expiresOn !== undefined
        ? { kind: 'refreshed', expiresOn }
        : { kind: 'signed-in', name: account.name, expiresOn };
    }
  }
}

/**
 * Says in one line each when a session begins, is refreshed, fails (with the next step, once for each reason), or
 * ends, and when the storage stops working and works again. Soon after the start it also says which credentials are
 * refused, as `tokentray doctor` would. Returns the function that ends this.
 * @param refusal requests a token with the credential of a profile; resolves to the reason if it is refused
 */
export function tellEvents(
  profiles: ServedProfiles,
  terminal: Terminal,
  refusal: (agent: Agent) => Promise<Problem | undefined>,
): () => void {
  const seen = new WeakMap<Agent, Seen>(profiles.list.map((agent) => [agent, seenOf(agent)]));
  const told = new WeakMap<Agent, Problem['code']>();
  const tell = (agent: Agent, text: string): void => {
    const name = spokenName(profiles, agent);
    terminal.err(name === undefined ? text : say('cli.serve.profile', { name, text }));
  };
  const tellEvent = (agent: Agent, event: SessionEvent): void => {
    if (event.kind !== 'failed') told.delete(agent);
    else if (told.get(agent) === event.reason.code) return;
    else told.set(agent, event.reason.code);
    tell(agent, eventLine(event, namedProfile(profiles, agent)));
  };
  let storage = storageLines(profiles);
  const unwatch = profiles.watch((agent) => {
    const now = storageLines(profiles);
    if (storage.length > 0 && now.length === 0) terminal.err(say('cli.serve.storage-recovered'));
    for (const text of now) if (!storage.includes(text)) terminal.err(text);
    storage = now;
    const after = seenOf(agent);
    const event = sessionEvent(seen.get(agent) ?? after, after);
    seen.set(agent, after);
    if (event !== undefined) tellEvent(agent, event);
  });
  let isOver = false;
  const tryCredentials = async (): Promise<void> => {
    for (const agent of profiles.list) {
      const reason = await refusal(agent).catch(problemOf);
      if (isOver) return;
      if (reason !== undefined) tellEvent(agent, { kind: 'failed', reason });
    }
  };
  const quiet = setTimeout(() => void tryCredentials(), CREDENTIALS_AFTER_MS);
  return () => {
    isOver = true;
    clearTimeout(quiet);
    unwatch();
  };
}

function seenOf({ status, lastRefresh, failedSignIn }: Agent): Seen {
  return { status, lastRefresh, failedSignIn };
}

function eventLine(event: SessionEvent, profile: string | undefined): string {
  const now = Date.now();
  switch (event.kind) {
    case 'signed-in': {
      const { name, expiresOn } = event;
      return expiresOn === undefined
        ? say('session.signed-in', { name })
        : say('cli.serve.signed-in', { name, time: sayTime(expiresOn, now) });
    }
    case 'refreshed':
      return say('cli.serve.refreshed', { time: sayTime(event.expiresOn, now) });
    case 'failed':
      return reasonLine(event.reason, profile);
    case 'signed-out':
      return say('session.signed-out');
  }
}

/** Without repetitions: the profiles share one vault, and so its problem. */
export function storageLines({ list }: Pick<ServedProfiles, 'list'>): readonly string[] {
  const lines = list.flatMap(({ status: { storage } }) =>
    storage.kind === 'ok' ? [] : [reasonLine(storage.reason)],
  );
  return [...new Set(lines)];
}

/** A problem and its next step in one line. */
export function reasonLine(reason: Problem, profile?: string): string {
  const { sentence, next } = sayProblem(reason, 'terminal', profile);
  return `${sentence} ${next}`;
}

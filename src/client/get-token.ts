import path from 'node:path';
import { problem, ProblemError } from '../words/problem.ts';
import { places, PlacesError, thisMachine, type Places } from '../system/places.ts';
import { askOwner } from '../outlets/socket/client.ts';
import { giveToken, readToken, type AccessToken, type GivenToken } from './access-token.ts';
import { Flights } from './flights.ts';
import { Following } from './following.ts';
import { isEnough, isWorthKeeping, TokenMemory } from './memory.ts';
import { eventsPath, questionKey, tokenKey, tokenPath, type TokenOptions } from './token-options.ts';
import { TokentrayError } from './tokentray-error.ts';
import { garbled, readTrouble, troubleOf } from './trouble.ts';

/** An owner confirms the account within milliseconds. Asking it again costs less than a longer wait. */
const OPENING_MS = 1_000;

type Where = Pick<Places, 'runtimeDirectory' | 'socketPath'>;

/** Shared by calls without options, so that they allocate nothing. */
const NOTHING: TokenOptions = Object.freeze({});

const memory = new TokenMemory();
const flights = new Flights<GivenToken>();
/** By socket and profile. */
const followings = new Map<string, Following>();
/** By the same key: until when an owner with too many listeners is not asked again (`performance.now()`). */
const refusedUntil = new Map<string, number>();
let questions = 0;
let own: Where | undefined;

/**
 * The bare access token, fresh: from memory until ten minutes before it expires (or until less than
 * `minLifetimeSeconds` are left), otherwise from the Tokentray that runs for this user, which renews it first if
 * needed. Equal questions are asked once at a time.
 *
 * A token in memory is dropped as soon as Tokentray exits, the user signs out or another user signs in: this is
 * watched over a separate connection that does not keep the process alive. If it cannot be watched, nothing is
 * kept. A token that was returned stays valid until it expires; it cannot be revoked.
 *
 * The environment (TOKENTRAY_HOME, XDG_RUNTIME_DIR …) is read at the first call.
 * @throws TokentrayError if there is no token; the signal's reason
 */
export async function getToken(options: TokenOptions = NOTHING): Promise<string> {
  return (recall(options) ?? (await obtain(options))).token;
}

/**
 * As {@link getToken}, with the token's properties.
 * @throws TokentrayError if there is no token; the signal's reason
 */
export async function getAccessToken(options: TokenOptions = NOTHING): Promise<AccessToken> {
  return giveToken(recall(options) ?? (await obtain(options)));
}

function wantsNew({ refresh, claims }: TokenOptions): boolean {
  return refresh === 'always' || claims !== undefined;
}

function recall(options: TokenOptions): GivenToken | undefined {
  options.signal?.throwIfAborted();
  if (wantsNew(options)) return undefined;
  const kept = memory.recall(tokenKey(options));
  if (kept === undefined || kept.following.state !== 'live') return undefined;
  const { minLifetimeSeconds } = options;
  // The owner reports what is wrong with it.
  if (minLifetimeSeconds !== undefined && !Number.isInteger(minLifetimeSeconds)) return undefined;
  const minLifetimeMs = minLifetimeSeconds === undefined ? undefined : minLifetimeSeconds * 1000;
  return isEnough(kept, minLifetimeMs, Date.now()) ? kept.given : undefined;
}

async function obtain(options: TokenOptions): Promise<GivenToken> {
  return flights.share(questionKey(options), (signal) => ask(options, signal), options.signal);
}

async function ask(options: TokenOptions, signal: AbortSignal): Promise<GivenToken> {
  const key = tokenKey(options);
  // A second call right after the first waits until the first answer may be kept.
  const opening = memory.recall(key)?.following;
  if (!wantsNew(options) && opening?.state === 'opening') await untilOpened(opening);
  const kept = recall(options);
  if (kept !== undefined) return kept;
  // The resource has refused this token.
  if (options.claims !== undefined) memory.forget(key);
  questions += 1;
  const question = questions;
  const where = whereIs(options);
  const given = await askToken(where, options, signal);
  const now = Date.now();
  const following = isWorthKeeping(given, now) ? follow(where, options, given, now) : undefined;
  if (following === undefined) memory.forget(key);
  else memory.keep(key, { given, keptAt: now, question, following });
  return given;
}

/** Waits with a timer that keeps the process alive, because the connection that is being opened does not. */
function untilOpened({ opened }: Following): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, OPENING_MS);
    void opened.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function askToken(where: Where, options: TokenOptions, signal: AbortSignal): Promise<GivenToken> {
  try {
    const { status, body } = await askOwner(where, 'GET', tokenPath(options), { signal });
    if (status === 200) return readToken(body);
    const trouble = readTrouble(body.error);
    throw trouble === undefined ? garbled(`HTTP ${status}`) : new TokentrayError(trouble);
  } catch (error) {
    throw error instanceof ProblemError ? new TokentrayError(troubleOf(error)) : error;
  }
}

/** The following of the requested profile. For another account a new one is started. */
function follow(where: Where, options: TokenOptions, given: GivenToken, now: number): Following | undefined {
  const { account } = given;
  if (account === undefined) return undefined;
  const eventsOf = eventsPath(options);
  const key = `${where.socketPath} ${eventsOf}`;
  const running = followings.get(key);
  if (running !== undefined && running.account.homeAccountId === account.homeAccountId) return running;
  running?.end();
  if (performance.now() < (refusedUntil.get(key) ?? 0)) return undefined;
  refusedUntil.delete(key);
  const following = new Following({
    places: where,
    path: eventsOf,
    account,
    lastsMs: given.expiresAt - now,
    onEnd: (ended) => {
      memory.forgetAll(ended);
      if (followings.get(key) === ended) followings.delete(key);
      const { retryAfterMs } = ended;
      if (retryAfterMs !== undefined) refusedUntil.set(key, performance.now() + retryAfterMs);
    },
  });
  followings.set(key, following);
  return following;
}

function whereIs({ socketPath }: TokenOptions): Where {
  if (socketPath !== undefined) return { socketPath, runtimeDirectory: path.dirname(socketPath) };
  try {
    own ??= places(thisMachine());
    return own;
  } catch (error) {
    if (!(error instanceof PlacesError)) throw error;
    const wrong = problem('usage', 'command-line', { detail: error.message, help: 'tokentray --help' });
    throw new TokentrayError(troubleOf({ problem: wrong }));
  }
}

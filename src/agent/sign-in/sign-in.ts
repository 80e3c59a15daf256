import { createHash, randomBytes } from 'node:crypto';
import type { Profile } from '../../config/profile/profile.ts';
import { Secret } from '../../system/secret.ts';
import type { Account } from '../status/account.ts';
import type { Grant } from '../authority/authority.ts';
import type { Conversation } from '../authority/conversation.ts';
import { classify, readAadsts } from '../failures/failures.ts';
import { problem, type Problem } from '../../words/problem.ts';
import { equalSecrets, readAuthorizationResponse, type AuthorizationResponse } from './redirect.ts';

/** Long enough for a password, a phone and a consent page; email-oauth2-proxy gives the same. */
const ATTEMPT_MINUTES = 10;

/** 32 bytes: the least that RFC 7636 4.1 recommends for a verifier, and plenty for state and nonce. */
const RANDOM_BYTES = 32;

/** A newer attempt was begun, or the session ended. */
export const supersededSignIn = problem('interaction', 'sign-in.superseded');

export type SignInStart =
  | { readonly kind: 'started'; readonly attempt: SignInAttempt }
  | { readonly kind: 'failed'; readonly problem: Problem };

export type SignInOutcome =
  | { readonly kind: 'signed-in'; readonly account: Account; readonly expiresOn: number }
  | { readonly kind: 'failed'; readonly problem: Problem };

/**
 * How the answer comes back: in the application's own `window` whatever arrives is the end of the
 * attempt; over a `browser` anybody may knock, so an answer with a foreign state changes nothing.
 */
export type SignInVia = 'window' | 'browser';

/** Somebody else signed in than the one whom the session belongs to. */
export interface AnotherAccount {
  readonly found: Account;
  readonly expected: Account;
}

/**
 * Asks the person whether the session shall become the other account's. Meanwhile the grant waits in memory;
 * the signal takes the question back when the attempt ends some other way. Whatever is not `replace` is no.
 */
export type AskAboutAccount = (accounts: AnotherAccount, signal: AbortSignal) => Promise<'replace' | 'keep'>;

/**
 * Whose account a sign-in may bring: the session's own, or another one that the person confirms; or
 * `anybody`'s, of whoever switches the account: the authority asks who, and the session becomes theirs.
 */
export type WhoMaySignIn = AskAboutAccount | 'anybody';

export interface SignInOptions {
  readonly profile: Profile;
  readonly via: SignInVia;
  /** The account this session belongs to by then, if there is one; another one has to be confirmed. */
  readonly expected: () => Account | undefined;
  /** undefined: another account is refused without asking anybody. */
  readonly askAboutAccount: AskAboutAccount | undefined;
  /** A claims challenge that the last refusal carried. */
  readonly claims: string | undefined;
  readonly conversation: Conversation;
  readonly now: () => number;
  /** Takes the session over; an answer is the reason why it could not. */
  readonly accept: (grant: Grant, conversation: Conversation) => Promise<Problem | undefined>;
}

/** One attempt at signing in: PKCE, state and nonce of its own, one outcome, ten minutes at most. */
export interface SignInAttempt {
  readonly authorizeUrl: string;
  readonly redirectUri: string;
  /** Settles exactly once and never rejects. */
  readonly outcome: Promise<SignInOutcome>;
  /** Takes the redirect's URL, and its form body under `response_mode=form_post`. */
  receive(url: string, formBody?: string): Promise<SignInOutcome>;
  /** Ends the attempt for a reason of the host's (window closed, page failed) unless it has ended. */
  abandon(reason: Problem): void;
}

const random = (): string => randomBytes(RANDOM_BYTES).toString('base64url');

/** The problem for an `error=` in the redirect. Its description comes from elsewhere and is not repeated. */
function refusalProblem(response: AuthorizationResponse, redirectUri: string): Problem {
  const aadsts = readAadsts(response.errorDescription ?? '');
  const failure = { errorCode: response.error ?? '', aadsts, observation: { status: 400 } };
  const known = classify(failure, redirectUri);
  // The user saw the permissions and refused. Only the number tells that a policy is behind `access_denied`.
  if (response.error === 'access_denied' && known.code === 'consent')
    return problem('interaction', 'sign-in.denied');
  if (known.code !== 'unknown') return known;
  return problem('interaction', 'sign-in.authority-error', { detail: String(known.params.detail) });
}

/** Starts an attempt; fails when the authority cannot be reached for its metadata. */
export async function startSignIn(options: SignInOptions): Promise<SignInStart> {
  const { profile, conversation } = options;
  const state = random();
  const nonce = random();
  const codeVerifier = new Secret(random());
  const codeChallenge = createHash('sha256').update(codeVerifier.reveal()).digest('base64url');

  const url = await conversation.ask((authority) =>
    authority.authorizeUrl({
      scopes: profile.scopes,
      state,
      nonce,
      codeChallenge,
      loginHint: options.expected()?.username,
      claims: options.claims,
    }),
  );
  if (url.kind === 'failed') return url;

  let resolve: (outcome: SignInOutcome) => void = () => undefined;
  const outcome = new Promise<SignInOutcome>((settle) => {
    resolve = settle;
  });
  let phase: 'waiting' | 'redeeming' | 'accepting' | 'ended' = 'waiting';
  const over = new AbortController();
  const end = (result: SignInOutcome): SignInOutcome => {
    phase = 'ended';
    clearTimeout(timer);
    resolve(result);
    over.abort();
    return result;
  };
  const fail = (reason: Problem): SignInOutcome => end({ kind: 'failed', problem: reason });
  const timedOut = (): SignInOutcome =>
    fail(problem('interaction', 'sign-in.timeout', { minutes: ATTEMPT_MINUTES }));
  const deadline = options.now() + ATTEMPT_MINUTES * 60_000;
  const timer = setTimeout(timedOut, ATTEMPT_MINUTES * 60_000);

  const redeem = async (code: Secret): Promise<SignInOutcome> => {
    phase = 'redeeming';
    const granted = await conversation.ask((authority) =>
      authority.redeem({ code, codeVerifier, nonce, scopes: profile.scopes }),
    );
    if (isEnded()) return outcome;
    if (granted.kind === 'failed') return fail(granted.problem);
    const { account, expiresOn } = granted.value;
    const another = anotherAccount(options.expected(), account);
    if (another !== undefined) {
      const answer = await answerAbout(another, options.askAboutAccount, over.signal);
      if (isEnded()) return outcome;
      if (options.now() >= deadline) return timedOut();
      if (answer === 'keep') return fail(wrongAccount(another));
    }
    // From here on it is the session's: neither the ten minutes nor the host end it half done.
    phase = 'accepting';
    clearTimeout(timer);
    const refused = await options.accept(granted.value, conversation);
    return refused === undefined ? end({ kind: 'signed-in', account, expiresOn }) : fail(refused);
  };
  const isEnded = (): boolean => phase === 'ended';

  const attempt: SignInAttempt = {
    authorizeUrl: url.value,
    redirectUri: profile.redirectUri,
    outcome,
    receive: async (redirect, formBody) => {
      if (phase !== 'waiting') return outcome;
      if (options.now() >= deadline) return timedOut();
      const response = readAuthorizationResponse(redirect, formBody);
      if (response.state === undefined || !equalSecrets(response.state, state)) {
        const foreign = problem('interaction', 'sign-in.state-mismatch');
        return options.via === 'window' ? fail(foreign) : { kind: 'failed', problem: foreign };
      }
      if (response.error !== undefined) return fail(refusalProblem(response, profile.redirectUri));
      if (response.code === undefined) {
        return fail(problem('interaction', 'sign-in.no-code'));
      }
      return redeem(new Secret(response.code));
    },
    abandon: (reason) => {
      if (phase === 'waiting' || phase === 'redeeming') fail(reason);
    },
  };
  return { kind: 'started', attempt };
}

function anotherAccount(expected: Account | undefined, found: Account): AnotherAccount | undefined {
  if (expected === undefined || expected.homeAccountId === found.homeAccountId) return undefined;
  return { found, expected };
}

async function answerAbout(
  another: AnotherAccount,
  ask: AskAboutAccount | undefined,
  signal: AbortSignal,
): Promise<'replace' | 'keep'> {
  if (ask === undefined) return 'keep';
  // A question that could not be put was not answered with yes.
  return ask(another, signal).catch(() => 'keep' as const);
}

function wrongAccount({ found, expected }: AnotherAccount): Problem {
  const params = { found: found.username, expected: expected.username };
  return problem('interaction', 'sign-in.wrong-account', params);
}

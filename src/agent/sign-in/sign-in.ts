import { createHash, randomBytes } from 'node:crypto';
import { isIssuerOf } from '../../config/profile/authority.ts';
import type { Profile } from '../../config/profile/profile.ts';
import { Secret } from '../../system/secret.ts';
import type { Account } from '../status/account.ts';
import type { Grant } from '../authority/authority.ts';
import type { Conversation } from '../authority/conversation.ts';
import { classify, readAadsts } from '../failures/failures.ts';
import { readReference } from '../network/reference.ts';
import { problem, type Problem } from '../../words/problem.ts';
import { anotherAccount, wrongAccount, type AnotherAccount } from './another-account.ts';
import { equalSecrets, readAuthorizationResponse, type AuthorizationResponse } from './redirect.ts';

/** Long enough for a password, a phone and a consent page. */
const ATTEMPT_MINUTES = 10;

/** 32 bytes: the length that RFC 7636 4.1 recommends for a verifier; also used for state and nonce. */
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
 * How the response comes back. In the application's own `window`, any response ends the attempt. In a `browser` any
 * page can send a request, so a response with another state changes nothing.
 */
export type SignInVia = 'window' | 'browser';

/**
 * Asks the user whether to replace the session's account. Meanwhile the grant waits in memory. The signal aborts
 * the question when the attempt ends otherwise. Any answer but `replace` means no.
 */
export type AskAboutAccount = (accounts: AnotherAccount, signal: AbortSignal) => Promise<'replace' | 'keep'>;

/**
 * Which account a sign-in may bring: by default the session's own; with a function, another one that the user
 * confirms; with `anybody`, any account: the authority shows its account picker.
 */
export type WhoMaySignIn = AskAboutAccount | 'anybody';

export interface SignInOptions {
  readonly profile: Profile;
  readonly via: SignInVia;
  /** The account that the session belongs to by then, if any. Another one must be confirmed. */
  readonly expected: () => Account | undefined;
  /** Undefined: another account is refused without a question. */
  readonly askAboutAccount: AskAboutAccount | undefined;
  /** The claims challenge of the last refusal. */
  readonly claims: string | undefined;
  readonly conversation: Conversation;
  readonly now: () => number;
  /** Makes the grant the session. Resolves to the reason if that failed. */
  readonly accept: (grant: Grant, conversation: Conversation) => Promise<Problem | undefined>;
}

/** One sign-in attempt: its own PKCE, state and nonce, one outcome, ten minutes at most. */
export interface SignInAttempt {
  readonly authorizeUrl: string;
  readonly redirectUri: string;
  /** Whether a response with this state belongs to the attempt. A pushed request's URL does not contain it (RFC 9126). */
  hasState(found: string): boolean;
  /** Settles exactly once and never rejects. */
  readonly outcome: Promise<SignInOutcome>;
  /** Takes the redirect's URL, and its form body with `response_mode=form_post`. */
  receive(url: string, formBody?: string): Promise<SignInOutcome>;
  /** Ends the attempt for a reason of the host (window closed, page failed), unless it has ended. */
  abandon(reason: Problem): void;
}

const random = (): string => randomBytes(RANDOM_BYTES).toString('base64url');

/** The problem for an `error=` in the redirect. Its description comes from elsewhere and is not repeated. */
function refusalProblem(
  response: AuthorizationResponse,
  { redirectUri, protocol }: Pick<Profile, 'redirectUri' | 'protocol'>,
): Problem {
  const aadsts = readAadsts(response.errorDescription ?? '');
  const reference = readReference(response.errorDescription ?? '');
  const failure = { errorCode: response.error ?? '', aadsts, observation: { status: 400, reference } };
  const known = classify(failure, redirectUri, { during: 'sign-in', protocol });
  // The user saw the permissions and refused. Only the number tells that a policy is behind `access_denied`.
  if (response.error === 'access_denied' && known.code === 'consent')
    return problem('interaction', 'sign-in.denied');
  if (known.code !== 'unknown') return known;
  return problem('interaction', 'sign-in.authority-error', { detail: String(known.params.detail) });
}

/** Starts an attempt. Fails if the authority's metadata cannot be loaded. */
export async function startSignIn(options: SignInOptions): Promise<SignInStart> {
  const { profile, conversation } = options;
  const state = random();
  const nonce = random();
  const codeVerifier = new Secret(random());
  const codeChallenge = createHash('sha256').update(codeVerifier.reveal()).digest('base64url');

  const url = await conversation.ask(
    (authority) =>
      authority.authorizeUrl({
        scopes: profile.scopes,
        state,
        nonce,
        codeChallenge,
        loginHint: options.expected()?.username,
        claims: options.claims,
      }),
    'sign-in',
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

  const redeem = async (code: Secret, issuer: string | undefined): Promise<SignInOutcome> => {
    phase = 'redeeming';
    const granted = await conversation.ask(
      (authority) => authority.redeem({ code, codeVerifier, nonce, scopes: profile.scopes, issuer }),
      'sign-in',
    );
    if (isEnded()) return outcome;
    if (granted.kind === 'failed') return fail(granted.problem);
    const { account, expiresOn } = granted.value;
    const another = anotherAccount(options.expected(), account);
    if (another !== undefined) {
      const answer = await answerAbout(another, options.askAboutAccount, over.signal);
      if (isEnded()) return outcome;
      if (options.now() >= deadline) return timedOut();
      if (answer === 'keep') return fail(wrongAccount(another, 'sign-in'));
    }
    // The grant is being stored now: neither the time limit nor the host may interrupt that.
    phase = 'accepting';
    clearTimeout(timer);
    const refused = await options.accept(granted.value, conversation);
    return refused === undefined ? end({ kind: 'signed-in', account, expiresOn }) : fail(refused);
  };
  const isEnded = (): boolean => phase === 'ended';

  const attempt: SignInAttempt = {
    authorizeUrl: url.value,
    redirectUri: profile.redirectUri,
    hasState: (found) => equalSecrets(found, state),
    outcome,
    receive: async (redirect, formBody) => {
      if (phase !== 'waiting') return outcome;
      if (options.now() >= deadline) return timedOut();
      const response = readAuthorizationResponse(redirect, formBody);
      if (response.state === undefined || !equalSecrets(response.state, state)) {
        const foreign = problem('interaction', 'sign-in.state-mismatch');
        return options.via === 'window' ? fail(foreign) : { kind: 'failed', problem: foreign };
      }
      // RFC 9207 2.4; whether it may be missing, only the provider's metadata tells.
      const { issuer } = response;
      if (profile.protocol === 'oidc' && issuer !== undefined && !isIssuerOf(profile.authority, issuer))
        return fail(problem('interaction', 'sign-in.issuer-mismatch'));
      if (response.error !== undefined) return fail(refusalProblem(response, profile));
      if (response.code === undefined) {
        return fail(problem('interaction', 'sign-in.no-code'));
      }
      return redeem(new Secret(response.code), issuer);
    },
    abandon: (reason) => {
      if (phase === 'waiting' || phase === 'redeeming') fail(reason);
    },
  };
  return { kind: 'started', attempt };
}

async function answerAbout(
  another: AnotherAccount,
  ask: AskAboutAccount | undefined,
  signal: AbortSignal,
): Promise<'replace' | 'keep'> {
  if (ask === undefined) return 'keep';
  // A question that could not be shown was not answered with yes.
  return ask(another, signal).catch(() => 'keep' as const);
}

import { askDiscovery, clockOutcome, discoveryOutcome, networkOutcome } from './authority.ts';
import { credentialOutcome } from './credential.ts';
import { limited, tooLate } from './limit.ts';
import { askRedirect } from './redirect.ts';
import type { CheckOutcome } from './result.ts';
import { loadStored, storageOutcome } from './storage.ts';
import { problem } from '../../words/problem.ts';
import type { Send } from '../../agent/network/send.ts';
import type { Credential } from '../../config/credential/credential.ts';
import type { Profile } from '../../config/profile/profile.ts';
import { receivablePort } from '../../config/profile/redirect-uri.ts';
import type { Vault } from '../../vault/store/vault.ts';
import { say } from '../../words/say.ts';
import { nextStepInForm, sentenceInForm } from './next-step.ts';
import { lookAtPort, type PortLook } from '../../system/ports/port-look.ts';

/** One line of “Test connection”; nothing in it is secret. */
export interface DraftCheckLine {
  readonly name: 'network' | 'discovery' | 'clock' | 'redirect-uri' | 'credential' | 'storage';
  readonly kind: 'ok' | 'trouble' | 'skipped';
  /** What was found, as a sentence; with trouble also what to do. */
  readonly said: string;
  readonly next?: string;
}

export interface DraftCheckUpOptions {
  /** By `profileOfDraft`; it need not be stored. */
  readonly profile: Profile;
  /** undefined: the one that is stored for exactly this registration, and none where it is another one's. */
  readonly credential: Credential | undefined;
  readonly vault: Vault;
  readonly send: Send;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Hears of each line as soon as it is there. */
  readonly onLine?: (line: DraftCheckLine) => void;
  /** Whether a sign-in of this very process listens on that port: only it can tell, wherever it runs. */
  readonly isOwnPort?: (port: number) => boolean;
  /** Looks whether a port can be had; by listening on it where none is given. */
  readonly lookAtPort?: (port: number) => Promise<PortLook>;
}

/**
 * “Test connection”: whether a registration would work that is only being typed. The checks run beside each other
 * and none hides another; the answer is in the order of the names, after 65 seconds at the latest. A stored
 * credential is sent only to where it was stored for. Nothing is stored, nobody is signed in. Never rejects.
 */
export async function draftCheckUp(options: DraftCheckUpOptions): Promise<readonly DraftCheckLine[]> {
  const { profile, credential, vault, send, now, onLine } = options;
  const late = tooLate(new URL(profile.authority).host);
  const asked = askDiscovery(profile, send, now);
  const run = async (
    name: DraftCheckLine['name'],
    check: () => CheckOutcome | Promise<CheckOutcome>,
  ): Promise<DraftCheckLine> => {
    const line = lineOf(name, await limited(name === 'storage' ? late.store : late.authority, check));
    onLine?.(line);
    return line;
  };
  return Promise.all([
    run('network', async () => networkOutcome(await asked)),
    run('discovery', async () => discoveryOutcome(profile, await asked)),
    run('clock', async () => clockOutcome(await asked)),
    run('redirect-uri', async () => redirectOutcome(options, await asked)),
    run('credential', async () => {
      const found = credential === undefined ? await storedFor(vault, profile) : { credential };
      return 'credential' in found
        ? credentialOutcome({ profile, send, now, credential: found.credential, discovery: await asked })
        : found;
    }),
    run('storage', () => storageOutcome(vault)),
  ]);
}

async function storedFor(
  vault: Vault,
  profile: Profile,
): Promise<{ readonly credential: Credential } | Extract<CheckOutcome, { kind: 'trouble' }>> {
  const found = await loadStored(vault, profile);
  if (found.kind === 'credential') return found;
  // Its next step is to import a file; here one stands before the form.
  return found.problem.code === 'no-secret'
    ? { kind: 'trouble', problem: problem('admin', 'draft.no-credential') }
    : found;
}

/**
 * Whether a sign-in would come back: the authority must know the redirect URI, and where the system's browser is
 * used, its port must be free. What stands in the way is told before what cannot be told.
 */
async function redirectOutcome(
  options: DraftCheckUpOptions,
  discovery: Awaited<ReturnType<typeof askDiscovery>>,
): Promise<CheckOutcome> {
  const { profile, send } = options;
  const { redirectUri, signIn } = profile;
  const port = signIn === 'browser' ? receivablePort(redirectUri) : undefined;
  if (signIn === 'browser' && port === undefined)
    return { kind: 'trouble', problem: problem('admin', 'sign-in.browser-redirect', { redirectUri }) };
  const [verdict, look] = await Promise.all([
    askRedirect(profile, discovery, send),
    port === undefined ? undefined : (options.lookAtPort ?? lookAtPort)(port),
  ]);
  if (verdict.kind === 'unregistered')
    return {
      kind: 'trouble',
      problem: problem('admin', 'redirect-unregistered', { redirectUri, detail: verdict.detail }),
    };
  const inTheWay = port === undefined || look === undefined ? undefined : portTrouble(port, look, options);
  if (inTheWay !== undefined) return inTheWay;
  const free = look?.kind === 'free' ? port : undefined;
  if (verdict.kind === 'registered')
    return {
      kind: 'ok',
      detail:
        free === undefined ? say('checkup.redirect.ok') : say('checkup.redirect.ok.free', { port: free }),
    };
  return {
    kind: 'skipped',
    detail:
      free === undefined
        ? say('checkup.redirect.untold', { redirectUri })
        : say('checkup.redirect.untold.free', { port: free, redirectUri }),
  };
}

function portTrouble(
  port: number,
  look: PortLook,
  { isOwnPort }: Pick<DraftCheckUpOptions, 'isOwnPort'>,
): CheckOutcome | undefined {
  switch (look.kind) {
    case 'free':
      return undefined;
    case 'held':
      // A sign-in of ours that is under way holds it for as long as it lasts.
      return isOwnPort?.(port) === true
        ? undefined
        : { kind: 'trouble', problem: problem('admin', 'port-in-use', { port, holder: look.holder.said }) };
    case 'refused':
      return { kind: 'trouble', problem: problem('admin', 'port-refused', { port, detail: look.detail }) };
  }
}

function lineOf(name: DraftCheckLine['name'], outcome: CheckOutcome): DraftCheckLine {
  const { kind } = outcome;
  if (kind !== 'trouble') return { name, kind, said: outcome.detail };
  const { problem: found } = outcome;
  return { name, kind, said: sentenceInForm(found), next: nextStepInForm(found) };
}

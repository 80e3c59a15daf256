import { describeCertificate } from '../../../config/credential/certificate.ts';
import type { StoredCredential } from '../../../config/credential/credential.ts';
import { showFound } from '../../../config/rules/issue.ts';
import type { CredentialView } from '../../../pages/bridge/contract.ts';
import { say } from '../../../words/say.ts';

const DAY_MS = 24 * 3_600_000;

/** What can be shown of a stored credential; nothing in it is secret. Times in milliseconds since the epoch. */
export type CredentialFacts =
  | { readonly kind: 'secret'; readonly importedAt: number }
  | { readonly kind: 'certificate'; readonly subject: string; readonly notAfter: number }
  | { readonly kind: 'damaged-certificate' }
  | { readonly kind: 'assertion-file'; readonly path: string }
  /** `unavailable`: the store does not open now, so it is not known whether it holds one. */
  | { readonly kind: 'none' | 'bound-elsewhere' | 'unreadable' | 'unavailable' };

/** The facts of what the vault holds. */
export function credentialFacts(stored: StoredCredential | { readonly kind: 'damaged' }): CredentialFacts {
  if (stored.kind === 'damaged') return { kind: 'unreadable' };
  if (stored.kind !== 'credential') return { kind: stored.kind };
  const { credential, importedAt } = stored;
  switch (credential.kind) {
    case 'secret':
      return { kind: 'secret', importedAt };
    case 'assertion-file':
      return { kind: 'assertion-file', path: credential.path };
    case 'certificate':
      return certificateFacts(credential.certificate);
  }
}

function certificateFacts(pem: string): CredentialFacts {
  try {
    const { subject, notAfter } = describeCertificate(pem);
    return { kind: 'certificate', subject, notAfter };
  } catch (error) {
    if (error instanceof Error) return { kind: 'damaged-certificate' };
    throw error;
  }
}

const SAID_OF_NONE = {
  none: 'settings-tray.credential.none',
  'bound-elsewhere': 'settings-tray.credential.elsewhere',
  unreadable: 'settings-tray.credential.unreadable',
  awaited: 'settings-tray.credential.awaited',
  unavailable: 'settings-tray.credential.unavailable',
} as const;

/**
 * A credential as the Settings page shows it.
 * @param facts `awaited`: the vault has not answered yet
 * @param now milliseconds since the epoch
 */
export function credentialView(
  facts: CredentialFacts | { readonly kind: 'awaited' },
  now: number,
): CredentialView {
  switch (facts.kind) {
    case 'secret': {
      const said = say('settings-tray.credential.secret', { when: sayDaysAgo(facts.importedAt, now) });
      return { kind: 'secret', said };
    }
    case 'certificate':
      return { kind: 'certificate', said: sayCertificate(facts) };
    case 'damaged-certificate':
      return { kind: 'certificate', said: say('settings-tray.credential.damaged') };
    case 'assertion-file':
      return { kind: 'assertion-file', said: sayAssertionFile(facts.path) };
    case 'none':
    case 'bound-elsewhere':
    case 'unreadable':
    case 'awaited':
    case 'unavailable':
      return { kind: 'none', said: say(SAID_OF_NONE[facts.kind]) };
  }
}

/**
 * A certificate in one sentence.
 * @param certificate `notAfter` in milliseconds since the epoch
 */
export function sayCertificate({
  subject,
  notAfter,
}: {
  readonly subject: string;
  readonly notAfter: number;
}): string {
  const date = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(notAfter);
  // The subject comes from the certificate's author: bounded, and without control characters.
  return say('settings-tray.credential.certificate', { subject: showFound(subject) ?? '–', date });
}

/** An assertion file in one sentence. */
export function sayAssertionFile(path: string): string {
  return say('settings-tray.credential.assertion-file', { path });
}

/** “today”, “yesterday”, “12 days ago”. */
function sayDaysAgo(at: number, now: number): string {
  const days = Math.max(0, Math.floor((now - at) / DAY_MS));
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-days, 'day');
}

import { describeCertificate } from '../../../config/credential/certificate.ts';
import type { Credential, StoredCredential } from '../../../config/credential/credential.ts';
import { showFound } from '../../../config/rules/issue.ts';
import type { CredentialView } from '../../../pages/bridge/contract.ts';
import { say } from '../../../words/say.ts';

const DAY_MS = 24 * 3_600_000;

/** What there is to tell of a stored credential, taken from it once; nothing of it is secret. */
export type CredentialFacts =
  | { readonly kind: 'secret'; readonly importedAt: number }
  | { readonly kind: 'certificate'; readonly subject: string; readonly notAfter: number }
  | { readonly kind: 'damaged-certificate' }
  | { readonly kind: 'assertion-file'; readonly path: string }
  /** `unavailable`: the store does not open now, so nobody knows. */
  | { readonly kind: 'none' | 'bound-elsewhere' | 'unreadable' | 'unavailable' };

/** The facts of what the vault holds. */
export function credentialFacts(stored: StoredCredential | { readonly kind: 'damaged' }): CredentialFacts {
  switch (stored.kind) {
    case 'credential':
      return factsOf(stored.credential, stored.importedAt);
    case 'damaged':
      return { kind: 'unreadable' };
    case 'none':
    case 'bound-elsewhere':
      return { kind: stored.kind };
  }
}

function factsOf(credential: Credential, importedAt: number): CredentialFacts {
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

/**
 * A credential as the Settings page tells of it.
 * @param now milliseconds since the epoch
 */
export function credentialView(
  facts: CredentialFacts | { readonly kind: 'awaited' },
  now: number,
): CredentialView {
  switch (facts.kind) {
    case 'secret':
      return {
        kind: 'secret',
        said: say('settings-tray.credential.secret', { when: sayDaysAgo(facts.importedAt, now) }),
      };
    case 'certificate':
      return { kind: 'certificate', said: sayCertificate(facts) };
    case 'damaged-certificate':
      return { kind: 'certificate', said: say('settings-tray.credential.damaged') };
    case 'assertion-file':
      return { kind: 'assertion-file', said: sayAssertionFile(facts.path) };
    case 'none':
      return { kind: 'none', said: say('settings-tray.credential.none') };
    case 'bound-elsewhere':
      return { kind: 'none', said: say('settings-tray.credential.elsewhere') };
    case 'unreadable':
      return { kind: 'none', said: say('settings-tray.credential.unreadable') };
    case 'awaited':
      return { kind: 'none', said: say('settings-tray.credential.awaited') };
    case 'unavailable':
      return { kind: 'none', said: say('settings-tray.credential.unavailable') };
  }
}

/** A certificate in one sentence, stored or only chosen. */
export function sayCertificate({
  subject,
  notAfter,
}: {
  readonly subject: string;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
}): string {
  const date = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(notAfter);
  // Whoever made the certificate wrote it.
  return say('settings-tray.credential.certificate', { subject: showFound(subject) ?? '–', date });
}

export function sayAssertionFile(path: string): string {
  return say('settings-tray.credential.assertion-file', { path });
}

/** “today”, “yesterday”, “12 days ago”. */
function sayDaysAgo(at: number, now: number): string {
  const days = Math.max(0, Math.floor((now - at) / DAY_MS));
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-days, 'day');
}

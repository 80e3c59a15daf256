import { describeCertificate } from '../../config/credential/certificate.ts';
import { problem, type Problem } from '../../words/problem.ts';
import { say } from '../../words/say.ts';
import { askDiscovery, discoveryOutcome } from './authority.ts';
import { credentialOutcome } from './credential.ts';
import { ok, trouble, type CheckOutcome, type CheckResult } from './result.ts';
import { runChecks, type Subject } from './run.ts';
import { loadStored, type Stored } from './storage.ts';

/** Time enough to get a certificate signed and registered. */
const CERTIFICATE_WARNING_DAYS = 14;

const DAY_MS = 24 * 3_600_000;

/**
 * The checks of `tokentray doctor` for one profile: authority, clock, credential and store; see {@link runChecks}.
 * Writes nothing but the store's own test item. Never rejects.
 */
export function checkUp(
  subject: Subject & { readonly onResult?: (result: CheckResult) => void },
): Promise<readonly CheckResult[]> {
  const { vault, profile, now, onResult } = subject;
  const stored = loadStored(vault, profile);
  return runChecks(
    subject,
    {
      credential: () => stored,
      'credential-age': async () => {
        const found = await stored;
        return found.kind === 'trouble' ? found : ageOutcome(found, now());
      },
    },
    onResult,
  );
}

/**
 * Why the authority refuses the stored credential of a profile, or why there is none; undefined if it is accepted, or
 * if that is not known because the authority or the store cannot be reached. Writes nothing. Rejects only on a fault
 * of the program.
 */
export async function refusedCredential(subject: Subject): Promise<Problem | undefined> {
  const { profile, vault, send, now } = subject;
  const stored = await loadStored(vault, profile);
  if (stored.kind === 'trouble') return refusal(stored);
  const { credential } = stored;
  const discovery = await askDiscovery(profile, send, now);
  const metadata = await discoveryOutcome(profile, discovery, now);
  return refusal(await credentialOutcome({ profile, credential, send, now, discovery, metadata }));
}

function refusal(outcome: CheckOutcome): Problem | undefined {
  return outcome.kind === 'trouble' && outcome.problem.kind === 'admin'
    ? { ...outcome.problem, during: 'check-up' }
    : undefined;
}

function ageOutcome(
  { credential, importedAt }: Extract<Stored, { kind: 'credential' }>,
  now: number,
): CheckOutcome {
  const days = Math.max(0, Math.floor((now - importedAt) / DAY_MS));
  switch (credential.kind) {
    case 'secret':
      return ok(say('checkup.age.secret', { days }));
    case 'assertion-file':
      return ok(say('checkup.age.assertion-file', { path: credential.path }));
    case 'certificate':
      return certificateAge(credential.certificate, now);
  }
}

function certificateAge(pem: string, now: number): CheckOutcome {
  const notAfter = endOf(pem);
  if (notAfter === undefined)
    return trouble(problem('admin', 'certificate', { detail: 'the certificate is damaged' }));
  const date = new Date(notAfter).toISOString().slice(0, 10);
  if (notAfter <= now) return trouble(problem('admin', 'expired-certificate', { detail: date }));
  const days = Math.floor((notAfter - now) / DAY_MS);
  return days <= CERTIFICATE_WARNING_DAYS
    ? trouble(problem('admin', 'certificate-ends', { date, days }))
    : ok(say('checkup.age.certificate', { date }));
}

/** When a PEM's first certificate expires, in milliseconds since the epoch; undefined if it cannot be read. */
function endOf(pem: string): number | undefined {
  try {
    return describeCertificate(pem).notAfter;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

import { describeCertificate } from '../../config/credential/certificate.ts';
import type { Profile } from '../../config/profile/profile.ts';
import type { Vault } from '../../vault/store/vault.ts';
import { say } from '../../words/say.ts';
import { askDiscovery, clockOutcome, discoveryOutcome, networkOutcome } from './authority.ts';
import { credentialOutcome } from './credential.ts';
import { limited, tooLate } from './limit.ts';
import type { CheckName, CheckOutcome, CheckResult } from './result.ts';
import { loadStored, storageOutcome, type Stored } from './storage.ts';
import { problem, type Problem } from '../../words/problem.ts';
import type { Send } from '../../agent/network/send.ts';

export interface CheckUpOptions {
  readonly profile: Profile;
  readonly vault: Vault;
  readonly send: Send;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Hears of each result as soon as it is there. */
  readonly onResult?: (result: CheckResult) => void;
}

/** Time enough to get a certificate signed and registered. */
const CERTIFICATE_WARNING_DAYS = 14;

const DAY_MS = 24 * 3_600_000;

/**
 * What `tokentray doctor` tells of one profile: whether the authority is reached and is the right one, the clock,
 * the credential and the store. The checks run beside each other and none hides another; the answer is in the
 * order of the names, after 65 seconds at the latest. Never rejects. Changes nothing but the store's own test item.
 */
export async function checkUp(options: CheckUpOptions): Promise<readonly CheckResult[]> {
  const { profile, vault, send, now, onResult } = options;
  const { host } = new URL(profile.authority);
  const { authority: tooLong, store: noAnswer } = tooLate(host);
  const asked = askDiscovery(profile, send, now);
  const stored = loadStored(vault, profile);

  const run = async (
    name: CheckName,
    late: Problem,
    check: () => CheckOutcome | Promise<CheckOutcome>,
  ): Promise<CheckResult> => {
    const startedAt = now();
    const outcome = await limited(late, check);
    const result = { name, outcome, ms: Math.max(0, now() - startedAt) };
    onResult?.(result);
    return result;
  };
  return Promise.all([
    run('network', tooLong, async () => networkOutcome(await asked)),
    run('discovery', tooLong, async () => discoveryOutcome(profile, await asked)),
    run('clock', tooLong, async () => clockOutcome(await asked)),
    run('credential', tooLong, async () => {
      const found = await stored;
      return found.kind === 'trouble'
        ? found
        : credentialOutcome({ profile, send, now, credential: found.credential, discovery: await asked });
    }),
    run('credential-age', noAnswer, async () => {
      const found = await stored;
      return found.kind === 'trouble' ? found : ageOutcome(found, now());
    }),
    run('storage', noAnswer, () => storageOutcome(vault)),
  ]);
}

function ageOutcome(
  { credential, importedAt }: Extract<Stored, { kind: 'credential' }>,
  now: number,
): CheckOutcome {
  const days = Math.max(0, Math.floor((now - importedAt) / DAY_MS));
  switch (credential.kind) {
    case 'secret':
      return { kind: 'ok', detail: say('checkup.age.secret', { days }) };
    case 'assertion-file':
      return { kind: 'ok', detail: say('checkup.age.assertion-file', { path: credential.path }) };
    case 'certificate':
      return certificateAge(credential.certificate, now);
  }
}

function certificateAge(pem: string, now: number): CheckOutcome {
  const notAfter = endOf(pem);
  if (notAfter === undefined)
    return {
      kind: 'trouble',
      problem: problem('admin', 'certificate', { detail: 'the certificate is damaged' }),
    };
  const date = new Date(notAfter).toISOString().slice(0, 10);
  if (notAfter <= now)
    return { kind: 'trouble', problem: problem('admin', 'expired-certificate', { detail: date }) };
  const days = Math.floor((notAfter - now) / DAY_MS);
  return days <= CERTIFICATE_WARNING_DAYS
    ? { kind: 'trouble', problem: problem('admin', 'certificate-ends', { date, days }) }
    : { kind: 'ok', detail: say('checkup.age.certificate', { date }) };
}

/** The end of a PEM's first certificate in milliseconds; undefined for what cannot be read. */
function endOf(pem: string): number | undefined {
  try {
    return describeCertificate(pem).notAfter;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

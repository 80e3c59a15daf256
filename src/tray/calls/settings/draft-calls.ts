import { problemOf } from '../../../agent/failures/thrown.ts';
import { isRsa } from '../../../config/credential/certificate.ts';
import type { Credential } from '../../../config/credential/credential.ts';
import { sayDraftIssue } from '../../../config/draft/draft-issue.ts';
import { profileIdFor, type DraftIssue } from '../../../config/draft/draft.ts';
import type { Profile } from '../../../config/profile/profile.ts';
import { sayIssue, SettingsError, settingsIssue } from '../../../config/rules/issue.ts';
import { problemBody } from '../../../outlets/answer/answer.ts';
import type { RegistrationPort } from '../../../outlets/answer/host.ts';
import { unknownProfile } from '../../../outlets/answer/token-answer.ts';
import type {
  DraftAsked,
  DraftChecked,
  DraftCredential,
  DraftRead,
  DraftSaved,
  TestLine,
} from '../../../pages/bridge/contract.ts';
import type { Log } from '../../../system/log/log.ts';
import { Secret } from '../../../system/secret.ts';
import type { VaultBackend } from '../../../vault/store/vault.ts';
import { problem, ProblemError } from '../../../words/problem.ts';
import { say } from '../../../words/say.ts';
import type { HeldCredentials } from '../credentials/held-credentials.ts';
import { namedRegistration } from '../credentials/named-registration.ts';
import type { CredentialFacts } from '../credentials/view.ts';

/** What {@link DraftCalls} uses. */
export interface DraftParts {
  /** The current profiles. */
  readonly profiles: () => readonly Profile[];
  /** undefined if this run stores nothing. */
  readonly changes: Pick<RegistrationPort, 'put'> | undefined;
  readonly held: HeldCredentials;
  /** What is stored for a profile. Never rejects. */
  readonly storedFor: (profileId: string) => Promise<CredentialFacts>;
  readonly backend: () => VaultBackend;
  readonly log: Pick<Log, 'error'>;
  /** Tests a profile with a credential, by default the stored one. Never rejects. */
  readonly test: (
    what: { readonly profile: Profile; readonly credential: Credential | undefined },
    onLine: (line: TestLine) => void,
  ) => Promise<readonly TestLine[]>;
  readonly tell: (said: { readonly run: number; readonly line: TestLine }) => void;
}

/** The credential given with a draft. `stored`: the stored one stays. `gone`: it was held, but has been dropped. */
type Given = Credential | { readonly kind: 'stored' } | { readonly kind: 'gone' };

/** A draft after all checks. `credential` is undefined if the stored one stays. */
type Judged =
  | { readonly kind: 'ok'; readonly profile: Profile; readonly credential: Credential | undefined }
  | { readonly kind: 'invalid'; readonly issues: readonly DraftIssue[] };

/** Checks, saves and tests a profile while the user is typing it. */
export class DraftCalls {
  readonly #parts: DraftParts;

  constructor(parts: DraftParts) {
    this.#parts = parts;
  }

  async check(asked: DraftAsked): Promise<DraftChecked> {
    const { secretWarnings, warningsOfProfile } = await import('../../../config/draft/draft-check.ts');
    const judged = await this.#judge(asked);
    const { credential } = asked;
    const ofSecret = credential.kind === 'secret' ? secretWarnings(credential.secret) : [];
    return judged.kind === 'ok'
      ? { issues: [], warnings: [...warningsOfProfile(judged.profile), ...ofSecret] }
      : { issues: judged.issues, warnings: ofSecret };
  }

  /** Never rejects. */
  async save(asked: DraftAsked): Promise<DraftSaved> {
    const { changes, held, backend, log } = this.#parts;
    try {
      if (changes === undefined) throw new ProblemError(problem('usage', 'profile.not-kept'));
      this.#refuseRemoved(asked.profile);
      const judged = await this.#judge(asked);
      if (judged.kind === 'invalid') return { kind: 'refused', issues: judged.issues };
      const { profile, credential } = judged;
      this.#bind(asked.credential, profile);
      await changes.put({
        profile,
        credential,
        rank: 'further',
        tokenFiles: undefined,
        // A changed profile must still exist. A new one has an unused ID.
        replaces: asked.profile === undefined ? 'same' : 'existing',
      });
      if (asked.credential.kind === 'held') held.drop(asked.credential.handle);
      const isVolatile = credential !== undefined && backend() === 'memory';
      const said = say(isVolatile ? 'settings-tray.saved.memory' : 'settings-tray.saved');
      return { kind: 'saved', profile: profile.id, said };
    } catch (error) {
      if (error instanceof SettingsError) {
        const issues = error.issues.map((issue) => ({ field: 'form' as const, sentence: sayIssue(issue) }));
        return { kind: 'refused', issues };
      }
      log.error('a profile could not be saved', { error });
      return { kind: 'failed', problem: problemBody(problemOf(error), 'form') };
    }
  }

  /** Rejects with `ProblemError` (`settings-tray.draft`) for a draft that could not be saved. */
  async test({ run, ...asked }: DraftAsked & { readonly run: number }): Promise<readonly TestLine[]> {
    const { test, tell } = this.#parts;
    const judged = await this.#judge(asked);
    if (judged.kind === 'invalid') {
      const issues = judged.issues.map(({ sentence }) => sentence).join(' ');
      throw new ProblemError(problem('usage', 'settings-tray.draft', { issues }));
    }
    const { profile, credential } = judged;
    this.#bind(asked.credential, profile);
    return test({ profile, credential }, (line) => tell({ run, line }));
  }

  /** Reads a registration from a text. A secret in it is held, and the page gets its handle. */
  async read(text: string): Promise<DraftRead> {
    const { readPasted } = await import('../../../config/pasted/registration.ts');
    const read = readPasted(text);
    if (read.kind === 'refused') return read;
    const { fields, secret, sentences } = read;
    if (secret === undefined) return { kind: 'read', draft: fields, said: sentences };
    const credential = this.#parts.held.hold({ kind: 'secret', secret }, await namedRegistration(fields));
    return { kind: 'read', draft: fields, credential, said: sentences };
  }

  /** Called before a credential is sent or stored: a held one is then tied to that registration. */
  #bind(credential: DraftCredential, profile: Profile): void {
    if (credential.kind === 'held') this.#parts.held.bind(credential.handle, profile);
  }

  /** A profile that was removed while it was edited must not come back silently. */
  #refuseRemoved(id: string | undefined): void {
    const profiles = this.#parts.profiles();
    if (id === undefined || profiles.some((profile) => profile.id === id)) return;
    throw new ProblemError(unknownProfile({ list: profiles.map((profile) => ({ profile })) }, id));
  }

  /** The draft's profile, or all issues with it and with its credential. */
  async #judge(asked: DraftAsked): Promise<Judged> {
    const { profileOfDraft } = await import('../../../config/draft/draft-check.ts');
    const { draft, credential } = asked;
    const given = this.#given(credential);
    const taken = this.#parts.profiles().map(({ id }) => id);
    const id = asked.profile ?? profileIdFor(draft.name, taken);
    const made = profileOfDraft(draft, id, secretsOf(credential, given));
    const profile = made.kind === 'ok' ? made.profile : undefined;
    const issues = [
      ...(made.kind === 'invalid' ? made.issues : []),
      ...(await this.#credentialIssues(asked, given, profile)),
    ];
    if (profile === undefined || issues.length > 0) return { kind: 'invalid', issues };
    // The form does not have this switch.
    const before = this.#parts.profiles().find((one) => one.id === asked.profile);
    const isNew = given.kind !== 'stored' && given.kind !== 'gone';
    return {
      kind: 'ok',
      profile: { ...profile, continuousAccess: before?.continuousAccess ?? true },
      credential: isNew ? given : undefined,
    };
  }

  #given(credential: DraftCredential): Given {
    switch (credential.kind) {
      case 'stored':
        return credential;
      case 'secret':
        // A copied secret often comes with a space.
        return { kind: 'secret', secret: new Secret(credential.secret.trim()) };
      case 'held':
        return this.#parts.held.get(credential.handle) ?? { kind: 'gone' };
    }
  }

  /** @param profile undefined while the draft has issues: its registration is not known then */
  async #credentialIssues(
    { profile: id, draft, credential }: DraftAsked,
    given: Given,
    profile: Profile | undefined,
  ): Promise<readonly DraftIssue[]> {
    const { secretIssues, storedCredentialIssues } = await import('../../../config/draft/draft-check.ts');
    if (credential.kind === 'secret') return secretIssues(credential.secret);
    if (given.kind === 'gone')
      return [{ field: 'credential', sentence: say('settings-tray.credential.gone') }];
    if (given.kind === 'certificate' && draft.protocol === 'entra' && !isRsa(given.privateKey)) {
      const rsa = settingsIssue('credential', undefined, 'settings.rule.certificate.rsa');
      return [sayDraftIssue(rsa, draft.protocol)];
    }
    if (credential.kind === 'held') {
      const owner = profile && this.#parts.held.elsewhere(credential.handle, profile);
      if (owner === undefined) return [];
      const { clientId, authority } = owner;
      const sentence = say('settings-tray.credential.held-elsewhere', { clientId, authority });
      return [{ field: 'credential', sentence }];
    }
    const before = this.#parts.profiles().find((one) => one.id === id);
    if (before === undefined) {
      const none = settingsIssue('credential', undefined, 'settings.rule.credential.none');
      return [sayDraftIssue(none, draft.protocol)];
    }
    const stored = await this.#parts.storedFor(before.id);
    return storedCredentialIssues(profile ?? before, before, STORED_KINDS[stored.kind]);
  }
}

/** Secrets that no field may contain, as they were typed or read. */
function secretsOf(credential: DraftCredential, given: Given): readonly string[] {
  if (credential.kind === 'secret') return [credential.secret];
  return given.kind === 'secret' ? [given.secret.reveal()] : [];
}

const STORED_KINDS: Readonly<Record<CredentialFacts['kind'], Credential['kind'] | 'none'>> = {
  secret: 'secret',
  // A store that does not open now may well hold one.
  unavailable: 'secret',
  certificate: 'certificate',
  'damaged-certificate': 'certificate',
  'assertion-file': 'assertion-file',
  none: 'none',
  'bound-elsewhere': 'none',
  unreadable: 'none',
};

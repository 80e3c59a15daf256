import { ProblemError, problem } from '../../../words/problem.ts';
import { problemOf } from '../../../agent/failures/thrown.ts';
import type { Credential } from '../../../config/credential/credential.ts';
import { profileIdFor, type DraftIssue } from '../../../config/draft/draft.ts';
import type { DraftResult } from '../../../config/draft/draft-check.ts';
import { sayDraftIssue } from '../../../config/draft/draft-issue.ts';
import { sayIssue, SettingsError, settingsIssue } from '../../../config/rules/issue.ts';
import type { Profile } from '../../../config/profile/profile.ts';
import { problemBody } from '../../../outlets/answer/answer.ts';
import { unknownProfile } from '../../../outlets/answer/token-answer.ts';
import type { RegistrationPort } from '../../../outlets/answer/host.ts';
import type { Log } from '../../../system/log/log.ts';
import { Secret } from '../../../system/secret.ts';
import type { VaultBackend } from '../../../vault/store/vault.ts';
import type {
  DraftAsked,
  DraftChecked,
  DraftCredential,
  DraftRead,
  DraftSaved,
  TestLine,
} from '../../../pages/bridge/contract.ts';
import { say } from '../../../words/say.ts';
import type { CredentialFacts } from '../credentials/view.ts';
import type { HeldCredentials } from '../credentials/held-credentials.ts';
import { namedRegistration } from '../credentials/named-registration.ts';

/** What is done with drafts depends on these. */
export interface DraftParts {
  /** As they are set now. */
  readonly profiles: () => readonly Profile[];
  /** undefined where this run keeps nothing. */
  readonly changes: Pick<RegistrationPort, 'put'> | undefined;
  readonly held: HeldCredentials;
  /** What is stored for a profile. Never rejects. */
  readonly storedFor: (profileId: string) => Promise<CredentialFacts>;
  readonly backend: () => VaultBackend;
  readonly log: Pick<Log, 'error'>;
  /** Tries a profile out with a credential, the stored one where none is given. Never rejects. */
  readonly test: (
    what: { readonly profile: Profile; readonly credential: Credential | undefined },
    onLine: (line: TestLine) => void,
  ) => Promise<readonly TestLine[]>;
  readonly tell: (said: { readonly run: number; readonly line: TestLine }) => void;
}

/** The credential that a draft comes with; `gone`: it was held and is no more. */
type Given =
  | { readonly kind: 'stored' }
  | { readonly kind: 'given'; readonly credential: Credential }
  | { readonly kind: 'gone' };

/** A draft that was looked at with everything that counts beside it. */
type Looked =
  | { readonly kind: 'ok'; readonly profile: Profile; readonly credential: Credential | undefined }
  | { readonly kind: 'invalid'; readonly issues: readonly DraftIssue[] };

/** Checking, saving and trying out what somebody types of a profile. */
export class DraftCalls {
  readonly #parts: DraftParts;

  constructor(parts: DraftParts) {
    this.#parts = parts;
  }

  async check(asked: DraftAsked): Promise<DraftChecked> {
    const { secretWarnings, warningsOfProfile } = await import('../../../config/draft/draft-check.ts');
    const looked = await this.#look(asked);
    const { credential } = asked;
    const ofSecret = credential.kind === 'secret' ? secretWarnings(credential.secret) : [];
    return looked.kind === 'ok'
      ? { issues: [], warnings: [...warningsOfProfile(looked.profile), ...ofSecret] }
      : { issues: looked.issues, warnings: ofSecret };
  }

  /** Never rejects. */
  async save(asked: DraftAsked): Promise<DraftSaved> {
    const { changes, held, backend, log } = this.#parts;
    try {
      if (changes === undefined) throw new ProblemError(problem('usage', 'profile.not-kept'));
      this.#refuseGone(asked.profile);
      const looked = await this.#look(asked);
      if (looked.kind === 'invalid') return { kind: 'refused', issues: looked.issues };
      const { profile, credential } = looked;
      this.#bind(asked.credential, profile);
      await changes.put({
        profile,
        credential,
        rank: 'further',
        tokenFiles: undefined,
        // Whoever changes a profile has it before their eyes, unless it was removed meanwhile; a new one has an
        // id that is nobody’s.
        replaces: asked.profile === undefined ? 'same' : 'existing',
      });
      if (asked.credential.kind === 'held') held.drop(asked.credential.handle);
      const isLost = credential !== undefined && backend() === 'memory';
      return {
        kind: 'saved',
        profile: profile.id,
        said: isLost ? say('settings-tray.saved.memory') : say('settings-tray.saved'),
      };
    } catch (error) {
      if (error instanceof SettingsError)
        return {
          kind: 'refused',
          issues: error.issues.map((issue) => ({ field: 'form', sentence: sayIssue(issue) })),
        };
      log.error('a profile could not be saved', { error });
      return { kind: 'failed', problem: problemBody(problemOf(error)) };
    }
  }

  /** Rejects with `ProblemError` (`settings-tray.draft`) for a draft that could not be saved. */
  async test({ run, ...asked }: DraftAsked & { readonly run: number }): Promise<readonly TestLine[]> {
    const { test, tell } = this.#parts;
    const looked = await this.#look(asked);
    if (looked.kind === 'invalid') {
      const issues = looked.issues.map(({ sentence }) => sentence).join(' ');
      throw new ProblemError(problem('usage', 'settings-tray.draft', { issues }));
    }
    const { profile, credential } = looked;
    this.#bind(asked.credential, profile);
    return test({ profile, credential }, (line) => tell({ run, line }));
  }

  /** What a text says of a registration; a credential in it is held, and the page gets its name. */
  async read(text: string): Promise<DraftRead> {
    const { readPasted } = await import('../../../config/pasted/registration.ts');
    const read = readPasted(text);
    if (read.kind === 'refused') return read;
    const { fields, secret, sentences } = read;
    if (secret === undefined) return { kind: 'read', draft: fields, said: sentences };
    const credential = this.#parts.held.hold({ kind: 'secret', secret }, await namedRegistration(fields));
    return { kind: 'read', draft: fields, credential, said: sentences };
  }

  /** It is about to be sent or stored: from now on a held one belongs to that registration. */
  #bind(credential: DraftCredential, profile: Profile): void {
    if (credential.kind === 'held') this.#parts.held.bind(credential.handle, profile);
  }

  /** One that was removed while it was edited must not come back unsaid. */
  #refuseGone(id: string | undefined): void {
    const profiles = this.#parts.profiles();
    if (id === undefined || profiles.some((profile) => profile.id === id)) return;
    throw new ProblemError(unknownProfile({ list: profiles.map((profile) => ({ profile })) }, id));
  }

  /** The profile with all that is wrong with it or with its credential. */
  async #look(asked: DraftAsked): Promise<Looked> {
    const made = await this.#made(asked);
    const given = this.#given(asked.credential);
    const issues = [
      ...(made.kind === 'invalid' ? made.issues : []),
      ...(await this.#credentialIssues(asked, given, made.kind === 'ok' ? made.profile : undefined)),
    ];
    if (made.kind === 'invalid' || issues.length > 0) return { kind: 'invalid', issues };
    return {
      kind: 'ok',
      profile: made.profile,
      credential: given.kind === 'given' ? given.credential : undefined,
    };
  }

  async #made({ profile, draft, credential }: DraftAsked): Promise<DraftResult> {
    const { profileOfDraft } = await import('../../../config/draft/draft-check.ts');
    const taken = this.#parts.profiles().map(({ id }) => id);
    return profileOfDraft(draft, profile ?? profileIdFor(draft.name, taken), this.#secretsIn(credential));
  }

  /** What no field may hold or show, as it was typed or read. */
  #secretsIn(credential: DraftCredential): readonly string[] {
    if (credential.kind === 'secret') return [credential.secret];
    const given = this.#given(credential);
    return given.kind === 'given' && given.credential.kind === 'secret'
      ? [given.credential.secret.reveal()]
      : [];
  }

  #given(credential: DraftCredential): Given {
    switch (credential.kind) {
      case 'stored':
        return { kind: 'stored' };
      case 'secret':
        // Who copies a secret often takes a space along.
        return {
          kind: 'given',
          credential: { kind: 'secret', secret: new Secret(credential.secret.trim()) },
        };
      case 'held': {
        const held = this.#parts.held.get(credential.handle);
        return held === undefined ? { kind: 'gone' } : { kind: 'given', credential: held };
      }
    }
  }

  async #credentialIssues(
    asked: DraftAsked,
    given: Given,
    profile: Profile | undefined,
  ): Promise<readonly DraftIssue[]> {
    const { secretIssues, storedCredentialIssues } = await import('../../../config/draft/draft-check.ts');
    if (asked.credential.kind === 'secret') return secretIssues(asked.credential.secret);
    if (given.kind === 'gone')
      return [{ field: 'credential', sentence: say('settings-tray.credential.gone') }];
    if (asked.credential.kind === 'held') return this.#heldIssues(asked.credential.handle, profile);
    const before = this.#parts.profiles().find(({ id }) => id === asked.profile);
    if (before === undefined) {
      const none = settingsIssue('credential', undefined, 'settings.rule.credential.none');
      return [sayDraftIssue(none, asked.draft.protocol)];
    }
    const stored = await this.#parts.storedFor(before.id);
    // Of a draft that is not right yet it cannot be said whose registration it will be.
    return storedCredentialIssues(profile ?? before, before, kindOf(stored));
  }

  /** Of a draft that is not right yet it cannot be said whose registration it will be. */
  #heldIssues(handle: string, profile: Profile | undefined): readonly DraftIssue[] {
    const owner = profile === undefined ? undefined : this.#parts.held.elsewhere(handle, profile);
    if (owner === undefined) return [];
    const { clientId, authority } = owner;
    return [
      {
        field: 'credential',
        sentence: say('settings-tray.credential.held-elsewhere', { clientId, authority }),
      },
    ];
  }
}

/** A store that does not open now may well hold one. */
function kindOf({ kind }: CredentialFacts): Credential['kind'] | 'none' {
  switch (kind) {
    case 'secret':
    case 'unavailable':
      return 'secret';
    case 'certificate':
    case 'damaged-certificate':
      return 'certificate';
    case 'assertion-file':
      return 'assertion-file';
    case 'none':
    case 'bound-elsewhere':
    case 'unreadable':
      return 'none';
  }
}

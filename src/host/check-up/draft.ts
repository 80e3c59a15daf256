import type { Credential } from '../../config/credential/credential.ts';
import { problem } from '../../words/problem.ts';
import { sayProblem } from '../../words/say.ts';
import { redirectOutcome, type PortQuestions } from './redirect.ts';
import { trouble, type CheckName, type CheckResult } from './result.ts';
import { runChecks, type Subject } from './run.ts';
import { loadStored, type Stored } from './storage.ts';

/** One line of “Test connection”; holds no secret. */
export interface DraftCheckLine {
  readonly name: Exclude<CheckName, 'credential-age'>;
  readonly kind: 'ok' | 'trouble' | 'skipped';
  /** The finding, as a sentence. */
  readonly said: string;
  /** What to do about trouble. */
  readonly next?: string;
}

export interface DraftCheckUpOptions extends Subject, PortQuestions {
  /** Undefined: the one stored for exactly this registration, if any. */
  readonly credential: Credential | undefined;
  /** Called with each line as it arrives. */
  readonly onLine?: (line: DraftCheckLine) => void;
}

/**
 * “Test connection”: whether a registration that is being typed would work (`profile` is by `profileOfDraft` and need
 * not be stored); see {@link runChecks}. A stored credential is sent only to where it was stored for. Stores nothing,
 * signs nobody in. Never rejects.
 */
export async function draftCheckUp(options: DraftCheckUpOptions): Promise<readonly DraftCheckLine[]> {
  const { credential, onLine } = options;
  const results = await runChecks(
    options,
    {
      credential: async () =>
        credential === undefined ? storedFor(options) : { kind: 'credential', credential },
      'redirect-uri': async (asked) => redirectOutcome(options, await asked),
    },
    (result) => onLine?.(lineOf(result)),
  );
  return results.map(lineOf);
}

async function storedFor({ vault, profile }: Subject): Promise<Stored> {
  const found = await loadStored(vault, profile);
  // The usual next step is to import a file; here a credential can be typed into the form.
  return found.kind === 'trouble' && found.problem.code === 'no-secret'
    ? trouble(problem('admin', 'draft.no-credential'))
    : found;
}

function lineOf({ name: checked, outcome }: CheckResult): DraftCheckLine {
  const { kind } = outcome;
  const name = checked as DraftCheckLine['name'];
  if (kind !== 'trouble') return { name, kind, said: outcome.detail };
  const { sentence, next } = sayProblem(outcome.problem, 'form');
  return { name, kind, said: sentence, next };
}

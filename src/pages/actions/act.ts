import type { Acted } from '../bridge/contract.ts';
import type { Announcer } from '../elements/announce.ts';

type Failed = Extract<Acted, { readonly kind: 'failed' }>;

/** The heading under which a failure is reported, and what to say on success if the answer has no sentence. */
export interface ActWords {
  readonly failed: string;
  readonly done?: string;
}

/** The message of a rejected call, which is written for the user (api.ts). */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A rejected call as a failed act. */
export function failureOf(error: unknown): Failed {
  return {
    kind: 'failed',
    problem: { kind: 'unexpected', code: 'unexpected', message: messageOf(error), next: '' },
  };
}

/** Runs what a button or a control does, and announces the result. */
export async function actAndSay(
  act: () => Promise<Acted>,
  announcer: Announcer,
  words: ActWords,
): Promise<Acted['kind']> {
  announcer.clear();
  const acted = await act().catch(failureOf);
  const said = acted.kind === 'done' ? (acted.said ?? words.done) : undefined;
  if (acted.kind === 'failed') announcer.fail(words.failed, acted.problem);
  else if (said !== undefined) announcer.say(said);
  return acted.kind;
}

/** {@link actAndSay}, one at a time: requests that arrive while a native dialog is open are ignored. */
export function oneAct(announcer: Announcer): (act: () => Promise<Acted>, words: ActWords) => Promise<void> {
  let state: 'idle' | 'under way' = 'idle';
  return async (act, words) => {
    if (state === 'under way') return;
    state = 'under way';
    await actAndSay(act, announcer, words);
    state = 'idle';
  };
}

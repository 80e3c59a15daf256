import { problem, ProblemError } from '../../words/problem.ts';
import type { Places } from '../../system/places.ts';
import { sayOwner, takeOwnership, type OwnerRecord } from '../../system/ownership/ownership.ts';

/** Done by this process, or not, because another one owns the configuration. */
export type Owned<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'taken'; readonly owner: OwnerRecord | undefined };

/**
 * Does work that only an owner may do, if nobody owns the configuration now.
 * @throws ProblemError `socket-directory`, and whatever the work throws
 */
export async function asOwner<Result>(places: Places, work: () => Promise<Result>): Promise<Owned<Result>> {
  const ownership = await takeOwnership({ places, kind: 'import' });
  if (ownership.kind === 'taken') return ownership;
  try {
    return { kind: 'done', result: await work() };
  } finally {
    await ownership.release();
  }
}

/**
 * The same, and where another process owns the configuration it is asked to do it. One that is starting, or
 * is a command like this one, has no socket: it is named then.
 */
export async function asOwnerOrAsk<Result>(
  places: Places,
  work: () => Promise<Result>,
  ask: () => Promise<Result>,
): Promise<Result> {
  const owned = await asOwner(places, work);
  if (owned.kind === 'done') return owned.result;
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'agent-not-running') throw error;
    throw new ProblemError(problem('usage', 'already-running', { owner: sayOwner(owned.owner) }));
  }
}

import { sayOwner, takeOwnership, type OwnerRecord } from '../../system/ownership/ownership.ts';
import type { Places } from '../../system/places.ts';
import { problem, ProblemError } from '../../words/problem.ts';

/** The problem that another process owns the configuration. */
export function alreadyRunning(owner: OwnerRecord | undefined): ProblemError {
  return new ProblemError(problem('usage', 'already-running', { owner: sayOwner(owner) }));
}

/**
 * Does work that only the owner of the configuration may do, unless another process owns it.
 * @throws ProblemError `already-running`, `socket-directory`, and what the work throws
 */
export async function asOwner<Result>(
  places: Places,
  work: () => Promise<Result>,
  otherwise: (owner: OwnerRecord | undefined) => Promise<Result> = (owner) =>
    Promise.reject(alreadyRunning(owner)),
): Promise<Result> {
  const ownership = await takeOwnership({ places, kind: 'import' });
  if (ownership.kind === 'taken') return otherwise(ownership.owner);
  try {
    return await work();
  } finally {
    await ownership.release();
  }
}

/**
 * The same, but if another process owns the configuration, it is asked to do the work. An owner that is still
 * starting, or is a command like this one, has no socket and is named in the problem.
 */
export function asOwnerOrAsk<Result>(
  places: Places,
  work: () => Promise<Result>,
  askOwner: () => Promise<Result>,
): Promise<Result> {
  return asOwner(places, work, async (owner) => {
    try {
      return await askOwner();
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.code !== 'agent-not-running') throw error;
      throw alreadyRunning(owner);
    }
  });
}

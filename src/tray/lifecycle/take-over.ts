import { setTimeout as sleep } from 'node:timers/promises';
import { problem, ProblemError, type Problem } from '../../words/problem.ts';
import type { Places } from '../../system/places.ts';
import { sayOwner, takeOwnership, type Ownership, type Taken } from '../../system/ownership/ownership.ts';
import { askOwner } from '../../outlets/socket/client.ts';

/** The terminal host quits within two seconds; a machine under load may take longer. */
const HAND_OVER_PATIENCE_MS = 5_000;
const LOOK_MS = 100;
/** An owner that does not answer such a small request by then is hanging. */
const ANSWER_LIMIT_MS = 5_000;
const ROUTE = '/v1/hand-over';

/** What is lost when a running terminal host quits. */
export type AtStake = 'nothing' | 'session';

/** Whether the tray owns the configuration now. */
type TakeOver =
  | { readonly kind: 'owner'; readonly ownership: Ownership }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'refused'; readonly problem: Problem };

/**
 * Makes the tray the owner of the configuration. If a terminal host is the owner, the user decides whether to stop
 * it. Its session continues here, because it is stored, unless that host keeps it in memory only.
 */
export async function ownOrTakeOver(
  places: Places,
  confirm: (owner: string, atStake: AtStake) => Promise<'yes' | 'no'>,
): Promise<TakeOver> {
  const taken = await takeOwnership({ places, kind: 'tray' });
  if (taken.kind === 'owner') return { kind: 'owner', ownership: taken };
  if (taken.owner?.kind !== 'terminal') return refusedBy(taken);
  try {
    const { body } = await askOwner(places, 'GET', ROUTE, { timeoutMs: ANSWER_LIMIT_MS });
    const atStake = body.sessions === 'memory' ? 'session' : 'nothing';
    if ((await confirm(sayOwner(taken.owner), atStake)) === 'no') return { kind: 'cancelled' };
    const { status } = await askOwner(places, 'POST', ROUTE, { timeoutMs: ANSWER_LIMIT_MS });
    // A host of another version does not know this request.
    if (status !== 200) return refusedBy(taken);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    // A host that has quit in the meantime is not an obstacle.
    if (error.problem.code !== 'agent-not-running') return { kind: 'refused', problem: error.problem };
  }
  return waitForOwnership(places);
}

async function waitForOwnership(places: Places): Promise<TakeOver> {
  const deadline = performance.now() + HAND_OVER_PATIENCE_MS;
  for (;;) {
    const taken = await takeOwnership({ places, kind: 'tray' });
    if (taken.kind === 'owner') return { kind: 'owner', ownership: taken };
    if (performance.now() > deadline) return refusedBy(taken);
    await sleep(LOOK_MS);
  }
}

function refusedBy({ owner }: Taken): TakeOver {
  return { kind: 'refused', problem: problem('usage', 'already-running', { owner: sayOwner(owner) }) };
}

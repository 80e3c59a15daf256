import type { Need, NeedKind, NeedRead } from './notifications.ts';
import { Queue } from '../../system/queue.ts';

/**
 * After a resume the network, the clock and the keyring come back one after the other; most problems of the first
 * two minutes have gone by then.
 */
export const QUIET_AFTER_RESUME_MS = 2 * 60_000;

/** A notification on the screen. */
export interface Shown {
  close(): void;
}

/** The desktop's notifications. */
export interface NotificationPort {
  /** Returns `unsupported` if the desktop shows none. One of the two handlers may run later. */
  show(
    need: Need,
    handlers: { readonly onClick: () => void; readonly onFailed: () => void },
  ): Shown | 'unsupported';
}

export interface NotificationControllerParts {
  readonly port: NotificationPort;
  /** Replaces a notification: shows the need in a dialog, and asks whether to fix it now. */
  readonly ask: (need: Need) => Promise<'yes' | 'no'>;
  readonly fix: (profileId: string, kind: NeedKind) => void;
  readonly onTrouble: (error: unknown) => void;
}

interface Told extends Shown {
  readonly kind: NeedKind;
}

/**
 * Decides whether a need is notified: once while it lasts, whatever else changes; not right after a resume; with one
 * notification per profile, which is closed when the need is gone.
 */
export class NotificationController {
  readonly #parts: NotificationControllerParts;
  readonly #needs = new Map<string, Need>();
  readonly #told = new Map<string, Told>();
  #quiet: NodeJS.Timeout | undefined;
  /** The dialogs, one after the other. */
  readonly #dialogs = new Queue();

  constructor(parts: NotificationControllerParts) {
    this.#parts = parts;
  }

  /** Records what a profile needs now, and notifies it if it is new. */
  update(profileId: string, need: NeedRead): void {
    if (need === 'unclear') return;
    if (need === 'none') this.#needs.delete(profileId);
    else this.#needs.set(profileId, need);
    this.#tellIfNew(profileId);
  }

  /** The machine is about to sleep or has just woken: new needs are notified in two minutes, if they still exist. */
  keepQuiet(): void {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      this.#quiet = undefined;
      for (const profileId of this.#needs.keys()) this.#tellIfNew(profileId);
    }, QUIET_AFTER_RESUME_MS);
  }

  /** Forgets the needs of all other profiles. */
  keepOnly(profileIds: readonly string[]): void {
    for (const id of [...this.#needs.keys(), ...this.#told.keys()])
      if (!profileIds.includes(id)) this.update(id, 'none');
  }

  /** Closes all notifications, because no process will answer a click on them. */
  close(): void {
    clearTimeout(this.#quiet);
    this.keepOnly([]);
  }

  #tellIfNew(profileId: string): void {
    const need = this.#needs.get(profileId);
    const told = this.#told.get(profileId);
    if (told?.kind === need?.kind) return;
    if (need !== undefined && this.#quiet !== undefined) return;
    told?.close();
    if (need === undefined) this.#told.delete(profileId);
    else this.#tell(profileId, need);
  }

  #tell(profileId: string, need: Need): void {
    const told: Told = { kind: need.kind, close: () => shown?.close() };
    this.#told.set(profileId, told);
    const askInstead = (): void => this.#ask(profileId, need, told);
    const answer = this.#parts.port.show(need, {
      onClick: () => this.#parts.fix(profileId, need.kind),
      onFailed: askInstead,
    });
    const shown = answer === 'unsupported' ? undefined : answer;
    if (shown === undefined) askInstead();
  }

  #ask(profileId: string, need: Need, told: Told): void {
    const { ask, fix, onTrouble } = this.#parts;
    const askInTurn = async (): Promise<void> => {
      // Fixed or replaced while another dialog was open.
      if (this.#told.get(profileId) !== told) return;
      if ((await ask(need)) === 'yes') fix(profileId, need.kind);
    };
    void this.#dialogs.run(askInTurn).catch(onTrouble);
  }
}

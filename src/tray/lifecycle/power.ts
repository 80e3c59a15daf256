import type { PowerMonitor } from 'electron';

/** What the machine's sleep and wake mean for the application. */
export interface PowerListeners {
  /** The machine is about to sleep, or has just woken. */
  readonly slept: () => void;
  /** Ends connections from before the sleep: they are dead, and a request on one would hang. Never rejects. */
  readonly disconnect: () => Promise<void>;
  /** Time has passed that no timer has seen: the clock is to be looked at. */
  readonly woke: () => void;
  /** The machine is about to shut down. */
  readonly shutDown: () => void;
}

/** Electron hands an event over that its types leave out (docs/api/power-monitor.md, `shutdown`). */
type Preventable = { preventDefault?: () => void } | undefined;

/**
 * Feeds the application from `powerMonitor`, which exists after `ready`. Unlocking tells of a wake that
 * `resume` missed; Linux has no such event, nor Windows the one before a shutdown. It ends no connections: it
 * comes seconds after `resume`, and the refresh that this began may be under way.
 */
export function watchPower(
  monitor: PowerMonitor,
  { slept, disconnect, woke, shutDown }: PowerListeners,
): void {
  monitor.on('suspend', slept);
  monitor.on('resume', () => {
    slept();
    void disconnect().then(woke);
  });
  monitor.on('unlock-screen', woke);
  monitor.on('shutdown', (event?: Preventable) => {
    // The shutdown waits for us then, for as long as the system allows.
    event?.preventDefault?.();
    shutDown();
  });
}

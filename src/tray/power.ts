import type { PowerMonitor } from 'electron';

/** What the machine's sleep and wake mean for the application. */
export interface PowerListeners {
  /** The machine is about to sleep, or has just woken. */
  readonly slept: () => void;
  /** Time has passed that no timer has seen: the clock is to be looked at. */
  readonly woke: () => void;
  /** The machine is about to shut down. */
  readonly shutDown: () => void;
}

/** Electron hands an event over that its types leave out (docs/api/power-monitor.md, `shutdown`). */
type Preventable = { preventDefault?: () => void } | undefined;

/**
 * Feeds the application from `powerMonitor`, which exists after `ready`. Unlocking tells of a wake that
 * `resume` missed; Linux has no such event, nor Windows the one before a shutdown.
 */
export function watchPower(monitor: PowerMonitor, { slept, woke, shutDown }: PowerListeners): void {
  monitor.on('suspend', slept);
  monitor.on('resume', () => {
    slept();
    woke();
  });
  monitor.on('unlock-screen', woke);
  monitor.on('shutdown', (event?: Preventable) => {
    // The shutdown waits for us then, for as long as the system allows.
    event?.preventDefault?.();
    shutDown();
  });
}

import type { PowerMonitor } from 'electron';

/** What the application does when the machine sleeps, wakes or shuts down. */
interface PowerListeners {
  /** The machine is about to sleep, or has just woken. */
  readonly slept: () => void;
  /** Closes connections opened before the machine slept: a request on one would hang. Never rejects. */
  readonly disconnect: () => Promise<void>;
  /** Timers did not run for a while: check the clock. */
  readonly woke: () => void;
  /** The machine is about to shut down. */
  readonly shutDown: () => void;
}

/** Electron's types leave the event out (https://www.electronjs.org/docs/latest/api/power-monitor). */
type Preventable = { preventDefault?: () => void } | undefined;

/**
 * Listens to `powerMonitor`, which exists after `ready`. `unlock-screen` reports a wake that `resume` missed; it does
 * not exist on Linux, nor `shutdown` on Windows. It closes no connections, because it comes seconds after `resume`,
 * whose refresh may still be running.
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
    // Delays the shutdown for as long as the system allows.
    event?.preventDefault?.();
    shutDown();
  });
}

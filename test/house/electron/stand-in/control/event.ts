import type { EventEmitter } from 'node:events';

/** An Electron event object: the first argument of most listeners. */
export type StandInEvent<Params extends object = object> = Params & {
  preventDefault: () => void;
  readonly defaultPrevented: boolean;
};

/** Makes an Electron event object. */
export function makeEvent<Params extends object>(params: Params): StandInEvent<Params> {
  let prevented = false;
  const event = {
    ...params,
    preventDefault: () => {
      prevented = true;
    },
  };
  return Object.defineProperty(event, 'defaultPrevented', { get: () => prevented }) as StandInEvent<Params>;
}

/**
 * Emits as Electron's native side does: a listener that throws ends as an uncaught exception, it never
 * reaches the code that caused the event.
 */
export function fire(emitter: EventEmitter, name: string, ...args: unknown[]): void {
  try {
    emitter.emit(name, ...args);
  } catch (error) {
    throwLater(error);
  }
}

/** Throws where nothing can catch it. */
export function throwLater(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

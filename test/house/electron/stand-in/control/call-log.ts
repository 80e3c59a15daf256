// Which stand-in API the product called, in order, with what. Tests read it through `calls()`.
import { EventEmitter } from 'node:events';
import type { ApiCall } from '../../control/control-protocol.ts';
import { announce } from './announce.ts';

const calls: ApiCall[] = [];
let ready = false;

/** From now on calls are noted as made after app 'ready'. */
export function markReady(): void {
  ready = true;
}

/** Every call so far. */
export function recordedCalls(): readonly ApiCall[] {
  return calls;
}

/** Notes one call of the product. */
export function recordCall(api: string, args: readonly unknown[]): void {
  calls.push({ seq: calls.length, api, args: args.map((arg) => printable(arg, 0)), beforeReady: !ready });
  announce('calls');
}

/**
 * Makes every public method of a class (statics too), and every event subscription, note its calls as
 * `name.method`. Names with a leading underscore are the stand-in's own and stay unnoted.
 */
export function recordMethods(name: string, type: { prototype: object }): void {
  wrap(name, type.prototype);
  wrap(name, type);
  if (!(type.prototype instanceof EventEmitter)) return;
  // `once` goes through `on`, so wrapping these two notes each subscription exactly once.
  for (const method of ['on', 'addListener'] as const) {
    Object.defineProperty(type.prototype, method, {
      configurable: true,
      writable: true,
      value(this: EventEmitter, event: string, listener: (...args: unknown[]) => void) {
        recordCall(`${name}.on`, [event]);
        return EventEmitter.prototype[method].call(this, event, listener);
      },
    });
  }
}

function wrap(name: string, owner: object): void {
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
    if (key === 'constructor' || key.startsWith('_') || typeof descriptor.value !== 'function') continue;
    const original = descriptor.value as (...args: unknown[]) => unknown;
    Object.defineProperty(owner, key, {
      ...descriptor,
      value(this: unknown, ...args: unknown[]) {
        recordCall(`${name}.${key}`, args);
        return original.apply(this, args);
      },
    });
  }
}

/** The same for the options of a window. */
export function plain(options: object): Record<string, unknown> {
  return printable({ ...options }, 0) as Record<string, unknown>;
}

/** Arguments must cross a process border: functions and objects of the API become their names. */
function printable(value: unknown, depth: number): unknown {
  if (typeof value === 'function') return '[function]';
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return `[${value.length} bytes]`;
  if (depth > 6) return '[…]';
  if (Array.isArray(value)) return value.map((item) => printable(item, depth + 1));
  const kind: unknown = value.constructor;
  if (typeof kind === 'function' && kind !== Object) return `[${kind.name.replace(/^StandIn/, '')}]`;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, printable(item, depth + 1)]));
}

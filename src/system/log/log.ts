import { inspect } from 'node:util';
import { redact } from './redact.ts';

/** How much is wrong. Lines below the log's own level are not written. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What a line can carry besides its message; a `Secret` prints as `[secret]`. */
export type LogFields = Readonly<Record<string, unknown>>;

type Write = (message: string, fields?: LogFields) => void;

export interface Log {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

const ORDER: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** As wide as the longest level, so that messages stand below each other. */
const LEVEL_WIDTH = 5;

/** Line breaks, escape sequences, and the marks that turn text round: nothing in a value may look like a line of ours. */
const CONTROLS = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A value that needs no quotes to be told from its neighbours. */
const PLAIN = /^[^\s"=]+$/u;

/** One place that lines go to, and how much of them it wants. */
export interface LogSink {
  /** Gets whole lines with their line break, redacted. */
  readonly write: (line: string) => void;
  readonly level: LogLevel;
}

/**
 * A log of one line an entry, `2026-11-22T08:00:00.000Z info  message key=value`. Every line goes
 * through {@link redact} on its way out, whatever sinks it has, and no value can start a line of its own.
 *
 * @param to one sink, or several with a level each; `now` in milliseconds since 1970.
 */
export function createLog(
  to: { readonly now: () => number } & (LogSink | { readonly sinks: readonly LogSink[] }),
): Log {
  const sinks = 'sinks' in to ? to.sinks : [to];
  const at = (level: LogLevel): Write => {
    const wanting = sinks.filter((sink) => ORDER[level] >= ORDER[sink.level]);
    return (message, fields = {}) => {
      if (wanting.length === 0) return;
      const line = `${new Date(to.now()).toISOString()} ${level.padEnd(LEVEL_WIDTH)} ${entry(message, fields)}\n`;
      for (const sink of wanting) sink.write(line);
    };
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** The same log, with these fields in each of its lines: whose session it is, for example. */
export function logWith(log: Log, fields: LogFields): Log {
  const at =
    (level: LogLevel): Write =>
    (message, more = {}) =>
      log[level](message, { ...fields, ...more });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function entry(message: string, fields: LogFields): string {
  const said = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${quote(redact(asText(value)))}`);
  return redact(escapeControls(redact(message) + said.join('')));
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  // The name and the message say what happened; a stack is many lines of paths.
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return inspect(value, { depth: 4, breakLength: Infinity, compact: true });
}

function quote(text: string): string {
  return PLAIN.test(text) ? text : JSON.stringify(text);
}

function escapeControls(text: string): string {
  return text.replace(CONTROLS, (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}

import { inspect } from 'node:util';
import { redact } from './redact.ts';

/** The severity of a line. Lines below the log's own level are not written. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What a line can hold besides its message; a `Secret` prints as `[secret]`. */
export type LogFields = Readonly<Record<string, unknown>>;

type Write = (message: string, fields?: LogFields) => void;

export type Log = Readonly<Record<LogLevel, Write>>;

const ORDER: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** The width of the longest level, so that messages line up. */
const LEVEL_WIDTH = 5;

/** Line breaks, escape sequences and bidirectional marks: no value may look like a log line of its own. */
const CONTROLS = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A value that is unambiguous without quotes. */
const PLAIN = /^[^\s"=]+$/u;

/** A destination for lines, and the lowest level it gets. */
export interface LogSink {
  /** Called with whole, redacted lines, including the line break. */
  readonly write: (line: string) => void;
  readonly level: LogLevel;
}

/**
 * A log with one line per entry: `2026-11-22T08:00:00.000Z info  message key=value`. Every line passes through
 * {@link redact}, and no value can start a line of its own.
 *
 * @param to one sink, or several with a level each; `now` in milliseconds since 1970.
 */
export function createLog(
  to: { readonly now: () => number } & (LogSink | { readonly sinks: readonly LogSink[] }),
): Log {
  const sinks = 'sinks' in to ? to.sinks : [to];
  return atEachLevel((level) => {
    const interested = sinks.filter((sink) => ORDER[level] >= ORDER[sink.level]);
    return (message, fields = {}) => {
      if (interested.length === 0) return;
      const line = `${new Date(to.now()).toISOString()} ${level.padEnd(LEVEL_WIDTH)} ${entry(message, fields)}\n`;
      for (const sink of interested) sink.write(line);
    };
  });
}

/** The same log with these fields in every line, such as the profile that a session belongs to. */
export function logWith(log: Log, fields: LogFields): Log {
  return atEachLevel(
    (level) =>
      (message, more = {}) =>
        log[level](message, { ...fields, ...more }),
  );
}

function atEachLevel(at: (level: LogLevel) => Write): Log {
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

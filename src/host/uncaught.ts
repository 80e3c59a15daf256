import { errorCode } from '../system/files/error-code.ts';
import type { Log } from '../system/log/log.ts';

/** Codes of the system (`ECONNRESET`) and of Node's streams, sockets, TLS and HTTP parser (`HPE_INVALID_CONSTANT`). */
const OF_CONNECTIONS =
  /^(?:E[A-Z0-9]+|ABORT_ERR|HPE_\w+|ERR_(?:STREAM|SOCKET|SSL|TLS|OSSL|HTTP2?)_\w+|CERT_\w+)$/u;

/**
 * Whether a host can go on after an error that nothing handled. A connection that failed, or a promise that was
 * rejected, leaves everything else as it was; after an exception in the middle of other work Node says that the
 * state is unknown (https://nodejs.org/api/process.html#warning-using-uncaughtexception-correctly).
 */
export function canGoOn(error: unknown, origin: NodeJS.UncaughtExceptionOrigin): boolean {
  return origin === 'unhandledRejection' || OF_CONNECTIONS.test(errorCode(error));
}

/**
 * Keeps the sessions in memory served after an error that nothing handled, if {@link canGoOn}; otherwise calls
 * `onFatal`. Both are logged, without secrets.
 */
export function surviveErrors(log: Log, onFatal: (error: unknown) => void): void {
  process.on('uncaughtException', (error, origin) => {
    log.error('an error was not handled', { error, origin });
    if (!canGoOn(error, origin)) onFatal(error);
  });
}

import type { Reference } from '../../words/problem.ts';

const PARTS = {
  traceId: /Trace ID: ([0-9a-f-]{36})\b/iu,
  correlationId: /Correlation ID: ([0-9a-f-]{36})\b/iu,
  timestamp: /Timestamp: (\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ)/u,
} as const;

/**
 * The identifiers in an `error_description` of Entra, by which its administrators find the attempt in the sign-in logs:
 * https://learn.microsoft.com/entra/identity/monitoring-health/howto-troubleshoot-sign-in-errors. Undefined if one is
 * missing.
 */
export function readReference(description: string): Reference | undefined {
  const [traceId, correlationId, timestamp] = [PARTS.traceId, PARTS.correlationId, PARTS.timestamp].map(
    (part) => part.exec(description)?.[1],
  );
  if (traceId === undefined || correlationId === undefined || timestamp === undefined) return undefined;
  return { correlationId, traceId, timestamp };
}

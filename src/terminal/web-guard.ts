import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a person opened the address: typed, pasted, or a link on our own page. A request that another
 * page started (an image, a fetch, a link) and a browser's guess ahead must not use a ticket up. Browsers
 * that do not send these headers (Fetch Metadata) are let through: the ticket is still needed.
 */
export function isOpenedByPerson(headers: IncomingHttpHeaders): boolean {
  const among = (name: string, wanted: readonly string[]): boolean => {
    const value = headers[name];
    return value === undefined || (typeof value === 'string' && wanted.includes(value));
  };
  return (
    among('sec-fetch-site', ['none', 'same-origin']) &&
    among('sec-fetch-dest', ['document']) &&
    among('sec-fetch-mode', ['navigate']) &&
    headers['sec-purpose'] === undefined &&
    headers.purpose === undefined
  );
}

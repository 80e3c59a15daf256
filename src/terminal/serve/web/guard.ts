import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a person opened the address: typed, pasted, or a link on our own page. A request that another
 * page started (an image, a fetch, a link) and a browser's guess ahead must not use a ticket up. Browsers
 * that do not send these headers (Fetch Metadata) are let through: the ticket is still needed.
 */
export function isOpenedByPerson(headers: IncomingHttpHeaders): boolean {
  return (
    isAmong(headers['sec-fetch-site'], ['none', 'same-origin']) &&
    isAmong(headers['sec-fetch-dest'], ['document']) &&
    isAmong(headers['sec-fetch-mode'], ['navigate']) &&
    headers['sec-purpose'] === undefined &&
    headers.purpose === undefined
  );
}

/** Whether a page of this very address asked, for what such a page is given: `dest` as Fetch Metadata names it. */
export function isAskedByOwnPage(headers: IncomingHttpHeaders, dest: 'empty' | 'script' | 'style'): boolean {
  return isAmong(headers['sec-fetch-site'], ['same-origin']) && isAmong(headers['sec-fetch-dest'], [dest]);
}

function isAmong(value: string | readonly string[] | undefined, wanted: readonly string[]): boolean {
  return value === undefined || (typeof value === 'string' && wanted.includes(value));
}

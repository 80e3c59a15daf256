import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether the user opened the address: typed, pasted, or by a link on our own page. A request that another page started
 * (an image, a fetch, a link) or a prefetch must not use up a ticket. Browsers that do not send these headers (Fetch
 * Metadata) are let through: they still need the ticket.
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

/** Whether a page of this address made the request. @param dest of the request, as Fetch Metadata names it */
export function isAskedByOwnPage(headers: IncomingHttpHeaders, dest: 'empty' | 'script' | 'style'): boolean {
  return isAmong(headers['sec-fetch-site'], ['same-origin']) && isAmong(headers['sec-fetch-dest'], [dest]);
}

function isAmong(value: string | readonly string[] | undefined, allowed: readonly string[]): boolean {
  return value === undefined || (typeof value === 'string' && allowed.includes(value));
}

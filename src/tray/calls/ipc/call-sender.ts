import type { IpcMainInvokeEvent } from 'electron';
import { ownAddress } from '../../windows/app-scheme.ts';
import type { OwnPage } from '../../windows/pages.ts';

/** Chromium reports another origin for any page that is not ours. */
const OWN_ORIGIN = 'app://bundle';

/** What identifies the frame that makes a call. */
export type SpeakingFrame = Pick<NonNullable<IpcMainInvokeEvent['senderFrame']>, 'parent' | 'origin' | 'url'>;

/**
 * Whether a call comes from the main frame of our page, at exactly its address with any fragment (Electron's
 * security checklist, item 17).
 * @param frame null if it navigated or closed before it was read
 * @param page of the window that contains the frame; undefined if that is not ours
 */
export function isOwnPage(frame: SpeakingFrame | null, page: OwnPage | undefined): boolean {
  if (frame === null || page === undefined || frame.parent !== null) return false;
  const [address] = frame.url.split('#', 1);
  return frame.origin === OWN_ORIGIN && address === ownAddress(page.file);
}

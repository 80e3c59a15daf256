import type { IpcMainInvokeEvent } from 'electron';
import { ownAddress } from '../../windows/app-scheme.ts';
import type { OwnPage } from '../../windows/own-windows.ts';

/** Of whatever else our own pages might ever lead to, Chromium says another one. */
const OWN_ORIGIN = 'app://bundle';

/** The part of a frame that tells who speaks. */
export type SpeakingFrame = Pick<NonNullable<IpcMainInvokeEvent['senderFrame']>, 'parent' | 'origin' | 'url'>;

/**
 * Whether a call comes from the page that this window of ours was opened with (Electron's checklist 17): from
 * its main frame, at exactly its address, whatever its fragment.
 * @param frame null where it went on or was closed before anybody looked
 * @param page of the window that the frame is in; undefined where that is none of ours
 */
export function isOwnPage(frame: SpeakingFrame | null, page: OwnPage | undefined): boolean {
  if (frame === null || page === undefined || frame.parent !== null) return false;
  const [address] = frame.url.split('#', 1);
  return frame.origin === OWN_ORIGIN && address === ownAddress(page.file);
}

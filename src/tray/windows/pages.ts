import type { Calls } from '../../pages/bridge/contract.ts';
import { say } from '../../words/say.ts';

/** A window with one of our own pages. */
export interface OwnPage {
  /** The page's file; also identifies the window. */
  readonly file: string;
  readonly title: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** The narrowest width that the page is designed for; no limit if undefined. */
  readonly minWidthPx?: number;
}

/** The pages that can open each other. */
export type PageName = Calls['page.open']['asked']['page'];

/** A phone's width, or a small window at 200 %. */
const MIN_WIDTH_PX = 360;

/** The window behind “Status…”: one profile's ring and its week side by side at the default text size. */
export const statusWindow: OwnPage = {
  file: 'status.html',
  title: say('status.title'),
  widthPx: 720,
  heightPx: 640,
  minWidthPx: MIN_WIDTH_PX,
};

/**
 * The window behind “Settings…”: the list of profiles beside a form with help below its fields. Also the first
 * window to open if nothing is set up.
 */
export const settingsWindow: OwnPage = {
  file: 'settings.html',
  title: say('settings-tray.title'),
  widthPx: 880,
  heightPx: 720,
  minWidthPx: MIN_WIDTH_PX,
};

/** The window behind “About Tokentray”: six lines of facts at the default text size; larger text scrolls. */
export const aboutWindow: OwnPage = {
  file: 'about.html',
  title: say('menu.about'),
  widthPx: 520,
  heightPx: 340,
};

import { say } from '../../words/say.ts';
import type { OwnPage } from './own-windows.ts';

/** Room for the list of profiles beside a form whose fields have their help below them. */
const WIDTH_PX = 880;
const HEIGHT_PX = 720;

/** The narrowest that the page is made for: a phone's width, or 200 % of a small window. */
const MIN_WIDTH_PX = 360;

/** The window behind “Settings…”, and the first that opens where nothing is set up. */
export const settingsWindow: OwnPage = {
  file: 'settings.html',
  title: say('settings-tray.title'),
  widthPx: WIDTH_PX,
  heightPx: HEIGHT_PX,
  minWidthPx: MIN_WIDTH_PX,
};

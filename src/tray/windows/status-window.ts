import { say } from '../../words/say.ts';
import type { OwnPage } from './own-windows.ts';

/** Room for one profile's ring and its week beside each other at the usual size of text. */
const WIDTH_PX = 720;
const HEIGHT_PX = 640;

/** The narrowest that the page is made for: a phone's width, or 200 % of a small window. */
const MIN_WIDTH_PX = 360;

/** The window behind “Status…”. */
export const statusWindow: OwnPage = {
  file: 'status.html',
  title: say('status.title'),
  widthPx: WIDTH_PX,
  heightPx: HEIGHT_PX,
  minWidthPx: MIN_WIDTH_PX,
};

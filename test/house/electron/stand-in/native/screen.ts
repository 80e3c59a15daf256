import { EventEmitter } from 'node:events';
import { recordMethods } from '../control/call-log.ts';

const WORK_AREA = { x: 0, y: 0, width: 1920, height: 1080 };

/** Electron's `screen`, with one display. */
export class StandInScreen extends EventEmitter implements Pick<Electron.Screen, 'getCursorScreenPoint'> {
  getCursorScreenPoint(): Electron.Point {
    return { x: 0, y: 0 };
  }

  getPrimaryDisplay() {
    return {
      id: 1,
      scaleFactor: 1,
      bounds: WORK_AREA,
      workArea: WORK_AREA,
      size: WORK_AREA,
      workAreaSize: WORK_AREA,
    };
  }

  getAllDisplays() {
    return [this.getPrimaryDisplay()];
  }

  getDisplayNearestPoint() {
    return this.getPrimaryDisplay();
  }
}
recordMethods('screen', StandInScreen);

export const screen = new StandInScreen();

import { EventEmitter } from 'node:events';
import { recordMethods } from '../control/call-log.ts';
import { fire, makeEvent } from '../control/event.ts';
import type { PowerEvent } from '../../control/control-protocol.ts';

/** Electron's `powerMonitor`; its events come from the test. */
export class StandInPowerMonitor
  extends EventEmitter
  implements Pick<Electron.PowerMonitor, 'getSystemIdleState' | 'getSystemIdleTime' | 'isOnBatteryPower'>
{
  getSystemIdleState(): 'active' {
    return 'active';
  }

  getSystemIdleTime(): number {
    return 0;
  }

  isOnBatteryPower(): boolean {
    return false;
  }

  _cause(event: PowerEvent): void {
    fire(this, event, makeEvent({}));
  }
}
recordMethods('powerMonitor', StandInPowerMonitor);

export const powerMonitor = new StandInPowerMonitor();

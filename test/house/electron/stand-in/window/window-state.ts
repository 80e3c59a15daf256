import type { WindowState } from '../../control/control-protocol.ts';
import type { StandInBrowserWindow } from './browser-window.ts';
import { plain } from '../control/call-log.ts';

/** A window, for the test. */
export function windowState(window: StandInBrowserWindow): WindowState {
  const { webPreferences, ...options } = window._options;
  const { webContents } = window;
  return {
    id: window.id,
    webContentsId: webContents.id,
    url: webContents._navigation.visibleUrl(),
    pageTitle: webContents._title(),
    loading: webContents._navigation.isLoading(),
    partition: webContents.session._partition,
    options: plain(options),
    webPreferences: plain(webPreferences ?? {}),
    ...window._shown(),
  };
}

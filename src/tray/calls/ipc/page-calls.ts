import type { CallName } from '../../../pages/bridge/contract.ts';
import type { OwnPage } from '../../windows/own-windows.ts';
import { settingsWindow } from '../../windows/settings-window.ts';
import { statusWindow } from '../../windows/status-window.ts';

const ofStatus: readonly string[] = [statusWindow.file];
const ofSettings: readonly string[] = [settingsWindow.file];
const ofBoth: readonly string[] = [...ofStatus, ...ofSettings];

/** The files of the pages that make each call; the compiler refuses a call that is missing. “About” makes none. */
const PAGES: Readonly<Record<CallName, readonly string[]>> = {
  'profiles.read': ofStatus,
  'profile.act': ofStatus,
  'token.read': ofStatus,
  'history.read': ofStatus,
  'logs.open': ofStatus,
  'diagnostics.copy': ofStatus,
  'menu.show': ofStatus,
  'versions.read': ofStatus,
  'page.open': ofBoth,
  'settings.read': ofSettings,
  'settings.change': ofSettings,
  'settings.export': ofSettings,
  'settings.import': ofSettings,
  'draft.check': ofSettings,
  'draft.save': ofSettings,
  'draft.test': ofSettings,
  'draft.read': ofSettings,
  'draft.read-file': ofSettings,
  'credential.choose': ofSettings,
  'schedule.preview': ofSettings,
  'text.copy': ofSettings,
  'profile.set-default': ofSettings,
  'profile.remove': ofSettings,
  'token-file.add': ofSettings,
  'token-file.remove': ofSettings,
};

/**
 * Whether a page may make a call: the one that needs it, so that whoever got hold of a page of facts could do no
 * more there than that page itself.
 */
export function mayCall({ file }: OwnPage, name: CallName): boolean {
  return PAGES[name].includes(file);
}

import type { CallName, Calls } from '../../../pages/bridge/contract.ts';
import type { SettingsCallName } from './settings-call-schemas.ts';

/** One handler for each call of the contract; the compiler refuses one that is missing. */
export type Handlers = {
  readonly [Name in CallName]: (asked: Calls[Name]['asked']) => Promise<Calls[Name]['answered']>;
};

/** Those of the Settings page. */
export type SettingsHandlers = Pick<Handlers, SettingsCallName>;

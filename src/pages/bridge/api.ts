import type { StatusBody } from '../../outlets/answer/status-body.ts';
import type { CallName, Calls, MessageName, Messages } from './contract.ts';

/** The name under which a page finds {@link PageApi} in its `window`. */
export const API_NAME = 'tokentray';

/** A call without a question takes no argument. */
type Asked<Name extends CallName> = Calls[Name]['asked'] extends undefined
  ? []
  : [asked: Calls[Name]['asked']];

type PageCalls = {
  /** Rejects with an `Error` whose message is for the user: what happened, and the next step. */
  readonly [Name in CallName]: (...asked: Asked<Name>) => Promise<Calls[Name]['answered']>;
};

/** The calls that the Status page needs. Without the others it shows no controls. */
export interface ReadingApi extends Pick<PageCalls, 'profiles.read' | 'token.read' | 'history.read'> {
  /** As in {@link PageApi}. */
  readonly on: (
    message: 'profiles.changed',
    listener: (profiles: readonly StatusBody[]) => void,
  ) => () => void;
}

/**
 * The API that the preload script gives to our pages as `window.tokentray`: a function for each call of the contract,
 * by the call's name (`tokentray['token.read']({ profile })`).
 */
export interface PageApi extends PageCalls {
  /** Calls `listener` with each message of the main process; returns a function that stops it. Listen first, then read. */
  readonly on: <Name extends MessageName>(
    message: Name,
    listener: (said: Messages[Name]) => void,
  ) => () => void;
}

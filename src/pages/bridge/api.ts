import type { StatusBody } from '../../outlets/answer/status-body.ts';
import type { CallName, Calls, MessageName, Messages } from './contract.ts';

/** The name under which a page finds {@link PageApi} in its `window`. */
export const API_NAME = 'tokentray';

/** Nothing to ask means no argument. */
type Asked<Name extends CallName> = Calls[Name]['asked'] extends undefined
  ? []
  : [asked: Calls[Name]['asked']];

type PageCalls = {
  /** Rejects with an `Error` whose message is for people: what happened, and the next step. */
  readonly [Name in CallName]: (...asked: Asked<Name>) => Promise<Calls[Name]['answered']>;
};

/** What the Status page wants at least. A page that is given no more shows nothing that does something. */
export interface ReadingApi extends Pick<PageCalls, 'profiles.read' | 'token.read' | 'history.read'> {
  /** As in {@link PageApi}. */
  readonly on: (
    message: 'profiles.changed',
    listener: (profiles: readonly StatusBody[]) => void,
  ) => () => void;
}

/**
 * What the preload script gives to our own pages, as `window.tokentray`: a function for each call of the
 * contract, under the call's name (`tokentray['token.read']({ profile })`).
 */
export interface PageApi extends PageCalls {
  /** Calls `listener` with what the main process says unasked; the answer ends it. Listen first, then read. */
  readonly on: <Name extends MessageName>(
    message: Name,
    listener: (said: Messages[Name]) => void,
  ) => () => void;
}

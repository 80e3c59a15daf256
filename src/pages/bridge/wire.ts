import type { ProblemBody } from '../../outlets/answer/answer.ts';
import type { CallName, Calls, MessageName } from './contract.ts';

/** Of every name on the wire, so that nothing else that speaks over Electron's IPC is met by accident. */
const PREFIX = 'tokentray:';

/** Every call of the contract; the compiler refuses one that is missing here, and one that is not there. */
const CALLS = {
  'profiles.read': 'call',
  'profile.act': 'call',
  'token.read': 'call',
  'history.read': 'call',
  'logs.open': 'call',
  'diagnostics.copy': 'call',
  'menu.show': 'call',
  'versions.read': 'call',
  'page.open': 'call',
  'settings.read': 'call',
  'settings.change': 'call',
  'settings.export': 'call',
  'settings.import': 'call',
  'draft.check': 'call',
  'draft.save': 'call',
  'draft.test': 'call',
  'draft.read': 'call',
  'draft.read-file': 'call',
  'credential.choose': 'call',
  'schedule.preview': 'call',
  'text.copy': 'call',
  'profile.set-default': 'call',
  'profile.remove': 'call',
  'token-file.add': 'call',
  'token-file.remove': 'call',
} as const satisfies Record<CallName, 'call'>;

/** Every message of the contract, in the same way. */
const MESSAGES = {
  'profiles.changed': 'message',
  'settings.changed': 'message',
  'draft.tested': 'message',
} as const satisfies Record<MessageName, 'message'>;

/** What `Object.keys` does not say: an object literal that `satisfies` a record has its keys and no others. */
function namesOf<Name extends string>(record: Readonly<Record<Name, unknown>>): readonly Name[] {
  return Object.keys(record) as Name[];
}

export const CALL_NAMES: readonly CallName[] = namesOf(CALLS);
export const MESSAGE_NAMES: readonly MessageName[] = namesOf(MESSAGES);

/** How a call or a message is named on the wire. */
export function channelOf<Name extends CallName | MessageName>(name: Name): `${typeof PREFIX}${Name}` {
  return `${PREFIX}${name}`;
}

/**
 * What a call brings back. A failure is a value too: what a handler throws would cross as a sentence of
 * Electron's, with the name of the error in it.
 */
export type Brought<Name extends CallName> =
  | { readonly kind: 'answered'; readonly answer: Calls[Name]['answered'] }
  | { readonly kind: 'failed'; readonly problem: ProblemBody };

import type { ProblemBody } from '../../outlets/answer/answer.ts';
import type { CallName, Calls, MessageName } from './contract.ts';

/** Prefixes all our channel names, so that they differ from any other channel of Electron's IPC. */
const PREFIX = 'tokentray:';

/** All calls of the contract; the compiler reports missing and unknown ones. */
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

/** All messages of the contract, checked in the same way. */
const MESSAGES = {
  'profiles.changed': 'message',
  'settings.changed': 'message',
  'draft.tested': 'message',
} as const satisfies Record<MessageName, 'message'>;

/** The type of the keys, which `Object.keys` widens: a literal that `satisfies` a record has exactly its keys. */
function namesOf<Name extends string>(record: Readonly<Record<Name, unknown>>): readonly Name[] {
  return Object.keys(record) as Name[];
}

export const CALL_NAMES: readonly CallName[] = namesOf(CALLS);
export const MESSAGE_NAMES: readonly MessageName[] = namesOf(MESSAGES);

/** The IPC channel of a call or a message. */
export function channelOf<Name extends CallName | MessageName>(name: Name): `${typeof PREFIX}${Name}` {
  return `${PREFIX}${name}`;
}

/**
 * The result of a call. A failure is a value too: Electron would replace the message of a thrown error by a sentence
 * of its own, with the error's name in it.
 */
export type Brought<Name extends CallName> =
  | { readonly kind: 'answered'; readonly answer: Calls[Name]['answered'] }
  | { readonly kind: 'failed'; readonly problem: ProblemBody };

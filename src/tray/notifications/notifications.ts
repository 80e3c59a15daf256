import type { Status } from '../../agent/status/status.ts';
import type { Problem } from '../../words/problem.ts';
import { say, sayProblem } from '../../words/say.ts';

/** What the user has to do about a profile; each kind has its own sentences and its own action. */
export type NeedKind = 'sign-in' | 'configuration';

/** Something that stays as it is until the user acts. */
export interface Need {
  readonly kind: NeedKind;
  readonly title: string;
  readonly body: string;
  /** The label of the button that fixes it. */
  readonly fix: string;
}

/** What a status needs: `unclear` while the authority cannot be reached, which neither fixes nor reveals anything. */
export type NeedRead = Need | 'none' | 'unclear';

/**
 * What to notify about a status; the controller decides whether. Only problems that need the user: a session that
 * ended or was lost, and a registration that the authority refuses in the background. Problems that may clear up on
 * their own are shown by icon and menu only.
 * @param profileName set if there are several profiles
 */
export function needOf({ session, health, storage }: Status, profileName?: string): NeedRead {
  switch (session.kind) {
    case 'sign-in-needed':
      return needFor('sign-in', session.reason, profileName);
    case 'signed-out':
      return storage.kind === 'trouble' && storage.reason.code === 'storage.corrupt'
        ? needFor('sign-in', storage.reason, profileName)
        : 'none';
    case 'signed-in':
      switch (health.kind) {
        case 'ok':
          return 'none';
        case 'offline':
        case 'failing':
          return 'unclear';
        case 'configuration':
          return needFor('configuration', health.reason, profileName);
      }
  }
}

const CODES = {
  'sign-in': {
    unnamed: 'notification.sign-in-needed',
    named: 'notification.sign-in-needed.profile',
    fix: 'menu.sign-in',
  },
  configuration: {
    unnamed: 'notification.configuration',
    named: 'notification.configuration.profile',
    fix: 'notification.configuration.mend',
  },
} as const;

function needFor(kind: NeedKind, problem: Problem, name: string | undefined): Need {
  const { sentence, next } = sayProblem(problem, 'tray');
  const codes = CODES[kind];
  return {
    kind,
    title: name === undefined ? say(codes.unnamed) : say(codes.named, { name }),
    body: say('notification.body', { reason: sentence, next }),
    fix: say(codes.fix),
  };
}

import type { Problem } from '../../words/problem.ts';
import type { Status } from '../../agent/status/status.ts';
import { say, sayProblem } from '../../words/say.ts';

/** What a person has to do about a profile; each is told in its own words and mended by its own action. */
export type NeedKind = 'sign-in' | 'configuration';

/** Something that stays as it is until a person acts. */
export interface Need {
  readonly kind: NeedKind;
  readonly title: string;
  readonly body: string;
  /** The words on the button that mends it. */
  readonly mend: string;
}

/**
 * What a status says of its need: `unclear` while the authority cannot be asked, which neither mends
 * anything nor shows anything new.
 */
export type NeedRead = Need | 'none' | 'unclear';

/**
 * What to tell of a status; the controller decides whether. Only what needs a person: a session that was
 * ended or lost, and a registration that the authority refuses to a session in the background. Everything
 * that may end by itself is in icon and menu.
 */
export function needOf(
  { session, health, storage }: Status,
  /** Which profile, where there are several. */
  profileName?: string,
): NeedRead {
  switch (session.kind) {
    case 'sign-in-needed':
      return signInNeed(session.reason, profileName);
    case 'signed-out':
      return storage.kind === 'trouble' && storage.reason.code === 'storage.corrupt'
        ? signInNeed(storage.reason, profileName)
        : 'none';
    case 'signed-in':
      switch (health.kind) {
        case 'ok':
          return 'none';
        case 'offline':
          return 'unclear';
        case 'configuration':
          return configurationNeed(health.reason, profileName);
      }
  }
}

function signInNeed(reason: Problem, name: string | undefined): Need {
  return {
    kind: 'sign-in',
    title:
      name === undefined
        ? say('notification.sign-in-needed')
        : say('notification.sign-in-needed.profile', { name }),
    body: bodyOf(reason),
    mend: say('menu.sign-in'),
  };
}

function configurationNeed(reason: Problem, name: string | undefined): Need {
  return {
    kind: 'configuration',
    title:
      name === undefined
        ? say('notification.configuration')
        : say('notification.configuration.profile', { name }),
    body: bodyOf(reason),
    mend: say('notification.configuration.mend'),
  };
}

function bodyOf(reason: Problem): string {
  const { sentence, next } = sayProblem(reason);
  return say('notification.body', { reason: sentence, next });
}

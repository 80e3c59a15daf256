import type { Agent } from '../../agent/agent.ts';
import type { Profiles } from '../../agent/profiles.ts';
import type { TokenAnswer, TokenRequest } from '../../agent/refresh/lifetime.ts';
import { problem, type Problem } from '../../words/problem.ts';
import { say, sayReason } from '../../words/say.ts';
import { sayTime } from '../../words/time.ts';
import type { SignInAim, SignInFlow } from '../sign-in/flow.ts';
import type { SignInWays } from '../sign-in/ways.ts';
import type { TokenClipboard } from './clipboard.ts';
import { copyText, curlCommand, sayCopied, type CopyForm } from './copy-forms.ts';
import { accountOf, type EndedSessions } from './ended-sessions.ts';
import type { ProfileMenuAction } from './menu-entry.ts';
import type { MenuNews } from './news.ts';

/** The result of an action. `said` is shown in the menu for a moment; `message` is the title of the failure. */
export type Outcome =
  | { readonly kind: 'done'; readonly said?: string }
  | { readonly kind: 'failed'; readonly message: string; readonly problem: Problem };

export const done: Outcome = { kind: 'done' };

export interface ProfileActionParts {
  readonly profiles: Pick<Profiles, 'get'>;
  readonly clipboard: Pick<TokenClipboard, 'copy'>;
  readonly signIn: Pick<SignInFlow, 'run'>;
  readonly signInWays: SignInWays;
  readonly now: () => number;
}

/** What an action changes besides the profile. */
interface Surroundings {
  readonly news: MenuNews;
  readonly ended: EndedSessions;
  readonly redraw: () => void;
}

/** The menu's actions on one profile. */
export class ProfileActions {
  readonly #parts: ProfileActionParts & Surroundings;

  constructor(parts: ProfileActionParts & Surroundings) {
    this.#parts = parts;
  }

  /**
   * Rejects with what the action throws.
   * @param agent undefined if the profile was removed, or if there is none
   * @param scopes the profile's own if undefined
   */
  run(
    action: ProfileMenuAction,
    agent: Agent | undefined,
    scopes: readonly string[] | undefined,
  ): Promise<Outcome> {
    const actions: Readonly<Record<ProfileMenuAction, () => Promise<Outcome>>> = {
      copy: () => this.#copy('bare', agent, scopes),
      'copy-header': () => this.#copy('header', agent, scopes),
      'copy-json': () => this.#copy('json', agent, scopes),
      'copy-curl': () => this.#copyCommand(agent),
      refresh: () => this.#refresh(agent),
      'sign-in': () => this.signIn(agent, 'same-account'),
      'switch-account': () => this.signIn(agent, 'switch-account'),
      'sign-out': () => this.#signOut(agent),
      'sign-in-with-browser': () => this.#toggleBrowser(agent),
    };
    return actions[action]();
  }

  async #copy(
    form: CopyForm,
    agent: Agent | undefined,
    scopes: readonly string[] | undefined,
  ): Promise<Outcome> {
    const answer = await ask(agent, scopes === undefined ? {} : { scopes });
    if (answer.kind === 'refused') return this.#failed(say('copy.failed'), answer.problem, agent);
    const { clipboard, now } = this.#parts;
    await clipboard.copy(copyText(form, answer, agent && accountOf(agent.status)));
    return this.#said(sayCopied(form, scopes, sayTime(answer.token.expiresOn, now())), agent);
  }

  async #copyCommand(agent: Agent | undefined): Promise<Outcome> {
    const { clipboard, profiles } = this.#parts;
    await clipboard.copy(curlCommand(agent === profiles.get() ? undefined : agent?.profile.id));
    return this.#said(say('menu.copied.curl'), agent);
  }

  async #refresh(agent: Agent | undefined): Promise<Outcome> {
    const answer = await ask(agent, { fresh: 'always' });
    const reason = answer.kind === 'refused' ? answer.problem : answer.warning;
    return reason === undefined ? done : this.#failed(say('refresh.failed'), reason, agent);
  }

  async signIn(agent: Agent | undefined, aim: SignInAim): Promise<Outcome> {
    if (agent === undefined) return done;
    const end = await this.#parts.signIn.run(agent, aim);
    // Shows the remembered way to sign in, which is not part of a status.
    this.#parts.redraw();
    switch (end.kind) {
      case 'over':
        return done;
      case 'closed':
        // The user closed the window and knows; a box would need another click.
        return this.#said(sayReason(end.problem), agent);
      case 'failed':
        return this.#failed(say('sign-in.failed'), end.problem, agent);
    }
  }

  async #toggleBrowser(agent: Agent | undefined): Promise<Outcome> {
    const { signInWays } = this.#parts;
    if (agent !== undefined) {
      const { profile } = agent;
      await signInWays.remember(profile, signInWays.wayOf(profile) === 'browser' ? 'window' : 'browser');
    }
    this.#parts.redraw();
    return done;
  }

  async #signOut(agent: Agent | undefined): Promise<Outcome> {
    const failed = await agent?.signOut();
    if (failed !== undefined) return this.#failed(say('sign-out.failed'), failed, agent);
    // Started by the change of status.
    await this.#parts.ended.clearing;
    return done;
  }

  #failed(message: string, reason: Problem, agent: Agent | undefined): Outcome {
    this.#parts.news.show({ sentence: sayReason(reason), profile: agent?.profile.id });
    return { kind: 'failed', message, problem: reason };
  }

  #said(sentence: string, agent: Agent | undefined): Outcome {
    this.#parts.news.show({ sentence, profile: agent?.profile.id });
    return { kind: 'done', said: sentence };
  }
}

function ask(agent: Agent | undefined, request: TokenRequest): Promise<TokenAnswer> {
  if (agent !== undefined) return agent.getToken(request);
  return Promise.resolve({ kind: 'refused', problem: problem('admin', 'not-configured') });
}

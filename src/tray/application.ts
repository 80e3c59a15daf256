import { app } from 'electron';
import type { Account } from '../agent/account.ts';
import type { Agent } from '../agent/agent.ts';
import type { TokenAnswer, TokenRequest } from '../agent/lifetime.ts';
import type { Profiles } from '../agent/profiles.ts';
import { problem, type Problem } from '../agent/problem.ts';
import { problemOf } from '../agent/thrown.ts';
import type { Status } from '../agent/status.ts';
import type { SignInInvitation } from '../outlets/socket-host.ts';
import type { Log } from '../vault/log.ts';
import { say, sayProblem } from '../words/say.ts';
import { sayTime } from '../words/time.ts';
import type { TokenClipboard } from './clipboard.ts';
import { copyText, curlCommand, sayCopied, type CopyForm } from './copy-forms.ts';
import { tellProblem } from './dialogs.ts';
import type { MenuAction, Target } from './menu-entry.ts';
import { trayView, type News, type TrayView } from './projection.ts';
import type { SignInFlow } from './sign-in-flow.ts';
import type { SignInSession } from './sign-in-session.ts';
import type { StartAtLogin } from './start-at-login.ts';
import { showStatus } from './status-dialog.ts';
import type { TrayIcon } from './tray-icon.ts';

/** Long enough to be read in the menu, short enough not to be taken for the state. */
const NEWS_MS = 8_000;

export interface ApplicationParts {
  readonly profiles: Pick<Profiles, 'list' | 'get' | 'watch'>;
  readonly clipboard: TokenClipboard;
  readonly signInSession: SignInSession;
  readonly signIn: SignInFlow;
  readonly startAtLogin: Pick<StartAtLogin, 'state' | 'toggle'>;
  readonly now: () => number;
  readonly log: Log;
  /** Asks for a file, stores what is in it, and has it used. */
  readonly importProfile: () => Promise<void>;
}

/** What the menu's entries do, and what the tray shows of the profiles. */
export class Application {
  readonly #parts: ApplicationParts;
  #icon: TrayIcon | undefined;
  readonly #noticed = new WeakMap<Agent, Status>();
  #news: News | undefined;
  #newsTimer: NodeJS.Timeout | undefined;
  #forgetting: Promise<void> | undefined;

  constructor(parts: ApplicationParts) {
    const { profiles } = parts;
    this.#parts = parts;
    for (const agent of profiles.list) this.#noticed.set(agent, agent.status);
    profiles.watch((agent, status) => this.#onStatus(agent, status));
  }

  get view(): TrayView {
    const { profiles, startAtLogin, now } = this.#parts;
    return trayView({
      profiles: profiles.list.map(({ profile, status, nextScheduledAt }) => ({
        id: profile.id,
        name: profile.name,
        extraScopes: profile.extraScopes,
        status,
        nextScheduledAt,
      })),
      defaultProfile: profiles.get()?.profile.id,
      news: this.#news,
      startAtLogin: startAtLogin.state,
      now: now(),
    });
  }

  /** The icon exists only after `ready`, and shows whatever is known by then. */
  showIn(icon: TrayIcon): void {
    this.#icon = icon;
    this.redraw();
  }

  /** Statuses are followed; a profile that came, left or became the default is not. */
  redraw(): void {
    this.#icon?.show(this.view);
  }

  /** Everything behind a menu entry or a notification comes through here; a failure is told, never thrown. */
  act(action: MenuAction, target: Target = {}): Promise<void> {
    return this.#told(action, () => this.#carryOut(action, target));
  }

  async #told(action: MenuAction, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#parts.log.error('an action failed', { action, error });
      await tellProblem(say('action.failed'), problemOf(error));
    }
  }

  async #carryOut(action: MenuAction, target: Target): Promise<void> {
    const agent = this.#parts.profiles.get(target.profile);
    switch (action) {
      case 'copy':
        return this.#copy('bare', agent, target.scopes);
      case 'copy-header':
        return this.#copy('header', agent, target.scopes);
      case 'copy-json':
        return this.#copy('json', agent, target.scopes);
      case 'copy-curl':
        return this.#copyCommand(agent);
      case 'refresh':
        return this.#refresh(agent);
      case 'sign-in':
        return agent === undefined ? undefined : this.#signIn(agent);
      case 'switch-account':
        return this.#switchAccount(agent);
      case 'sign-out':
        await this.#signOut(agent);
        return;
      case 'import':
        return this.#parts.importProfile();
      case 'start-at-login':
        return this.#parts.startAtLogin.toggle().finally(() => this.redraw());
      case 'status':
        return this.showStatus();
      case 'quit':
        app.quit();
    }
  }

  /** For `tokentray sign-in`: shows the window of this application and does not wait for it. */
  inviteToSignIn(agent: Agent): SignInInvitation {
    void this.#told('sign-in', () => this.#signIn(agent));
    return { kind: 'shown' };
  }

  /** A second launch, or a click on Windows: the same actions, for desktops without a tray. */
  async showStatus(): Promise<void> {
    const chosen = await showStatus(this.view.menu);
    if (chosen !== undefined) await this.act(chosen.action, chosen.target);
  }

  #onStatus(agent: Agent, status: Status): void {
    const before = this.#noticed.get(agent);
    this.#noticed.set(agent, status);
    // The sign-in window's cookies are one jar for all profiles.
    if (before !== undefined && hasSignedOut(before, status)) void this.#forget();
    this.redraw();
  }

  async #copy(
    form: CopyForm,
    agent: Agent | undefined,
    scopes: readonly string[] | undefined,
  ): Promise<void> {
    const answer = await ask(agent, scopes === undefined ? {} : { scopes });
    if (answer.kind === 'refused') return this.#failed(say('copy.failed'), answer.problem, agent);
    const { clipboard, now } = this.#parts;
    await clipboard.copy(copyText(form, answer, agent && accountOf(agent.status)));
    this.#tellBriefly(sayCopied(form, scopes, sayTime(answer.token.expiresOn, now())), agent);
  }

  async #copyCommand(agent: Agent | undefined): Promise<void> {
    const { clipboard, profiles } = this.#parts;
    await clipboard.copy(curlCommand(agent === profiles.get() ? undefined : agent?.profile.id));
    this.#tellBriefly(say('menu.copied.curl'), agent);
  }

  async #refresh(agent: Agent | undefined): Promise<void> {
    const answer = await ask(agent, { fresh: 'always' });
    const reason = answer.kind === 'refused' ? answer.problem : answer.warning;
    if (reason !== undefined) return this.#failed(say('refresh.failed'), reason, agent);
  }

  async #signIn(agent: Agent): Promise<void> {
    const end = await this.#parts.signIn.run(agent);
    switch (end.kind) {
      case 'over':
        return;
      case 'closed':
        // Whoever closed the window knows; a box on top of that would be one click more.
        this.#tellBriefly(sayProblem(end.problem).sentence, agent);
        return;
      case 'failed':
        return this.#failed(say('sign-in.failed'), end.problem, agent);
    }
  }

  async #signOut(agent: Agent | undefined): Promise<'signed-out' | 'failed'> {
    const failed = await agent?.signOut();
    if (failed !== undefined) {
      await this.#failed(say('sign-out.failed'), failed, agent);
      return 'failed';
    }
    // Begun by the status, which every way of signing out changes.
    await this.#forgetting;
    return 'signed-out';
  }

  /** Nothing of the last account stays, so that the authority asks who. */
  async #switchAccount(agent: Agent | undefined): Promise<void> {
    if (agent === undefined) return;
    if ((await this.#signOut(agent)) === 'signed-out') await this.#signIn(agent);
  }

  /** However the session ended (this menu, `tokentray sign-out`), nothing of it stays in the browser or the clipboard. */
  #forget(): Promise<void> {
    const { signInSession, clipboard, log } = this.#parts;
    const clear = async (): Promise<void> => {
      const ends = await Promise.allSettled([signInSession.clear(), clipboard.clear()]);
      this.#forgetting = undefined;
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed === undefined) return;
      log.error('not everything was cleared', { error: failed.reason });
      await tellProblem(say('sign-out.unclean'), problem('storage', 'sign-out.unclean'));
    };
    this.#forgetting ??= clear();
    return this.#forgetting;
  }

  async #failed(message: string, reason: Problem, agent: Agent | undefined): Promise<void> {
    this.#tellBriefly(sayProblem(reason).sentence, agent);
    await tellProblem(message, reason);
  }

  #tellBriefly(sentence: string, agent: Agent | undefined): void {
    this.#news = { sentence, profile: agent?.profile.id };
    clearTimeout(this.#newsTimer);
    this.#newsTimer = setTimeout(() => {
      this.#news = undefined;
      this.redraw();
    }, NEWS_MS);
    this.redraw();
  }
}

function ask(agent: Agent | undefined, request: TokenRequest): Promise<TokenAnswer> {
  if (agent !== undefined) return agent.getToken(request);
  return Promise.resolve({ kind: 'refused', problem: problem('admin', 'not-configured') });
}

function accountOf({ session }: Status): Account | undefined {
  return session.kind === 'signed-out' ? undefined : session.account;
}

function hasSignedOut(before: Status, status: Status): boolean {
  return status.session.kind === 'signed-out' && before.session.kind !== 'signed-out';
}

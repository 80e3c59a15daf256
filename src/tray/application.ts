import { app } from 'electron';
import type { Agent } from '../agent/agent.ts';
import type { TokenAnswer } from '../agent/lifetime.ts';
import { problem, type Problem } from '../agent/problem.ts';
import { problemOf } from '../agent/thrown.ts';
import type { Status } from '../agent/status.ts';
import type { SignInInvitation } from '../outlets/socket-host.ts';
import type { Log } from '../vault/log.ts';
import { say, sayProblem } from '../words/say.ts';
import { sayTime } from '../words/time.ts';
import type { TokenClipboard } from './clipboard.ts';
import { showStatus, tellProblem } from './dialogs.ts';
import { notificationFor, type Notifier } from './notifications.ts';
import { trayView, type MenuAction, type TrayView } from './projection.ts';
import type { SignInSession } from './sign-in-session.ts';
import type { SignInWindow } from './sign-in-window.ts';
import type { TrayIcon } from './tray-icon.ts';

/** Long enough to be read in the menu, short enough not to be taken for the state. */
const NEWS_MS = 8_000;

export interface ApplicationParts {
  readonly clipboard: TokenClipboard;
  readonly notifier: Notifier;
  readonly signInSession: SignInSession;
  readonly signInWindow: SignInWindow;
  readonly now: () => number;
  readonly log: Log;
  /** Asks for a file, stores what is in it, and has it used. */
  readonly importProfile: () => Promise<void>;
}

/** What the menu's entries do, and what the tray shows of the agent. */
export class Application {
  readonly #parts: ApplicationParts;
  #icon: TrayIcon | undefined;
  #agent: Agent | undefined;
  #unwatch: () => void = () => undefined;
  #seen: Status | undefined;
  #news: string | undefined;
  #newsTimer: NodeJS.Timeout | undefined;
  #busy: Promise<void> | undefined;
  #forgetting: Promise<void> | undefined;

  constructor(parts: ApplicationParts) {
    this.#parts = parts;
  }

  get agent(): Agent | undefined {
    return this.#agent;
  }

  get view(): TrayView {
    const agent = this.#agent;
    return trayView({
      status: agent?.status,
      nextScheduledAt: agent?.nextScheduledAt,
      news: this.#news,
      now: this.#parts.now(),
    });
  }

  /** The icon exists only after `ready`, and shows whatever is known by then. */
  showIn(icon: TrayIcon): void {
    this.#icon = icon;
    this.redraw();
  }

  redraw(): void {
    this.#icon?.show(this.view);
  }

  /** From now on this agent is the one that is shown and asked; undefined while nothing is configured. */
  use(agent: Agent | undefined): void {
    if (agent === this.#agent) return;
    this.#unwatch();
    this.#agent = agent;
    this.#seen = agent?.status;
    this.#unwatch = agent?.onStatus((status) => this.#onStatus(status)) ?? ((): void => undefined);
    this.redraw();
  }

  /** Everything behind a menu entry or a notification comes through here; a failure is told, never thrown. */
  async act(action: MenuAction): Promise<void> {
    try {
      await this.#carryOut(action);
    } catch (error) {
      this.#parts.log.error('an action failed', { action, error });
      await tellProblem(say('action.failed'), problemOf(error));
    }
  }

  async #carryOut(action: MenuAction): Promise<void> {
    switch (action) {
      case 'copy':
        return this.#copy();
      case 'refresh':
        return this.#refresh();
      case 'sign-in':
        return this.#signIn();
      case 'sign-out':
        return this.#signOut();
      case 'import':
        return this.#parts.importProfile();
      case 'quit':
        app.quit();
    }
  }

  /** For `tokentray sign-in`: shows the window of this application and does not wait for it. */
  inviteToSignIn(agent: Agent): SignInInvitation {
    if (agent !== this.#agent) {
      const { id } = agent.profile;
      return { kind: 'failed', problem: problem('usage', 'profile.not-shown', { found: id }) };
    }
    void this.act('sign-in');
    return { kind: 'shown' };
  }

  /** A second launch: the same actions, for desktops without a tray. */
  async showStatus(): Promise<void> {
    const chosen = await showStatus(this.view);
    if (chosen !== undefined) await this.act(chosen);
  }

  #onStatus(status: Status): void {
    const before = this.#seen;
    this.#seen = status;
    const text = before === undefined ? undefined : notificationFor(before, status);
    if (text !== undefined) this.#parts.notifier.show(text);
    if (status.session.kind === 'signed-out' && before?.session.kind !== 'signed-out') void this.#forget();
    this.redraw();
  }

  async #copy(): Promise<void> {
    const answer = await this.#ask({});
    if (answer.kind === 'refused') return this.#failed(say('copy.failed'), answer.problem);
    await this.#parts.clipboard.copy(answer.token.value.reveal());
    const { now } = this.#parts;
    this.#tellBriefly(say('menu.copied', { time: sayTime(answer.token.expiresOn, now()) }));
  }

  async #refresh(): Promise<void> {
    const answer = await this.#ask({ fresh: 'always' });
    const reason = answer.kind === 'refused' ? answer.problem : answer.warning;
    if (reason !== undefined) return this.#failed(say('refresh.failed'), reason);
  }

  async #ask(request: Parameters<Agent['getToken']>[0]): Promise<TokenAnswer> {
    const answer = await this.#agent?.getToken(request);
    return answer ?? { kind: 'refused', problem: problem('admin', 'not-configured') };
  }

  /** One sign-in at a time: a second click brings the window of the first to the front. */
  async #signIn(): Promise<void> {
    if (this.#parts.signInWindow.focus() || this.#busy !== undefined) return;
    this.#busy = this.#runSignIn();
    await this.#busy.finally(() => (this.#busy = undefined));
  }

  async #runSignIn(): Promise<void> {
    const agent = this.#agent;
    if (agent === undefined) return;
    // A sign-in that overtook the clearing would find the last user's cookies.
    await this.#forgetting;
    const started = await agent.beginSignIn('window');
    const outcome = started.kind === 'failed' ? started : await this.#parts.signInWindow.run(started.attempt);
    if (outcome.kind === 'signed-in') return;
    // A newer sign-in or a sign-out took its place: the user did that, and sees it.
    if (outcome.problem.code === 'sign-in.superseded') return;
    // Whoever closed the window knows; a box on top of that would be one click more.
    if (outcome.problem.code === 'sign-in.window-closed')
      this.#tellBriefly(sayProblem(outcome.problem).sentence);
    else await this.#failed(say('sign-in.failed'), outcome.problem);
  }

  async #signOut(): Promise<void> {
    const failed = await this.#agent?.signOut();
    if (failed !== undefined) return this.#failed(say('sign-out.failed'), failed);
    // Begun by the status, which every way of signing out changes.
    await this.#forgetting;
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

  async #failed(message: string, reason: Problem): Promise<void> {
    this.#tellBriefly(sayProblem(reason).sentence);
    await tellProblem(message, reason);
  }

  #tellBriefly(sentence: string): void {
    this.#news = sentence;
    clearTimeout(this.#newsTimer);
    this.#newsTimer = setTimeout(() => {
      this.#news = undefined;
      this.redraw();
    }, NEWS_MS);
    this.redraw();
  }
}

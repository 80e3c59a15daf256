import { app } from 'electron';
import type { Account } from '../../agent/status/account.ts';
import type { Agent } from '../../agent/agent.ts';
import type { TokenAnswer, TokenRequest } from '../../agent/refresh/lifetime.ts';
import type { Profiles } from '../../agent/profiles.ts';
import { problem, type Problem } from '../../words/problem.ts';
import { problemOf } from '../../agent/failures/thrown.ts';
import type { Status } from '../../agent/status/status.ts';
import { problemBody } from '../../outlets/answer/answer.ts';
import type { SignInInvitation } from '../../outlets/answer/host.ts';
import type { Log } from '../../system/log/log.ts';
import type { Acted, Calls, ProfileAction } from '../../pages/bridge/contract.ts';
import { say, sayProblem } from '../../words/say.ts';
import { sayTime } from '../../words/time.ts';
import type { TokenClipboard } from './clipboard.ts';
import { copyText, curlCommand, sayCopied, type CopyForm } from './copy-forms.ts';
import { tellProblem } from '../dialogs/dialogs.ts';
import type { MenuAction, MenuEntry, Target } from './menu-entry.ts';
import { openedMenu, trayView, type News, type TrayFacts, type TrayView } from './projection.ts';
import type { SignInAim, SignInFlow } from '../sign-in/flow.ts';
import type { SignInSession } from '../sign-in/session.ts';
import type { SignInWays } from '../sign-in/ways.ts';
import type { StartAtLogin } from '../lifecycle/start-at-login.ts';
import { showStatus } from './status-dialog.ts';
import type { TrayIcon } from './tray-icon.ts';

/** Long enough to be read in the menu, short enough not to be taken for the state. */
const NEWS_MS = 8_000;

export interface ApplicationParts {
  readonly profiles: Pick<Profiles, 'list' | 'get' | 'watch'>;
  readonly clipboard: TokenClipboard;
  readonly signInSession: SignInSession;
  readonly signIn: SignInFlow;
  readonly signInWays: SignInWays;
  readonly startAtLogin: Pick<StartAtLogin, 'state' | 'toggle'>;
  readonly now: () => number;
  readonly log: Log;
  /** Asks for a file, stores what is in it, and has it used. */
  readonly importProfile: () => Promise<void>;
  readonly showAbout: () => Promise<void>;
  /** Rejects where the window cannot be opened. */
  readonly showWindow: (page: OwnWindow) => Promise<void>;
}

/** Which of our own pages a window shows. */
export type OwnWindow = Calls['page.open']['asked']['page'];

/** What became of an action: `said` in the menu for a moment, or why it failed. */
type Outcome =
  | { readonly kind: 'done'; readonly said?: string }
  | { readonly kind: 'failed'; readonly message: string; readonly problem: Problem };

const done: Outcome = { kind: 'done' };

/** What the menu's entries do, and what the tray shows of the profiles. */
export class Application {
  readonly #parts: ApplicationParts;
  #icon: TrayIcon | undefined;
  readonly #noticed = new WeakMap<Agent, Status>();
  #news: News | undefined;
  #newsTimer: NodeJS.Timeout | undefined;
  #statusBox: 'open' | 'closed' = 'closed';
  #forgetting: Promise<void> | undefined;

  constructor(parts: ApplicationParts) {
    const { profiles } = parts;
    this.#parts = parts;
    for (const agent of profiles.list) this.#noticed.set(agent, agent.status);
    profiles.watch((agent, status) => this.#onStatus(agent, status));
  }

  get view(): TrayView {
    return trayView(this.#facts);
  }

  /** The menu for whoever opens it at this moment. */
  get openedMenu(): readonly MenuEntry[] {
    return openedMenu(this.#facts);
  }

  get #facts(): TrayFacts {
    const { profiles, signInWays, startAtLogin, now } = this.#parts;
    return {
      profiles: profiles.list.map(({ profile, status, nextScheduledAt }) => ({
        id: profile.id,
        name: profile.name,
        extraScopes: profile.extraScopes,
        redirectUri: profile.redirectUri,
        signIn: signInWays.wayOf(profile),
        status,
        nextScheduledAt,
      })),
      defaultProfile: profiles.get()?.profile.id,
      news: this.#news,
      startAtLogin: startAtLogin.state,
      now: now(),
    };
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

  /**
   * The same for a page, which tells a failure itself. A sign-in is only begun: it lasts for minutes, its
   * window stands in front of the page, and how it failed is told where the page may be long gone.
   */
  async actForPage(action: ProfileAction, agent: Agent): Promise<Acted> {
    if (action === 'sign-in' || action === 'switch-account') {
      const invitation = this.#invite(agent, action === 'sign-in' ? 'same-account' : 'switch-account');
      if (invitation.kind === 'failed') return { kind: 'failed', problem: problemBody(invitation.problem) };
      return { kind: 'done' };
    }
    const outcome = await this.#attempted(action, () =>
      this.#carryOut(action, { profile: agent.profile.id }),
    );
    return outcome.kind === 'done' ? outcome : { kind: 'failed', problem: problemBody(outcome.problem) };
  }

  async #told(action: MenuAction, work: () => Promise<Outcome>): Promise<void> {
    const outcome = await this.#attempted(action, work);
    if (outcome.kind === 'failed') await tellProblem(outcome.message, outcome.problem);
  }

  async #attempted(action: MenuAction, work: () => Promise<Outcome>): Promise<Outcome> {
    try {
      return await work();
    } catch (error) {
      this.#parts.log.error('an action failed', { action, error });
      return { kind: 'failed', message: say('action.failed'), problem: problemOf(error) };
    }
  }

  async #carryOut(action: MenuAction, target: Target): Promise<Outcome> {
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
        return agent === undefined ? done : this.#signIn(agent, 'same-account');
      case 'switch-account':
        return agent === undefined ? done : this.#signIn(agent, 'switch-account');
      case 'sign-out':
        return this.#signOut(agent);
      case 'sign-in-with-browser':
        await this.#changeWay(agent);
        return done;
      case 'import':
        await this.#parts.importProfile();
        return done;
      case 'start-at-login':
        await this.#parts.startAtLogin.toggle().finally(() => this.redraw());
        return done;
      case 'status':
        await this.showStatus();
        return done;
      case 'settings':
        await this.#showSettings();
        return done;
      case 'about':
        await this.#parts.showAbout();
        return done;
      case 'quit':
        app.quit();
        return done;
    }
  }

  /** For `tokentray sign-in`: shows the window of this application and does not wait for it. */
  inviteToSignIn(agent: Agent): SignInInvitation {
    return this.#invite(agent, 'same-account');
  }

  #invite(agent: Agent, aim: SignInAim): SignInInvitation {
    const refused = this.#parts.signIn.refusal(agent);
    if (refused !== undefined) return { kind: 'failed', problem: refused };
    void this.#told('sign-in', () => this.#signIn(agent, aim));
    return { kind: 'shown' };
  }

  /**
   * “Status…”, a second launch, or a notification. Where nothing is set up it is Settings, which begins with
   * that. Where no icon could be made, or the window does not open, the menu comes as a dialog: everything can
   * still be reached.
   */
  async showStatus(): Promise<void> {
    const page = this.#parts.profiles.list.length > 0 ? 'status' : 'settings';
    if (this.#icon !== undefined && (await this.#openedWindow(page)) === 'open') return;
    await this.showMenu();
  }

  /** The menu as a dialog has what else there is to set: the import, starting at login. */
  async #showSettings(): Promise<void> {
    if ((await this.#openedWindow('settings')) === 'failed') await this.showMenu();
  }

  /** The tray's menu as a dialog, and what was chosen in it. */
  async showMenu(): Promise<void> {
    // Launched again and again, it asks once.
    if (this.#statusBox === 'open') return;
    this.#statusBox = 'open';
    const chosen = await showStatus(this.view.menu).finally(() => (this.#statusBox = 'closed'));
    if (chosen !== undefined) await this.act(chosen.action, chosen.target);
  }

  async #openedWindow(page: OwnWindow): Promise<'open' | 'failed'> {
    try {
      await this.#parts.showWindow(page);
      return 'open';
    } catch (error) {
      this.#parts.log.error('the window cannot be opened', { page, error });
      return 'failed';
    }
  }

  #onStatus(agent: Agent, status: Status): void {
    const before = this.#noticed.get(agent);
    this.#noticed.set(agent, status);
    // The sign-in window's cookies are one jar for all profiles.
    if (before !== undefined && hasEnded(before, status)) void this.#forget();
    this.redraw();
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

  async #signIn(agent: Agent, aim: SignInAim): Promise<Outcome> {
    const end = await this.#parts.signIn.run(agent, aim);
    // The way that worked is remembered, and no status says so.
    this.redraw();
    switch (end.kind) {
      case 'over':
        return done;
      case 'closed':
        // Whoever closed the window knows; a box on top of that would be one click more.
        return this.#said(sayProblem(end.problem).sentence, agent);
      case 'failed':
        return this.#failed(say('sign-in.failed'), end.problem, agent);
    }
  }

  async #changeWay(agent: Agent | undefined): Promise<void> {
    const { signInWays } = this.#parts;
    if (agent !== undefined)
      await signInWays.remember(
        agent.profile,
        signInWays.wayOf(agent.profile) === 'browser' ? 'window' : 'browser',
      );
    this.redraw();
  }

  async #signOut(agent: Agent | undefined): Promise<Outcome> {
    const failed = await agent?.signOut();
    if (failed !== undefined) return this.#failed(say('sign-out.failed'), failed, agent);
    // Begun by the status, which every way of signing out changes.
    await this.#forgetting;
    return done;
  }

  /** The port that a sign-in of ours listens on just now; undefined while none does. */
  get signInPort(): number | undefined {
    return this.#parts.signIn.port;
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

  #failed(message: string, reason: Problem, agent: Agent | undefined): Outcome {
    this.#tellBriefly(sayProblem(reason).sentence, agent);
    return { kind: 'failed', message, problem: reason };
  }

  #said(sentence: string, agent: Agent | undefined): Outcome {
    this.#tellBriefly(sentence, agent);
    return { kind: 'done', said: sentence };
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

/** Whether somebody's session ended: signed out, or replaced by another account's. */
function hasEnded(before: Status, status: Status): boolean {
  const account = accountOf(before);
  return account !== undefined && account.homeAccountId !== accountOf(status)?.homeAccountId;
}

import { app } from 'electron';
import type { Agent } from '../../agent/agent.ts';
import { problemOf } from '../../agent/failures/thrown.ts';
import type { Profiles } from '../../agent/profiles.ts';
import { problemBody } from '../../outlets/answer/answer.ts';
import type { SignInInvitation } from '../../outlets/answer/host.ts';
import type { Acted, ProfileAction } from '../../pages/bridge/contract.ts';
import type { Log } from '../../system/log/log.ts';
import { say } from '../../words/say.ts';
import { tellProblem } from '../dialogs/dialogs.ts';
import type { StartAtLogin } from '../lifecycle/start-at-login.ts';
import type { SignInAim, SignInFlow } from '../sign-in/flow.ts';
import type { SignInSession } from '../sign-in/session.ts';
import type { PageName } from '../windows/pages.ts';
import type { TokenClipboard } from './clipboard.ts';
import { EndedSessions } from './ended-sessions.ts';
import { isAppAction, type AppAction, type MenuAction, type MenuEntry, type Target } from './menu-entry.ts';
import { MenuNews } from './news.ts';
import { done, ProfileActions, type Outcome, type ProfileActionParts } from './profile-actions.ts';
import { openedMenu, trayView, type TrayFacts, type TrayView } from './projection.ts';
import { showStatus } from './status-dialog.ts';
import type { TrayIcon } from './tray-icon.ts';

interface ApplicationParts extends ProfileActionParts {
  readonly profiles: Pick<Profiles, 'list' | 'get' | 'watch'>;
  readonly clipboard: TokenClipboard;
  readonly signInSession: SignInSession;
  readonly signIn: SignInFlow;
  readonly startAtLogin: Pick<StartAtLogin, 'state' | 'toggle'>;
  readonly log: Log;
  /** Lets the user choose a file, and imports it. */
  readonly importProfile: () => Promise<void>;
  readonly showAbout: () => Promise<void>;
  /** Rejects if the window cannot be opened. */
  readonly showWindow: (page: PageName) => Promise<void>;
}

/** What the menu's entries do, and what the tray shows of the profiles. */
export class Application {
  readonly #parts: ApplicationParts;
  readonly #news = new MenuNews(() => this.redraw());
  readonly #profileActions: ProfileActions;
  #icon: TrayIcon | undefined;
  #menuBox: 'open' | 'closed' = 'closed';

  constructor(parts: ApplicationParts) {
    this.#parts = parts;
    const ended = new EndedSessions(parts, parts.profiles.list);
    const redraw = (): void => this.redraw();
    this.#profileActions = new ProfileActions({ ...parts, news: this.#news, ended, redraw });
    parts.profiles.watch((agent, status) => {
      ended.notice(agent, status);
      redraw();
    });
  }

  get view(): TrayView {
    return trayView(this.#facts);
  }

  /** The menu as it is at this moment. */
  get openedMenu(): readonly MenuEntry[] {
    return openedMenu(this.#facts);
  }

  get #facts(): TrayFacts {
    const { profiles, signInWays, startAtLogin, now } = this.#parts;
    return {
      profiles: profiles.list.map(({ profile, status, nextScheduledAt }) => ({
        ...profile,
        signIn: signInWays.wayOf(profile),
        status,
        nextScheduledAt,
      })),
      defaultProfile: profiles.get()?.profile.id,
      news: this.#news.current,
      startAtLogin: startAtLogin.state,
      now: now(),
    };
  }

  /** The port that a sign-in listens on now, if any. */
  get signInPort(): number | undefined {
    return this.#parts.signIn.port;
  }

  /** Shows the view in the icon from now on. */
  showIn(icon: TrayIcon): void {
    this.#icon = icon;
    this.redraw();
  }

  /** For quitting: the icon goes at once, although the answer to a token request may be awaited first. */
  removeIcon(): void {
    this.#icon?.remove();
  }

  /** To be called when a profile was added, removed or made the default; statuses are watched. */
  redraw(): void {
    this.#icon?.show(this.view);
  }

  /** Carries out a menu entry or a notification's action. A failure is shown, not thrown. */
  act(action: MenuAction, target: Target = {}): Promise<void> {
    return this.#shown(action, () => this.#carryOut(action, target));
  }

  /**
   * The same for a page, which shows a failure itself. A sign-in is only started: it takes minutes, and by its end
   * the page may be closed, so its failure is shown in a box.
   */
  async actForPage(action: ProfileAction, agent: Agent): Promise<Acted> {
    const outcome =
      action === 'sign-in' || action === 'switch-account'
        ? this.inviteToSignIn(agent, action === 'sign-in' ? 'same-account' : 'switch-account')
        : await this.#attempt(action, () => this.#carryOut(action, { profile: agent.profile.id }));
    if (outcome.kind === 'failed') return { kind: 'failed', problem: problemBody(outcome.problem, 'tray') };
    return outcome.kind === 'done' ? outcome : { kind: 'done' };
  }

  /** Shows the sign-in window without waiting for its end, also for `tokentray sign-in`. */
  inviteToSignIn(agent: Agent, aim: SignInAim = 'same-account'): SignInInvitation {
    const refused = this.#parts.signIn.refusal(agent);
    if (refused !== undefined) return { kind: 'failed', problem: refused };
    void this.#shown('sign-in', () => this.#profileActions.signIn(agent, aim));
    return { kind: 'shown' };
  }

  /** Runs an action and shows its failure in a box. */
  async #shown(action: MenuAction, work: () => Promise<Outcome>): Promise<void> {
    const outcome = await this.#attempt(action, work);
    if (outcome.kind === 'failed') await tellProblem(outcome.message, outcome.problem);
  }

  async #attempt(action: MenuAction, work: () => Promise<Outcome>): Promise<Outcome> {
    try {
      return await work();
    } catch (error) {
      this.#parts.log.error('an action failed', { action, error });
      return { kind: 'failed', message: say('action.failed'), problem: problemOf(error) };
    }
  }

  async #carryOut(action: MenuAction, { profile, scopes }: Target): Promise<Outcome> {
    const { profiles, importProfile, startAtLogin, showAbout } = this.#parts;
    if (!isAppAction(action)) return this.#profileActions.run(action, profiles.get(profile), scopes);
    const work: Readonly<Record<AppAction, () => unknown>> = {
      import: importProfile,
      'start-at-login': () => startAtLogin.toggle().finally(() => this.redraw()),
      status: () => this.showStatus(),
      settings: async () => (await this.#opens('settings')) || this.showMenu(),
      about: showAbout,
      quit: () => app.quit(),
    };
    await work[action]();
    return done;
  }

  /**
   * Opens the Status window, or Settings if nothing is set up. Without an icon, or if the window does not open, the
   * menu is shown as a dialog, so that everything can still be reached.
   */
  async showStatus(): Promise<void> {
    const page = this.#parts.profiles.list.length > 0 ? 'status' : 'settings';
    if (this.#icon === undefined || !(await this.#opens(page))) await this.showMenu();
  }

  /** Shows the tray's menu as a dialog, and carries out what is chosen. Repeated calls show one dialog. */
  async showMenu(): Promise<void> {
    if (this.#menuBox === 'open') return;
    this.#menuBox = 'open';
    const chosen = await showStatus(this.view.menu).finally(() => (this.#menuBox = 'closed'));
    if (chosen !== undefined) await this.act(chosen.action, chosen.target);
  }

  /** Whether the page's window could be opened. */
  async #opens(page: PageName): Promise<boolean> {
    try {
      await this.#parts.showWindow(page);
      return true;
    } catch (error) {
      this.#parts.log.error('the window cannot be opened', { page, error });
      return false;
    }
  }
}

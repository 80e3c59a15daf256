import type { Agent } from '../../../agent/agent.ts';
import type { ServedProfiles } from '../../../outlets/answer/host.ts';
import type { StatusBody } from '../../../outlets/answer/status-body.ts';
import { unknownProfile } from '../../../outlets/answer/token-answer.ts';
import type {
  Acted,
  HistoryView,
  ProfileAction,
  TokenView,
  Versions,
} from '../../../pages/bridge/contract.ts';
import type { Log } from '../../../system/log/log.ts';
import { ProblemError } from '../../../words/problem.ts';
import type { PageName } from '../../windows/pages.ts';
import { actWith, done, type Handlers, type SettingsHandlers } from '../ipc/handlers.ts';

/** What the handlers use. */
interface WindowCallParts {
  readonly profiles: ServedProfiles;
  readonly statuses: () => readonly StatusBody[];
  readonly act: (action: ProfileAction, agent: Agent) => Promise<Acted>;
  /** Never rejects, and renews nothing. */
  readonly tokens: { view(agent: Agent): Promise<TokenView> };
  readonly history: { view(profileId: string): HistoryView };
  readonly openLogs: () => Promise<Acted>;
  readonly copyDiagnostics: () => Promise<Acted>;
  readonly showMenu: () => Promise<void>;
  readonly versions: Versions;
  /** Rejects if the window cannot be opened. */
  readonly openPage: (page: PageName) => Promise<void>;
  readonly settings: SettingsHandlers;
  readonly log: Log;
}

/** The handlers of all calls. A handler throws or rejects if its answer has no room for a failure. */
export function windowCalls(parts: WindowCallParts): Handlers {
  const { profiles, tokens, history } = parts;
  const agentOf = (id: string): Agent => {
    const agent = profiles.get(id);
    if (agent === undefined) throw new ProblemError(unknownProfile(profiles, id));
    return agent;
  };
  const act = actWith(parts.log);
  return {
    'profiles.read': parts.statuses,
    'profile.act': ({ profile, action }) =>
      act('profile.act', async () => parts.act(action, agentOf(profile))),
    'token.read': ({ profile }) => tokens.view(agentOf(profile)),
    'history.read': ({ profile }) => history.view(agentOf(profile).profile.id),
    'logs.open': () => act('logs.open', parts.openLogs),
    'diagnostics.copy': () => act('diagnostics.copy', parts.copyDiagnostics),
    'menu.show': () => act('menu.show', () => parts.showMenu().then(done)),
    'versions.read': () => parts.versions,
    'page.open': ({ page }) => act('page.open', () => parts.openPage(page).then(done)),
    ...parts.settings,
  };
}

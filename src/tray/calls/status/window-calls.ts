import type { Agent } from '../../../agent/agent.ts';
import { ProblemError } from '../../../words/problem.ts';
import { problemOf } from '../../../agent/failures/thrown.ts';
import { problemBody } from '../../../outlets/answer/answer.ts';
import type { ServedProfiles } from '../../../outlets/answer/host.ts';
import type { StatusBody } from '../../../outlets/answer/status-body.ts';
import { unknownProfile } from '../../../outlets/answer/token-answer.ts';
import type { Log } from '../../../system/log/log.ts';
import type {
  Acted,
  CallName,
  Calls,
  HistoryView,
  ProfileAction,
  TokenView,
  Versions,
} from '../../../pages/bridge/contract.ts';
import type { Handlers, SettingsHandlers } from '../ipc/handlers.ts';

/** What stands behind the calls. */
export interface WindowCallParts {
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
  /** Rejects where the window cannot be opened. */
  readonly openPage: (page: Calls['page.open']['asked']['page']) => Promise<void>;
  readonly settings: SettingsHandlers;
  readonly log: Log;
}

/** What the pages' calls do. A handler rejects with what went wrong, where its answer has no room for that. */
export function windowCalls(parts: WindowCallParts): Handlers {
  const { profiles, tokens, history, log } = parts;
  const agentOf = (id: string): Agent => {
    const agent = profiles.get(id);
    if (agent === undefined) throw new ProblemError(unknownProfile(profiles, id));
    return agent;
  };
  /** An action's answer has room for what went wrong. */
  const acted = (call: CallName, work: () => Promise<Acted>): Promise<Acted> =>
    later(work).catch((error: unknown) => {
      log.error('a call of a page failed', { call, error });
      return { kind: 'failed', problem: problemBody(problemOf(error)) };
    });
  return {
    'profiles.read': () => later(parts.statuses),
    'profile.act': ({ profile, action }) => acted('profile.act', () => parts.act(action, agentOf(profile))),
    'token.read': ({ profile }) => later(() => tokens.view(agentOf(profile))),
    'history.read': ({ profile }) => later(() => history.view(agentOf(profile).profile.id)),
    'logs.open': () => acted('logs.open', parts.openLogs),
    'diagnostics.copy': () => acted('diagnostics.copy', parts.copyDiagnostics),
    'menu.show': () =>
      acted('menu.show', async () => {
        await parts.showMenu();
        return { kind: 'done' };
      }),
    'versions.read': () => Promise.resolve(parts.versions),
    'page.open': ({ page }) =>
      acted('page.open', async () => {
        await parts.openPage(page);
        return { kind: 'done' };
      }),
    ...parts.settings,
  };
}

/** What is thrown on the way rejects too. */
function later<Value>(work: () => Value | Promise<Value>): Promise<Value> {
  return Promise.resolve().then(work);
}

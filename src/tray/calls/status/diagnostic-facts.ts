import os from 'node:os';
import { sayIssue } from '../../../config/rules/issue.ts';
import { seeSettings } from '../../../config/settings/settings-file.ts';
import type { StatusBody } from '../../../outlets/answer/status-body.ts';
import type { Versions } from '../../../pages/bridge/contract.ts';
import { readLogTail } from '../../../system/log/log-tail.ts';
import { atMost } from '../../../system/limit.ts';
import type { Places } from '../../../system/places.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import type { DiagnosticFacts } from './diagnostics.ts';

/** About a day at level info, and short enough to paste into an issue. */
const LOG_LINES = 200;

/** Users wait no longer for a copy; a network that never answers would take a minute for each check. */
const CHECK_UP_LIMIT_MS = 15_000;

/** Gathers the facts of {@link diagnosticsText}. Rejects if the log exists but cannot be read. */
export async function diagnosticFacts(parts: {
  readonly where: Pick<Places, 'settingsFile' | 'logDirectory'>;
  readonly sessions: Pick<Sessions, 'profiles' | 'configured' | 'outlets' | 'checkUp'>;
  readonly statuses: () => readonly StatusBody[];
  readonly versions: Versions;
}): Promise<DiagnosticFacts> {
  const { where, sessions, statuses, versions } = parts;
  const { profiles, configured, outlets } = sessions;
  const checkUps = Promise.all(
    profiles.list.map(
      async (agent) => [agent.profile.id, await atMost(CHECK_UP_LIMIT_MS, sessions.checkUp(agent))] as const,
    ),
  );
  return {
    at: Date.now(),
    versions,
    platform: [process.platform, process.arch, os.release()],
    storage: configured.vault.backend,
    settings: configured.source === 'stored' ? storedSettings(where.settingsFile) : configured.settings,
    outlets: outlets.told(),
    statuses: statuses(),
    checkUps: new Map(await checkUps),
    logLines: await readLogTail(where.logDirectory, LOG_LINES),
    homeDirectory: os.homedir(),
  };
}

/**
 * The current settings, without keys that this version does not know. Unlike at startup an unusable file stays in
 * place.
 */
function storedSettings(file: string): unknown {
  const seen = seeSettings(file);
  switch (seen.kind) {
    case 'ok':
      return seen.settings;
    case 'invalid':
      return seen.issues.map(sayIssue);
    case 'not-json':
      return 'not JSON';
    case 'absent':
      return 'ENOENT';
    case 'unreadable':
      return seen.reason;
  }
}

import { readFile } from 'node:fs/promises';
import os from 'node:os';
import type { Agent } from '../../../agent/agent.ts';
import { sayIssue } from '../../../config/rules/issue.ts';
import type { Places } from '../../../system/places.ts';
import { checkSettings } from '../../../config/settings/schema.ts';
import type { CheckUpLine } from '../../../outlets/answer/host.ts';
import type { StatusBody } from '../../../outlets/answer/status-body.ts';
import { errorCode } from '../../../system/files/error-code.ts';
import { readLogTail } from '../../../system/log/log-tail.ts';
import type { Versions } from '../../../pages/bridge/contract.ts';
import type { DiagnosticFacts } from './diagnostics.ts';
import type { Sessions } from '../../sessions/sessions.ts';

/** A day at level info: the trouble, and what came before it. Still short enough to be pasted into an issue. */
const LOG_LINES = 200;

/** Whoever waits for a copy gives up soon; a network that answers nothing would take a minute for each check. */
const CHECK_UP_LIMIT_MS = 15_000;

/** Gathers what {@link diagnosticsText} tells. Rejects where the log is there and cannot be read. */
export async function diagnosticFacts(parts: {
  readonly where: Pick<Places, 'settingsFile' | 'logDirectory'>;
  readonly sessions: Pick<Sessions, 'profiles' | 'configured' | 'outlets' | 'checkUp'>;
  readonly statuses: () => readonly StatusBody[];
  readonly versions: Versions;
  readonly now: () => number;
}): Promise<DiagnosticFacts> {
  const { where, sessions, statuses, versions, now } = parts;
  const { profiles, configured, outlets } = sessions;
  const checkUps = Promise.all(
    profiles.list.map(async (agent) => [agent.profile.id, await checkedInTime(agent, sessions)] as const),
  );
  return {
    at: now(),
    versions,
    platform: [process.platform, process.arch, os.release()],
    storage: configured.vault.backend,
    settings: configured.source === 'stored' ? await storedSettings(where.settingsFile) : configured.settings,
    outlets: outlets.told(),
    statuses: statuses(),
    checkUps: new Map(await checkUps),
    logLines: await readLogTail(where.logDirectory, LOG_LINES),
    homeDirectory: os.homedir(),
  };
}

async function checkedInTime(
  agent: Agent,
  { checkUp }: Pick<Sessions, 'checkUp'>,
): Promise<readonly CheckUpLine[] | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), CHECK_UP_LIMIT_MS);
  });
  return Promise.race([checkUp(agent), limit]).finally(() => clearTimeout(timer));
}

/** As they stand now, of this version's keys only; an unusable file is described and, unlike at the start, left alone. */
async function storedSettings(file: string): Promise<unknown> {
  try {
    const checked = checkSettings(JSON.parse((await readFile(file, 'utf8')).replace(/^\uFEFF/u, '')));
    return checked.kind === 'ok' ? checked.value : checked.issues.map(sayIssue);
  } catch (error) {
    return error instanceof SyntaxError ? 'not JSON' : errorCode(error);
  }
}

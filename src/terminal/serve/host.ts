import { openAgent } from '../../agent/open-agent.ts';
import { Profiles } from '../../agent/profiles.ts';
import type { Send } from '../../agent/network/send.ts';
import { systemSend } from '../../agent/network/system-send.ts';
import type { Places } from '../../system/places.ts';
import type { Settings } from '../../config/profile/profile.ts';
import type { ExitCode } from '../../outlets/answer/answer.ts';
import type { Ownership } from '../../system/ownership/ownership.ts';
import { openSocketApi } from '../../outlets/socket/api.ts';
import type { Log, LogLevel } from '../../system/log/log.ts';
import type { Vault } from '../../vault/store/vault.ts';
import { lateHost } from './late-host.ts';
import { say } from '../../words/say.ts';
import { whileWaiting } from '../output/progress.ts';
import { reportUnexpected } from '../output/unexpected.ts';
import type { Configured } from './configured.ts';
import { END_LIMIT_MS, endProfiles } from '../../host/end-profiles.ts';
import { readSpread } from '../../host/spread.ts';
import { surviveErrors } from '../../host/uncaught.ts';
import { atMost } from '../../system/limit.ts';
import { ownerLog } from '../../system/log/owner-log.ts';
import type { Served } from './served.ts';
import type { SystemdNotify } from './systemd-notify.ts';
import type { Terminal } from '../output/terminal.ts';

interface Hosted {
  readonly configured: Configured;
  readonly vault: Promise<Vault>;
  readonly places: Places;
  readonly ownership: Ownership;
  readonly terminal: Terminal;
  readonly stderrLevel: LogLevel;
}

/** What is not a session (pages, token files, a hook) may hold up the end for this long. */
const CLOSE_LIMIT_MS = 1_000;

/**
 * Runs the host until it is told to stop. The stored tokens are served before anything that only users need is loaded.
 * Requests wait for a keyring that has not answered yet; they are not refused.
 */
export async function runHost(hosted: Hosted): Promise<ExitCode> {
  const { configured, vault, places, ownership, terminal, stderrLevel } = hosted;
  const { settings, source } = configured;
  const outcome: { exitCode: ExitCode; isLost: boolean } = { exitCode: 0, isLost: false };
  const { ended, end } = untilEnded(
    () => void reload(),
    () => outcome.exitCode,
  );
  const logs = ownerLog({
    stderr: stderrLevel,
    file: stderrLevel === 'debug' ? 'debug' : settings.logLevel,
  });
  const { log } = logs;
  surviveErrors(log, (error) => {
    outcome.exitCode = reportUnexpected(error, terminal);
    end();
  });
  const notifying = openNotify(log);
  const send = systemSend({ extraCaFile: settings.extraCaFile, env: process.env });
  const spreadMs = readSpread(places, (line) => terminal.err(line), log);
  const starting = startProfiles({ settings, vault, send, log, spreadMs, ownership });
  // Awaited below; an earlier rejection must not end the process.
  starting.catch(ignored);
  let running: Profiles | undefined;
  let opening: Promise<Served> | undefined;
  let opened: Served | undefined;
  const host = lateHost({
    source,
    profiles: starting,
    served: () => opening,
    opened: () => opened,
    handOver: {
      sessions: async () => ((await vault).backend === 'memory' ? 'memory' : 'stored'),
      end,
    },
  });
  const reload = async (): Promise<void> => {
    const { reloadForSignal } = await import('./reload-signal.ts');
    const { registrations } = host;
    const work = (): Promise<void> => reloadForSignal({ registrations, places, terminal, log });
    const notify = await notifying;
    await (notify === undefined ? work() : notify.during(work));
  };
  const onLost = (): void => {
    outcome.isLost = true;
    outcome.exitCode = 1;
    terminal.err(say('owner.lost'));
    end();
  };
  const socket = await openSocketApi({ places, ownership, log, host, onLost });
  try {
    const profiles = await whileWaiting('cli.waiting.storage', Promise.race([starting, ended]));
    if (profiles === 'ended') return outcome.exitCode;
    running = profiles;
    opening = import('./served.ts').then(async ({ openServed }) => {
      opened = await openServed({ configured, profiles, vault: await vault, send, places, terminal, log });
      return opened;
    });
    const open = Promise.all([logs.openFile(places.logDirectory), opening, notifying]);
    const isOpen = await Promise.race([open, ended]);
    if (isOpen !== 'ended') isOpen[2]?.serving(profiles);
    await ended;
    return outcome.exitCode;
  } finally {
    const told = notifying?.then((notify) => notify.stopping());
    if (opening !== undefined)
      await atMost(
        CLOSE_LIMIT_MS,
        opening.then((served) => served.close(), ignored),
      );
    await atMost(CLOSE_LIMIT_MS, socket.close());
    // Does not wait for a keyring that has not answered. What another owner stores is not overwritten.
    if (running === undefined || outcome.isLost) starting.then((late) => late.stop(), ignored);
    else await endProfiles(running, () => terminal.err(say('cli.serve.ending')));
    if (told !== undefined) await atMost(CLOSE_LIMIT_MS, told);
    await atMost(CLOSE_LIMIT_MS, logs.close());
  }
}

/**
 * Set if systemd started this process and expects to be notified. The variable is removed, because nothing that is
 * started from here, such as a hook, may speak for the service.
 */
function openNotify(log: Log): Promise<SystemdNotify> | undefined {
  const { NOTIFY_SOCKET: socket } = process.env;
  delete process.env.NOTIFY_SOCKET;
  if (socket === undefined || socket === '') return undefined;
  return import('./systemd-notify.ts').then(({ SystemdNotify }) => new SystemdNotify({ socket, log }));
}

/** The failure is reported where the promise is awaited; here it only means that there is nothing to stop. */
const ignored = (): undefined => undefined;

/** Resolves when every stored token is served; MSAL and schedules are not loaded yet. */
async function startProfiles(options: {
  readonly settings: Settings;
  readonly vault: Promise<Vault>;
  readonly send: Send;
  readonly log: Log;
  readonly spreadMs: number;
  readonly ownership: Ownership;
}): Promise<Profiles> {
  const { settings, send, log, spreadMs, ownership } = options;
  const vault = await options.vault;
  const profiles = new Profiles((profile) =>
    openAgent({ profile, vault, send, now: Date.now, log, spreadMs, ownership }),
  );
  await profiles.apply(settings);
  return profiles;
}

/**
 * Resolves at the first SIGINT or SIGTERM, or when the tray takes over. A second signal ends the process at once, and
 * work that hangs cannot delay the end for long. SIGHUP is an end too if standard error is a terminal, which has
 * closed then. Otherwise `onHangUp` is called: servers read their settings again on SIGHUP, and under nohup, which
 * cannot make Node ignore the signal, that does no harm.
 */
function untilEnded(
  onHangUp: () => void,
  exitCode: () => ExitCode,
): { readonly ended: Promise<'ended'>; readonly end: () => void } {
  let end = (): void => undefined;
  const ended = new Promise<'ended'>((resolve) => {
    end = (): void => {
      process.off('SIGINT', end);
      process.off('SIGTERM', end);
      setTimeout(() => process.exit(exitCode()), END_LIMIT_MS).unref();
      resolve('ended');
    };
  });
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  process.on('SIGHUP', () => {
    if (process.stderr.isTTY) end();
    else onHangUp();
  });
  return { ended, end };
}

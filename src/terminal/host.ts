import type { Agent } from '../agent/agent.ts';
import { openAgent } from '../agent/open-agent.ts';
import { problem } from '../agent/problem.ts';
import type { Places } from '../config/places.ts';
import type { Profile } from '../config/profile.ts';
import type { ExitCode } from '../outlets/answer.ts';
import type { Ownership } from '../outlets/ownership.ts';
import { openSocketApi } from '../outlets/socket-api.ts';
import { createLog, type Log, type LogLevel } from '../vault/log.ts';
import type { Vault } from '../vault/vault.ts';
import { say, sayProblem } from '../words/say.ts';
import { sayTime } from '../words/time.ts';
import type { ServedPages } from './served-pages.ts';
import type { Terminal } from './terminal.ts';

interface Hosted {
  readonly profile: Profile;
  readonly vault: Promise<Vault>;
  readonly places: Places;
  readonly ownership: Ownership;
  readonly terminal: Terminal;
  readonly logLevel: LogLevel;
}

/**
 * Runs the owner until it is told to end. The order is the start path: the stored token is served before anything that only people need is loaded.
 * Whoever asks while the keyring has not answered yet is kept waiting for it, not sent away.
 */
export async function runHost(hosted: Hosted): Promise<ExitCode> {
  const { profile, vault, places, ownership, terminal, logLevel } = hosted;
  const log = createLog({ write: (line) => void process.stderr.write(line), now: Date.now, level: logLevel });
  const ended = untilEnded();
  const starting = startAgent({ profile, vault, log });
  let pages: Promise<ServedPages> | undefined;
  const socket = await openSocketApi({
    places,
    ownership,
    log,
    host: {
      agent: () => starting,
      inviteToSignIn: async () =>
        pages === undefined
          ? { kind: 'failed', problem: problem('transient', 'starting') }
          : { kind: 'visit', url: (await pages).invite() },
    },
  });
  const agent = await starting;
  try {
    pages = import('./served-pages.ts').then(({ servePages }) => servePages({ agent, places, log }));
    const served = await pages;
    tellStart(agent, served, places, terminal);
    await ended;
    await served.close();
    return 0;
  } finally {
    await socket.close();
    agent.stop();
  }
}

async function startAgent(options: {
  readonly profile: Profile;
  readonly vault: Promise<Vault>;
  readonly log: Log;
}): Promise<Agent> {
  const { profile, log } = options;
  const agent = openAgent({ profile, vault: await options.vault, now: Date.now, log });
  await agent.start();
  return agent;
}

function tellStart(agent: Agent, pages: ServedPages, places: Places, terminal: Terminal): void {
  const { session, health } = agent.status;
  const now = Date.now();
  if (session.kind === 'signed-in') {
    terminal.err(say('session.signed-in', { name: session.account.name }));
    if (session.expiresOn !== undefined && session.expiresOn > now) {
      terminal.err(say('token.good-until', { time: sayTime(session.expiresOn, now) }));
    }
    terminal.err(say('cli.serve.page'));
  } else {
    terminal.err(say('cli.serve.open', { url: pages.invite() }));
    if (process.env.SSH_CONNECTION !== undefined) {
      terminal.err(say('cli.serve.ssh', { port: pages.port }));
    }
  }
  if (health.kind !== 'ok') {
    const { sentence, next } = sayProblem(health.reason);
    terminal.err(`${sentence} ${next}`);
  }
  terminal.err(say('cli.serve.key', { file: places.accessKeyFile }));
}

/**
 * Resolves at the first SIGINT or SIGTERM; a second one ends the process as it would without us. SIGHUP
 * ends it where there is a terminal that has gone, and nothing where the output goes elsewhere: Node takes
 * the ignoring back that nohup asked for.
 */
function untilEnded(): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => resolve();
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
    process.on('SIGHUP', () => {
      if (process.stderr.isTTY) resolve();
    });
  });
}

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
const keytarPath = createRequire(import.meta.url).resolve('keytar');

/** What the Secret Service holds of one service; the content only where it was asked for. */
export interface StoredItem {
  readonly account: string;
  readonly length: number;
}

/**
 * A Secret Service of its own: a private D-Bus session and an unlocked GNOME Keyring in a temporary home.
 *
 * A child process reaches it with `env`. To use keytar inside a vitest worker, assign `env` to
 * `process.env` before anything has spoken to a keyring: libsecret keeps the first connection of a
 * process for good, so one file of tests (pool `forks`: one process a file) can use one keyring.
 */
export interface Keyring {
  /** The whole environment for a child process: the test's own with the session's variables instead of the user's. */
  readonly env: NodeJS.ProcessEnv;
  /** The items of a service (`tokentray` unless told). The keyring must not be locked. */
  items(service?: string): Promise<readonly StoredItem[]>;
  /** Everything that is stored there, for a search for leaks. */
  secretValues(service?: string): Promise<readonly string[]>;
  /** Puts an item there as another program would. */
  plant(account: string, content: string, service?: string): Promise<void>;
  /** Locks it. There is no prompter on this bus, so only {@link unlock} opens it again. */
  lock(): Promise<void>;
  /** Unlocks it with the password, in the same daemon, as its prompt or a login does. */
  unlock(): Promise<void>;
  /** Kills the daemon: nobody answers for the Secret Service until {@link appear}. */
  vanish(): Promise<void>;
  /**
   * Starts a daemon, unlocked, in place of one that may be running; what it holds is on its disk. A process
   * that spoke to the old one does not get on with the new one ("The session wrapping the secret does not
   * exist", for as long as it lives: libsecret keeps the session).
   */
  appear(): Promise<void>;
  /** Lets it hang, as a keyring with an unanswered prompt does: calls get no answer, not even an error. */
  freeze(): void;
  thaw(): void;
  /** Ends both processes and removes the directory. */
  stop(): Promise<void>;
}

const PASSWORD = 'a password of the tests';
const LOGIN = '/org/freedesktop/secrets/collection/login';

/** A start takes 0.2 s; a machine that is busy with other tests may need many times that. */
const START_LIMIT_MS = 20_000;

/** A bus without service files: nothing is activated on it, no prompter and no second keyring. */
const busConfig = (socket: string): string => `<!DOCTYPE busconfig PUBLIC
  "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type><listen>unix:path=${socket}</listen><auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
`;

/**
 * Runs both until its standard input ends, which it does when the test ends in whatever way, and then
 * ends them and removes the directory. A line on that input, `vanish` or `appear`, ends the keyring or
 * starts it anew, unlocked. It is a session of its own, so Ctrl-C does not get to it first.
 */
const SUPERVISOR = String.raw`
set -u
dir=$1 password=$2 first=$3 keyring= bus=
finish() { trap - EXIT; kill -KILL $keyring $bus 2>/dev/null; wait; rm -rf "$dir"; exit 0; }
trap finish EXIT HUP TERM INT
trap '' PIPE # a test that ends before it has read "ready" must not end this one without its finish
start() {
  printf %s "$password" >"$dir/password"
  gnome-keyring-daemon --foreground --unlock --components=secrets --control-directory="$dir/run/keyring" \
    <"$dir/password" >>"$dir/keyring.log" 2>&1 &
  keyring=$!
  until dbus-send --session --print-reply=literal --dest=org.freedesktop.secrets ${LOGIN} \
    org.freedesktop.DBus.Properties.Get string:org.freedesktop.Secret.Collection string:Locked 2>/dev/null | grep -q false
  do kill -0 $keyring || exit 1; sleep 0.02; done
  rm "$dir/password"
  echo "ready $keyring"
}
end() { [ -z "$keyring" ] || { kill -KILL $keyring; wait $keyring; }; keyring=; }
dbus-daemon --config-file="$dir/bus.conf" --nofork --nopidfile </dev/null >"$dir/bus.log" 2>&1 &
bus=$!
until [ -S "$dir/bus" ]; do kill -0 $bus || exit 1; sleep 0.02; done
handle() {
  end
  case $1 in appear) start ;; *) echo "ready 0" ;; esac
}
handle "$first"
while read -r what; do handle "$what"; done
`;

/**
 * Starts one; several can run side by side. `vanish`: the bus alone, where no keyring answers yet.
 * Rejects with what the two programs said when it cannot.
 */
export async function startKeyring(first: 'appear' | 'vanish' = 'appear'): Promise<Keyring> {
  // On a machine that is busy with other tests one start in some hundreds never says that it is ready.
  return startOnce(first).catch(() => startOnce(first));
}

async function startOnce(first: 'appear' | 'vanish'): Promise<Keyring> {
  const directory = await mkdtemp(join(tmpdir(), 'keyring-'));
  const env = await makeHome(directory);
  const supervisor = spawn('sh', ['-c', SUPERVISOR, 'keyring', directory, PASSWORD, first], {
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const readiness = watch(supervisor);
  try {
    return operations({ env, supervisor, readiness, keyringPid: await readiness() });
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

async function makeHome(directory: string): Promise<NodeJS.ProcessEnv> {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'DBUS_STARTER_ADDRESS', 'GNOME_KEYRING_CONTROL']) {
    Reflect.deleteProperty(env, name);
  }
  const places = {
    HOME: 'home',
    XDG_DATA_HOME: 'data',
    XDG_CONFIG_HOME: 'config',
    XDG_CACHE_HOME: 'cache',
    XDG_STATE_HOME: 'state',
    XDG_RUNTIME_DIR: 'run',
  };
  for (const [name, place] of Object.entries(places)) {
    env[name] = join(directory, place);
    await mkdir(join(directory, place), { mode: 0o700 });
  }
  env['DBUS_SESSION_BUS_ADDRESS'] = `unix:path=${directory}/bus`;
  await chmod(directory, 0o700);
  await writeFile(join(directory, 'bus.conf'), busConfig(join(directory, 'bus')));
  return env;
}

/** Each call waits for the next `ready` of the supervisor and gives the keyring's process id. */
function watch(supervisor: ChildProcess): () => Promise<number> {
  const { stdout, stderr } = supervisor;
  if (!stdout || !stderr) throw new Error('the supervisor has no pipes');
  const complaints: string[] = [];
  stderr.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return async () => {
    const timer = setTimeout(() => supervisor.kill(), START_LIMIT_MS);
    const line = await lines.next();
    clearTimeout(timer);
    const pid = line.done === true ? undefined : /^ready (\d+)$/u.exec(line.value)?.[1];
    if (pid !== undefined) return Number(pid);
    throw new Error(`No keyring: are dbus and gnome-keyring installed? ${complaints.join('').trim()}`);
  };
}

function operations(of: {
  readonly env: NodeJS.ProcessEnv;
  readonly supervisor: ChildProcess;
  readonly readiness: () => Promise<number>;
  readonly keyringPid: number;
}): Keyring {
  const { env, supervisor } = of;
  let { keyringPid } = of;
  const ended = new Promise<void>((resolve) => {
    if (supervisor.exitCode !== null || supervisor.signalCode !== null) resolve();
    else supervisor.once('exit', () => resolve());
  });

  /** In a child, because a process has one connection, and this one may be another keyring's. */
  async function keytar(code: string, ...args: string[]): Promise<string> {
    const script = `const keytar = require(process.argv[1]); const [a, b, c] = process.argv.slice(2);
      (async () => { ${code} })().catch((error) => { console.error(error.message); process.exit(1); });`;
    const { stdout } = await run(process.execPath, ['-e', script, keytarPath, ...args], {
      env,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  }

  async function credentials(service: string): Promise<{ account: string; password: string }[]> {
    // keytar's findCredentials crashes on a locked item (libsecret gives it no value), so ask first.
    if (!(await isOpen())) throw new Error('the keyring is locked: unlock() it before looking into it');
    const text = await keytar('console.log(JSON.stringify(await keytar.findCredentials(a)))', service);
    return JSON.parse(text) as { account: string; password: string }[];
  }

  async function ask(path: string, method: string, ...args: string[]): Promise<string> {
    const target = ['--session', '--print-reply=literal', '--dest=org.freedesktop.secrets', path, method];
    return (await run('dbus-send', [...target, ...args], { env })).stdout;
  }

  async function command(what: 'vanish' | 'appear'): Promise<void> {
    supervisor.stdin?.write(`${what}\n`);
    keyringPid = await of.readiness();
  }

  async function isOpen(): Promise<boolean> {
    const property = ['string:org.freedesktop.Secret.Collection', 'string:Locked'];
    return (await ask(LOGIN, 'org.freedesktop.DBus.Properties.Get', ...property)).includes('false');
  }

  return {
    env,
    items: async (service = 'tokentray') =>
      (await credentials(service)).map(({ account, password }) => ({ account, length: password.length })),
    secretValues: async (service = 'tokentray') =>
      (await credentials(service)).map(({ password }) => password),
    plant: async (account, content, service = 'tokentray') => {
      await keytar('await keytar.setPassword(a, b, c)', service, account, content);
    },
    lock: async () => {
      const lock = 'org.freedesktop.Secret.Service.Lock';
      await ask('/org/freedesktop/secrets', lock, `array:objpath:${LOGIN}`);
    },
    unlock: () => unlock(join(env['XDG_RUNTIME_DIR'] ?? '', 'keyring', 'control')),
    vanish: () => command('vanish'),
    appear: () => command('appear'),
    freeze: () => void process.kill(keyringPid, 'SIGSTOP'),
    thaw: () => void process.kill(keyringPid, 'SIGCONT'),
    stop: async () => {
      supervisor.stdin?.end();
      await ended;
    },
  };
}

/** The daemon's control operation "unlock the login keyring", as pam_gnome_keyring sends it (pam/gkr-pam-client.c). */
const CONTROL_UNLOCK = 1;

/** Its answers hold their own length, eight bytes, and a result, of which 0 is good. */
const CONTROL_ANSWER_BYTES = 8;

async function unlock(controlSocket: string): Promise<void> {
  const password = Buffer.from(PASSWORD);
  const head = Buffer.alloc(12);
  head.writeUInt32BE(head.length + password.length, 0);
  head.writeUInt32BE(CONTROL_UNLOCK, 4);
  head.writeUInt32BE(password.length, 8);
  const answer = await new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(controlSocket, () => {
      // The first byte is there to carry the sender's user id.
      socket.write(Buffer.concat([Buffer.of(0), head, password]));
    });
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (Buffer.concat(chunks).length >= CONTROL_ANSWER_BYTES) socket.end();
    });
    socket.on('close', () => resolve(Buffer.concat(chunks)));
    socket.on('error', reject);
  });
  if (answer.length < CONTROL_ANSWER_BYTES || answer.readUInt32BE(4) !== 0) {
    throw new Error(`gnome-keyring did not unlock: ${answer.toString('hex')}`);
  }
}

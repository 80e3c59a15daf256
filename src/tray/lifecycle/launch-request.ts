/** What a launch of the program asks of the application, in this process or in the one already running. */
export type LaunchRequest = 'status' | 'sign-in' | 'quit' | 'at-login';

/** Given by the system's entry that starts the application at login, when no window is expected. */
export const AT_LOGIN_SWITCH = '--at-login';

const requests: ReadonlyMap<string, LaunchRequest> = new Map([
  ['--quit', 'quit'],
  ['--sign-in', 'sign-in'],
  ['--status', 'status'],
  [AT_LOGIN_SWITCH, 'at-login'],
]);

/**
 * The first request on a command line. Other arguments are ignored: Chromium adds switches of its own to those of a
 * second launch, and changes their order.
 */
export function launchRequest(argv: readonly string[]): LaunchRequest | undefined {
  return argv.map((argument) => requests.get(argument)).find((request) => request !== undefined);
}

/**
 * Makes the packaged application run as the `tokentray` command: it comes without Node, and a fuse keeps its binary
 * from running as Node. Given by the wrapper `bin/tokentray` in its resources.
 */
const COMMAND_SWITCH = '--tokentray-cli';

/**
 * The arguments of the `tokentray` command; undefined if the application itself is to start. `--` must follow the
 * switch, because Chromium would otherwise parse the arguments as its own switches (`--remote-debugging-port` among
 * them).
 */
export function commandArguments(argv: readonly string[]): readonly string[] | undefined {
  const at = argv.indexOf(COMMAND_SWITCH);
  return at > 0 && argv[at + 1] === '--' ? argv.slice(at + 2) : undefined;
}

/**
 * The requests of later launches. They may come while the first process is still asking whether to stop a terminal
 * host, or waiting for a keyring: the last one is followed as soon as the application runs.
 */
export class Launches {
  #follow: ((request: LaunchRequest) => void) | undefined;
  #waiting: LaunchRequest = 'at-login';

  arrive(request: LaunchRequest): void {
    if (this.#follow !== undefined) this.#follow(request);
    // A start at login shows nothing, so it replaces no other request.
    else if (request !== 'at-login') this.#waiting = request;
  }

  /** Follows the waiting request now and later ones as they arrive. */
  followBy(follow: (request: LaunchRequest) => void): void {
    this.#follow = follow;
    follow(this.#waiting);
  }
}

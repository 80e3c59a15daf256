/** What a launch of the program asks of the application, be it this process or the one that runs already. */
export type LaunchRequest = 'status' | 'sign-in' | 'quit' | 'at-login';

/** Given by the entry that starts the application at login: nobody waits for a window then. */
export const AT_LOGIN_SWITCH = '--at-login';

const requests: ReadonlyMap<string, LaunchRequest> = new Map([
  ['--quit', 'quit'],
  ['--sign-in', 'sign-in'],
  ['--status', 'status'],
  [AT_LOGIN_SWITCH, 'at-login'],
]);

/**
 * What a command line asks for; the first that is there, undefined for none. Anything else in it is left
 * alone: Chromium adds switches of its own to what a second launch hands over, and changes their order.
 */
export function launchRequest(argv: readonly string[]): LaunchRequest | undefined {
  return argv.map((argument) => requests.get(argument)).find((request) => request !== undefined);
}

/**
 * What later launches ask for. The first process may still be asking whether to take over, or waiting for a
 * keyring, when they come and go: the last of them is followed as soon as there is an application.
 */
export class Launches {
  #follow: ((request: LaunchRequest) => void) | undefined;
  #waiting: LaunchRequest = 'at-login';

  arrive(request: LaunchRequest): void {
    if (this.#follow !== undefined) this.#follow(request);
    // Nobody waits for what a start at login shows: it supersedes nothing.
    else if (request !== 'at-login') this.#waiting = request;
  }

  /** From now on each at once, and now the one that waited. */
  followBy(follow: (request: LaunchRequest) => void): void {
    this.#follow = follow;
    follow(this.#waiting);
  }
}

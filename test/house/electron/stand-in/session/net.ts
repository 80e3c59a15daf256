import { recordMethods } from '../control/call-log.ts';
import { StandInClientRequest } from './client-request.ts';

/** Electron's `net`, over Node's clients: no proxy, and trust as connection.ts says. */
export class StandInNet implements Pick<Electron.Net, 'fetch' | 'isOnline' | 'online'> {
  #online = true;

  get online(): boolean {
    return this.#online;
  }

  isOnline(): boolean {
    return this.#online;
  }

  fetch(input: string | Request, init?: RequestInit): Promise<Response> {
    return this.#online
      ? globalThis.fetch(input, init)
      : Promise.reject(new Error('net::ERR_INTERNET_DISCONNECTED'));
  }

  request(options: Electron.ClientRequestConstructorOptions): StandInClientRequest {
    return new StandInClientRequest(options, () => (this.#online ? 'online' : 'offline'));
  }

  _set(state: 'online' | 'offline'): void {
    this.#online = state === 'online';
  }
}
recordMethods('net', StandInNet);

export const net = new StandInNet();

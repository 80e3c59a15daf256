// One request of `net.request`, over Node's own client: real TCP and TLS underneath, a connection for each, no
// proxy and no cookies. Only what has been looked up in Electron's net-client-request.ts is modelled.
import { EventEmitter } from 'node:events';
import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connectTrusted } from '../chromium/connection.ts';
import { netErrorOfNode } from '../chromium/net-errors.ts';

type Options = Electron.ClientRequestConstructorOptions;

/** Chromium's own; a request that names one ends with ERR_INVALID_ARGUMENT. */
const RESTRICTED = [
  'content-length',
  'cookie2',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

export class StandInClientRequest
  extends EventEmitter
  implements Pick<Electron.ClientRequest, 'abort' | 'followRedirect'>
{
  readonly #options: Options;
  readonly #network: () => 'online' | 'offline';
  #sent: ClientRequest | undefined;
  #response: IncomingMessage | undefined;
  #over = false;

  constructor(options: Options, network: () => 'online' | 'offline') {
    super();
    if (options.redirect !== 'manual' || options.credentials !== 'omit')
      throw new Error(
        'electron stand-in: net.request is only modelled with redirect manual, credentials omit',
      );
    this.#options = options;
    this.#network = network;
  }

  followRedirect(): void {
    throw new Error('electron stand-in: followRedirect is not modelled');
  }

  end(body?: string | Buffer): void {
    const { url = '', method = 'GET', headers = {} } = this.#options;
    const refusal =
      this.#network() === 'offline'
        ? 'net::ERR_INTERNET_DISCONNECTED'
        : Object.keys(headers).some((name) => RESTRICTED.includes(name.toLowerCase()))
          ? 'net::ERR_INVALID_ARGUMENT'
          : undefined;
    if (refusal !== undefined) {
      setImmediate(() => this.#die(refusal));
      return;
    }
    const target = new URL(url);
    const sending = {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
    };
    this.#sent =
      target.protocol === 'https:'
        ? requestHttps(target, {
            ...sending,
            createConnection: (_options, answer) => {
              connectTrusted(target, answer as Parameters<typeof connectTrusted>[1]);
              return undefined;
            },
          })
        : requestHttp(target, { ...sending, agent: false });
    this.#sent.on('error', (error: NodeJS.ErrnoException) => this.#die(netErrorOfNode(error)));
    this.#sent.on('response', (response) => this.#answered(response));
    this.#sent.end(body);
  }

  abort(): void {
    if (this.#over) return;
    process.nextTick(() => this.emit('abort'));
    this.#end();
    this.#response?.destroy();
  }

  #answered(response: IncomingMessage): void {
    const { statusCode = 0, headers } = response;
    if (headers.location !== undefined && [301, 302, 303, 307, 308].includes(statusCode)) {
      const { url = '', method = 'GET' } = this.#options;
      const to = new URL(headers.location, url).href;
      const lists = Object.entries(headers).map(([name, value]) => [name, [value].flat()]);
      this.emit('redirect', statusCode, method, to, Object.fromEntries(lists));
      this.#die('Redirect was cancelled');
      return;
    }
    this.#response = response;
    response.on('close', () => this.#end());
    this.emit('response', response);
  }

  #die(message: string): void {
    if (this.#over) return;
    const error = new Error(message);
    this.#response?.destroy(error);
    this.emit('error', error);
    this.#end();
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#sent?.on('error', () => undefined).destroy();
    setImmediate(() => this.emit('close'));
  }
}

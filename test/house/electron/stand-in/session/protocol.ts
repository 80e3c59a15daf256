import { app } from '../app/app.ts';
import { recordMethods } from '../control/call-log.ts';
import type { CdpParams, Protocol } from '../chromium/cdp.ts';
import { addStandardScheme, customSchemeOf, toPublic } from '../chromium/custom-scheme.ts';
import { throwLater } from '../control/event.ts';

type Handler = (request: Request) => Response | Promise<Response>;

/** A session's `protocol`. Only custom schemes are answered; one for http(s) is refused: it sees no redirect hops. */
export class StandInProtocol implements Pick<
  Electron.Protocol,
  'handle' | 'isProtocolHandled' | 'registerSchemesAsPrivileged' | 'unhandle'
> {
  readonly #handlers = new Map<string, Handler>();

  registerSchemesAsPrivileged(customSchemes: Electron.CustomScheme[]): void {
    if (app.isReady())
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    for (const { scheme, privileges } of customSchemes)
      if (privileges?.standard === true) addStandardScheme(scheme);
  }

  handle(scheme: string, handler: Handler): void {
    if (['http', 'https', 'file'].includes(scheme)) {
      throw new Error(`electron stand-in: protocol.handle('${scheme}') is not modelled`);
    }
    if (this.#handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    this.#handlers.set(scheme, handler);
  }

  unhandle(scheme: string): void {
    if (!this.#handlers.delete(scheme)) throw new Error(`Failed to unhandle protocol: ${scheme}`);
  }

  isProtocolHandled(scheme: string): boolean {
    return ['http', 'https', 'file'].includes(scheme) || this.#handlers.has(scheme);
  }

  /** Answers a request of one of the product's own schemes. */
  _answer(
    paused: Protocol.Fetch.requestPausedPayload,
  ): Promise<CdpParams<'Fetch.fulfillRequest'>> | undefined {
    const scheme = customSchemeOf(paused.request.url);
    if (scheme === undefined) return undefined;
    const handler = this.#handlers.get(scheme);
    if (!handler) {
      return Promise.resolve({
        requestId: paused.requestId,
        responseCode: 404,
        responsePhrase: 'No handler',
      });
    }
    return run(handler, paused);
  }
}
recordMethods('Protocol', StandInProtocol);

async function run(
  handler: Handler,
  { requestId, request }: Protocol.Fetch.requestPausedPayload,
): Promise<CdpParams<'Fetch.fulfillRequest'>> {
  try {
    const response = await handler(
      new Request(toPublic(request.url) + (request.urlFragment ?? ''), {
        method: request.method,
        headers: request.headers as Record<string, string>,
        ...(request.postData === undefined ? {} : { body: request.postData }),
      }),
    );
    return {
      requestId,
      responseCode: response.status,
      responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
      body: Buffer.from(await response.arrayBuffer()).toString('base64'),
    };
  } catch (error) {
    throwLater(error);
    return { requestId, responseCode: 500 };
  }
}

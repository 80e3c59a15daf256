// The DevTools protocol over Chromium's debugging pipe: JSON messages, each ended by a NUL byte.
import type { Readable, Writable } from 'node:stream';
import type { Protocol } from '../../../../../node_modules/playwright-core/types/protocol.d.ts';

export type { Protocol };
export type CdpMethod = keyof Protocol.CommandParameters;
export type CdpParams<M extends CdpMethod> = Protocol.CommandParameters[M];
export type CdpResult<M extends CdpMethod> = Protocol.CommandReturnValues[M];

/** One event of a session; `sessionId` is undefined for the browser itself. */
export interface CdpEvent {
  method: string;
  params: unknown;
  sessionId: string | undefined;
}

/** Chromium refused a command, or the pipe closed before it answered. */
export class CdpError extends Error {
  override name = 'CdpError';
}

interface Pending {
  method: string;
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

interface Message {
  id?: number;
  method?: string;
  params?: unknown;
  sessionId?: string;
  result?: unknown;
  error?: { message: string };
}

/** A connection to Chromium. */
export class CdpConnection {
  readonly #input: Writable;
  readonly #pending = new Map<number, Pending>();
  readonly #onEvent: (event: CdpEvent) => void;
  #chunks: Buffer[] = [];
  #lastId = 0;
  #closed = false;

  constructor(input: Writable, output: Readable, onEvent: (event: CdpEvent) => void) {
    this.#input = input;
    this.#onEvent = onEvent;
    output.on('data', (chunk: Buffer) => this.#read(chunk));
    output.on('close', () => this.#close());
    // A write after Chromium has gone is answered by the 'close' above.
    input.on('error', () => this.#close());
  }

  /** Sends a command. @throws CdpError */
  send<M extends CdpMethod>(method: M, params?: CdpParams<M>, sessionId?: string): Promise<CdpResult<M>> {
    if (this.#closed) return Promise.reject(new CdpError(`${method}: Chromium has gone`));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { method, resolve: (result) => resolve(result as CdpResult<M>), reject });
      if (process.env.STANDIN_TRACE_CDP)
        process.stderr.write(
          `${performance.now().toFixed(0)} >> ${id} ${method} ${JSON.stringify(params ?? {}).slice(0, 300)}\n`,
        );
      this.#input.write(`${JSON.stringify({ id, method, params: params ?? {}, sessionId })}\0`);
    });
  }

  #read(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, start)) {
      this.#chunks.push(chunk.subarray(start, end));
      const text = Buffer.concat(this.#chunks).toString('utf8');
      this.#chunks = [];
      start = end + 1;
      this.#dispatch(JSON.parse(text) as Message);
    }
    if (start < chunk.length) this.#chunks.push(chunk.subarray(start));
  }

  #dispatch(message: Message): void {
    if (process.env.STANDIN_TRACE_CDP)
      process.stderr.write(`${performance.now().toFixed(0)} << ${JSON.stringify(message).slice(0, 400)}\n`);
    if (message.id === undefined) {
      this.#onEvent({ method: message.method ?? '', params: message.params, sessionId: message.sessionId });
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.error) pending?.reject(new CdpError(`${pending.method}: ${message.error.message}`));
    else pending?.resolve(message.result);
  }

  #close(): void {
    this.#closed = true;
    for (const { method, reject } of this.#pending.values()) {
      reject(new CdpError(`${method}: Chromium has gone`));
    }
    this.#pending.clear();
  }
}

/** For commands whose target may be gone by the time they arrive (a closed window): that is no error. */
export function ignoreGone(error: unknown): void {
  if (!(error instanceof CdpError)) throw error;
}

import { request, type RequestOptions } from 'node:http';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import {
  isCutOff,
  MAX_ANSWER_BYTES,
  notRunning,
  parseObject,
  reach,
  silent,
  toProblemError,
  type ClientPlaces,
  type SocketAnswer,
} from './client.ts';

/** The owner sends something every 25 s; a machine in trouble may be late with it. */
const SILENCE_MS = 75_000;

/**
 * Calls `onEvent` with the owner's status, at once and after every change. `path` is `/v1/events`, with `?profile=ID`
 * for another profile than the default one. Resolves to undefined when `signal` ends it, or to the owner's refusal:
 * there is no such profile, or it was removed.
 * @throws ProblemError `agent-not-running` when the owner exits; `agent-silent`, `agent-garbled`, `request.busy`,
 * `socket-directory`
 */
export async function watchOwner(
  places: ClientPlaces,
  path: string,
  onEvent: (body: SocketAnswer['body']) => void,
  signal: AbortSignal,
  options: {
    readonly platform?: NodeJS.Platform;
    readonly silenceMs?: number;
    /** `nothing`: does not keep the process alive. */
    readonly holds?: 'the process' | 'nothing';
  } = {},
): Promise<SocketAnswer | undefined> {
  const { platform, silenceMs = SILENCE_MS, holds = 'the process' } = options;
  const target = await reach(places, platform);
  if (signal.aborted) return undefined;
  return follow({ ...target, method: 'GET', path }, onEvent, signal, { silenceMs, holds });
}

function follow(
  options: RequestOptions,
  onEvent: (body: SocketAnswer['body']) => void,
  signal: AbortSignal,
  { silenceMs, holds }: { readonly silenceMs: number; readonly holds: 'the process' | 'nothing' },
): Promise<SocketAnswer | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(options);
    const silence = setTimeout(() => fail(silent(silenceMs)), silenceMs);
    if (holds === 'nothing') {
      silence.unref();
      sent.on('socket', (socket) => socket.unref());
    }
    const stop = (): void => {
      clearTimeout(silence);
      signal.removeEventListener('abort', abort);
      sent.destroy();
    };
    let hasBegun = false;
    const fail = (error: unknown): void => {
      stop();
      void toProblemError(hasBegun && isCutOff(error) ? notRunning() : error, options).then(reject);
    };
    const end = (answer: SocketAnswer | undefined): void => {
      stop();
      resolve(answer);
    };
    const abort = (): void => end(undefined);
    const onMessage = ({ event, data }: EventSourceMessage): void => {
      if (signal.aborted) return;
      const body = parseObject(data);
      if (event === 'end') end({ status: 400, body });
      else onEvent(body);
    };
    const events = createParser({
      onEvent: onMessage,
      onError: ({ type }) => type === 'max-buffer-size-exceeded' && fail(new Error('oversize')),
      maxBufferSize: MAX_ANSWER_BYTES,
    });
    signal.addEventListener('abort', abort);
    sent.on('error', fail);
    sent.on('response', (response) => {
      hasBegun = true;
      const status = response.statusCode ?? 0;
      let text = '';
      response.setEncoding('utf8');
      response.on('error', fail);
      response.on('data', (chunk: string) => {
        silence.refresh();
        if (status !== 200) {
          text += chunk;
          if (text.length > MAX_ANSWER_BYTES) fail(new Error('oversize'));
          return;
        }
        try {
          events.feed(chunk);
        } catch (error) {
          // An error of the listener, or an event that is not JSON.
          stop();
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      response.on('end', () => {
        try {
          if (status === 200) fail(notRunning());
          else end({ status, body: parseObject(text) });
        } catch (error) {
          fail(error);
        }
      });
    });
    sent.end();
  });
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Problem } from '../../../words/problem.ts';
import type { Reply } from '../../../outlets/answer/answer.ts';
import { refuse } from '../../../outlets/http/limited-server.ts';
import { say, sayProblem } from '../../../words/say.ts';
import { messagePage, SECURITY_HEADERS } from '../../../outlets/page.ts';
import type { Refusal } from '../../../outlets/http/request-guard.ts';

/** A request that passed the guard. */
export interface Visit {
  readonly headers: IncomingMessage['headers'];
  /** Path and query as sent; starts with one slash. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** What a route answers; {@link sendAnswer} adds the headers that every answer has. */
export interface WebAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Route = (visit: Visit) => Promise<WebAnswer> | WebAnswer;

export function pageAnswer(status: number, markup: string): WebAnswer {
  return { status, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: markup };
}

/** 303: the browser follows with a GET of `location`, whatever the request was (RFC 9110 15.4.4). */
export function redirectAnswer(location: string, headers: WebAnswer['headers'] = {}): WebAnswer {
  return { status: 303, headers: { ...headers, Location: location }, body: '' };
}

/** JSON for programs, as the socket answers. */
export function jsonAnswer(reply: Pick<Reply, 'httpStatus' | 'headers' | 'body'>): WebAnswer {
  const headers = { 'Content-Type': 'application/json; charset=utf-8', ...reply.headers };
  return { status: reply.httpStatus, headers, body: `${JSON.stringify(reply.body)}\n` };
}

/** A refusal: a page for users, JSON for programs. */
export function refusalAnswer({ status, problem }: Refusal, reader: 'person' | 'program'): WebAnswer {
  const answer =
    reader === 'program'
      ? jsonAnswer(refuse(status, problem))
      : pageAnswer(status, messagePage(say('web.refused'), sayProblem(problem, 'web')));
  return status === 405 ? { ...answer, headers: { ...answer.headers, Allow: 'GET' } } : answer;
}

/** A refusal on a page that the user opened. */
export function refusePerson(status: number, reason: Problem): WebAnswer {
  return refusalAnswer({ status, problem: reason }, 'person');
}

/** Sends it with the headers that every answer has. */
export function sendAnswer(response: ServerResponse, { status, headers, body }: WebAnswer): void {
  const length = { 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(status, { ...SECURITY_HEADERS, ...headers, ...length }).end(body);
}

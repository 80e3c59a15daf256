import type { IncomingMessage, ServerResponse } from 'node:http';
import { problem, type Problem } from '../../words/problem.ts';
import { hasOutcome, readAuthorizationResponse } from '../../agent/sign-in/redirect.ts';
import type { SignInAttempt, SignInOutcome } from '../../agent/sign-in/sign-in.ts';
import { portOfRedirectUri } from '../../config/profile/redirect-uri.ts';
import { say, sayProblem } from '../../words/say.ts';
import { html } from '../../outlets/http/html.ts';
import { isForUs } from '../../outlets/http/own-hosts.ts';
import { messagePage, page, SECURITY_HEADERS } from '../../outlets/page.ts';

/** On every answer. The connection is closed, so that the port is free soon. */
const HEADERS = { ...SECURITY_HEADERS, Connection: 'close' };

/** Where the browser is sent after the redirect, so that the code is not in its address bar and history. */
const END_PATH = '/';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `last`: the browser makes no further request. */
  readonly place: 'between' | 'last';
}

/**
 * Answers requests to the redirect URI's port during one sign-in: the redirect itself (by query or by form) and the
 * last page. Any program on this machine can send requests; without the right state they have no effect.
 */
export class BrowserAnswers {
  /** Resolves when the last page has been sent. */
  readonly lastPage: Promise<unknown>;
  readonly #attempt: SignInAttempt;
  readonly #redirect: URL;
  #lastPageSent: () => void = () => undefined;
  #outcome: SignInOutcome | undefined;
  #answering = 0;

  constructor(attempt: SignInAttempt) {
    this.#attempt = attempt;
    this.#redirect = new URL(attempt.redirectUri);
    this.lastPage = new Promise<undefined>((resolve) => {
      this.#lastPageSent = () => resolve(undefined);
    });
  }

  /** Whether the browser will still ask for the last page, now or once its answer has been checked. */
  get isAwaited(): boolean {
    return this.#outcome !== undefined || this.#answering > 0;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, headers, body, place } = await this.#route(request);
    response.writeHead(status, { ...HEADERS, ...headers }).end(body);
    if (place === 'last') response.once('close', this.#lastPageSent);
  }

  async #route(request: IncomingMessage): Promise<Answer> {
    const { method = '', url = '' } = request;
    if (!isForUs(request, portOfRedirectUri(this.#redirect.href))) return refusal(421, 'request.host');
    // `//host/path` and `http://host/path` would resolve to another host.
    if (!url.startsWith('/') || url.startsWith('//')) return refusal(400, 'sign-in.no-code');
    const { pathname } = new URL(url, this.#redirect);
    const isRedirect = pathname === this.#redirect.pathname;
    if (isRedirect && method === 'POST') return this.#receive(url, await formOf(request));
    if (method !== 'GET') return refusal(405, 'sign-in.no-code');
    // If the redirect URI has the same path, a bare visit after the answer is for the last page.
    if (this.#outcome !== undefined && url === END_PATH) return endPage(this.#outcome);
    return isRedirect ? this.#receive(url, undefined) : refusal(404, 'sign-in.no-code');
  }

  async #receive(url: string, form: string | undefined): Promise<Answer> {
    const address = this.#redirect.origin + url;
    // A bare visit (a browser's prefetch, a curious user) is not an answer and does not end the attempt.
    if (!hasOutcome(readAuthorizationResponse(address, form))) return refusal(400, 'sign-in.no-code');
    // Counted, because others learn the attempt's outcome before this await returns.
    this.#answering += 1;
    const outcome = await this.#attempt.receive(address, form).finally(() => (this.#answering -= 1));
    if (outcome.kind === 'failed' && outcome.problem.code === 'sign-in.state-mismatch')
      return refusal(400, 'sign-in.state-mismatch');
    this.#outcome = outcome;
    return { status: 303, headers: { Location: END_PATH }, body: '', place: 'between' };
  }
}

/** The server closes the connection on a body that is too long. */
async function formOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function pageAnswer(status: number, body: string, place: Answer['place']): Answer {
  return { status, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body, place };
}

function endPage(outcome: SignInOutcome): Answer {
  const markup =
    outcome.kind === 'signed-in'
      ? page(
          say('browser.signed-in', { name: outcome.account.username }),
          html`<p>${say('browser.close')}</p>`,
          undefined,
        )
      : problemPage(outcome.problem);
  return pageAnswer(200, markup, 'last');
}

function refusal(
  status: number,
  code: 'request.host' | 'sign-in.no-code' | 'sign-in.state-mismatch',
): Answer {
  return pageAnswer(status, problemPage(problem('usage', code)), 'between');
}

function problemPage(reason: Problem): string {
  return messagePage(say('sign-in.failed'), sayProblem(reason, 'tray'));
}

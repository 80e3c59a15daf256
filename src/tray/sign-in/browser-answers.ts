import type { IncomingMessage, ServerResponse } from 'node:http';
import { problem, type Problem } from '../../words/problem.ts';
import { hasOutcome, readAuthorizationResponse } from '../../agent/sign-in/redirect.ts';
import type { SignInAttempt, SignInOutcome } from '../../agent/sign-in/sign-in.ts';
import { portOfRedirectUri } from '../../config/profile/redirect-uri.ts';
import { say, sayProblem } from '../../words/say.ts';
import { html } from '../../outlets/http/html.ts';
import { isForUs } from '../../outlets/http/own-hosts.ts';
import { messagePage, page, SECURITY_HEADERS } from '../../outlets/page.ts';

/** On every answer; nothing goes on after it, so that the port is free soon. */
const HEADERS = { ...SECURITY_HEADERS, Connection: 'close' };

/** Where the browser is sent to from the redirect, so that the code leaves its address bar and history. */
const END_PATH = '/';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** After the last one, the browser wants nothing more. */
  readonly place: 'between' | 'last';
}

/**
 * What the redirect's port answers while one sign-in waits there: the redirect itself, by query or by
 * form, and the page at the end. Anybody on this machine may knock; without the state nothing happens.
 */
export class BrowserAnswers {
  /** Resolves when the page at the end has been sent. */
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

  /** Whether a browser is on its way to the page at the end, or will be when its answer has been judged. */
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
    // `//host/path` and `http://host/path` would be resolved to another host.
    if (!url.startsWith('/') || url.startsWith('//')) return refusal(400, 'sign-in.no-code');
    const { pathname } = new URL(url, this.#redirect);
    const isRedirect = pathname === this.#redirect.pathname;
    if (isRedirect && method === 'POST') return this.#receive(url, await formOf(request));
    if (method !== 'GET') return refusal(405, 'sign-in.no-code');
    // Where the redirect has the path of the last page, a bare visit after the answer is the page's.
    if (this.#outcome !== undefined && url === END_PATH) return endPage(this.#outcome);
    return isRedirect ? this.#receive(url, undefined) : refusal(404, 'sign-in.no-code');
  }

  async #receive(url: string, form: string | undefined): Promise<Answer> {
    const address = this.#redirect.origin + url;
    // A bare visit (a guess ahead, a curious person) is not an answer and ends nothing.
    if (!hasOutcome(readAuthorizationResponse(address, form))) return refusal(400, 'sign-in.no-code');
    // Counted, because the attempt's outcome is known to all others before it is known here.
    this.#answering += 1;
    const outcome = await this.#attempt.receive(address, form).finally(() => (this.#answering -= 1));
    if (outcome.kind === 'failed' && outcome.problem.code === 'sign-in.state-mismatch')
      return refusal(400, 'sign-in.state-mismatch');
    this.#outcome = outcome;
    return { status: 303, headers: { Location: END_PATH }, body: '', place: 'between' };
  }
}

/** A body that is too long ends the connection (outlets/limited-server.ts). */
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
  return messagePage(say('sign-in.failed'), sayProblem(reason));
}

import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { CookieJar } from './cookie-jar.ts';
import { findForms } from './html-forms.ts';
import type { HtmlControl, HtmlForm } from './html-forms.ts';

/** What the scripted user knows and does. */
export interface UserScript {
  username: string;
  password: string;
  /** The tenant's certificate (PEM), trusted for these requests only. */
  ca: string;
  /** The button to press on the sign-in page; `sign-in` by default. */
  login?: 'sign-in' | 'cancel';
  /** The button to press on the consent page; `accept` by default. */
  consent?: 'accept' | 'cancel';
  /** Called before each redirect or form is followed; true stops there, without a request. */
  stopAt?: (url: string) => boolean;
  /** The browser's cookies; pass the same jar again to return as the same browser. */
  cookies?: CookieJar;
}

/** Where the sign-in ended. */
export type UserOutcome =
  | { kind: 'page'; url: string; status: number; headers: IncomingHttpHeaders; body: string }
  /** `form` contains the fields of a POST, as with `response_mode=form_post`. */
  | { kind: 'stopped'; url: string; form?: Readonly<Record<string, string>> };

/** A sign-in takes about eight requests; more than this is a loop. */
const STEP_LIMIT = 30;
/** Our pages take less than a second. */
const TIMEOUT_MS = 15_000;
const PAGE_LIMIT_CHARACTERS = 1024 * 1024;

/**
 * Acts as the user over plain HTTP: follows redirects, fills in the tenant's sign-in, account and consent pages, submits
 * `form_post` pages, and returns the first other page: the application's, an error, or the sign-in page again if the
 * password was wrong.
 * @throws on network failures, and after thirty steps.
 */
export async function signInAsUser(startUrl: string, script: UserScript): Promise<UserOutcome> {
  const cookies = script.cookies ?? new CookieJar();
  let next: Visit = { method: 'GET', url: startUrl };
  let hasTriedPassword = false;
  for (let step = 0; step < STEP_LIMIT; step += 1) {
    const page = await visit(next, cookies, script.ca);
    const answer: Visit | undefined = followRedirect(next, page) ?? fillPage(page, script, hasTriedPassword);
    if (answer === undefined) return { kind: 'page', ...page };
    if (script.stopAt?.(answer.url) === true) {
      const { url, form } = answer;
      return { kind: 'stopped', url, ...(form !== undefined && { form: Object.fromEntries(form) }) };
    }
    hasTriedPassword ||= answer.form?.has('password') ?? false;
    next = answer;
  }
  throw new Error(`The sign-in went in circles: ${STEP_LIMIT} steps, last ${new URL(next.url).pathname}`);
}

interface Visit {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly form?: URLSearchParams;
}

interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** RFC 9110 section 15.4: 307 and 308 keep method and body, the others become a GET. */
function followRedirect(last: Visit, { status, headers, url }: Page): Visit | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || headers.location === undefined) return undefined;
  const target = new URL(headers.location, url).href;
  return status === 307 || status === 308 ? { ...last, url: target } : { method: 'GET', url: target };
}

/** Fills in the form of a page that is a known step of a sign-in; undefined for other pages. */
function fillPage(page: Page, script: UserScript, hasTriedPassword: boolean): Visit | undefined {
  for (const form of findForms(page.body, page.url)) {
    const press = (name: string, value: string) =>
      form.buttons.find((button) => button.name === name && button.value === value);
    if (form.inputs.some(({ type }) => type === 'password')) {
      return hasTriedPassword ? undefined : submit(form, script, press('action', script.login ?? 'sign-in'));
    }
    const account = press('account', script.username) ?? press('action', 'other-account');
    const button = account ?? press('action', script.consent ?? 'accept');
    if (button !== undefined || isAuthorizationResponse(form)) return submit(form, script, button);
  }
  return undefined;
}

function isAuthorizationResponse({ inputs, method }: HtmlForm): boolean {
  const names = inputs.map(({ name }) => name);
  return method === 'POST' && (names.includes('code') || names.includes('error')) && names.includes('state');
}

function submit(form: HtmlForm, script: UserScript, pressed: HtmlControl | undefined): Visit {
  const typed: Readonly<Record<string, string>> = { username: script.username, password: script.password };
  const fields = new URLSearchParams();
  for (const { name, value, type } of form.inputs) {
    if (name !== '') fields.append(name, type === 'hidden' ? value : (typed[name] ?? value));
  }
  if (pressed !== undefined && pressed.name !== '') fields.append(pressed.name, pressed.value);
  if (form.method === 'POST') return { method: 'POST', url: form.action, form: fields };
  const url = new URL(form.action);
  url.search = fields.toString();
  return { method: 'GET', url: url.href };
}

async function visit({ method, url: href, form }: Visit, cookies: CookieJar, ca: string): Promise<Page> {
  const url = new URL(href);
  const cookie = cookies.header(url);
  const headers = {
    Accept: 'text/html',
    ...(cookie !== undefined && { Cookie: cookie }),
    ...(form !== undefined && { 'Content-Type': 'application/x-www-form-urlencoded' }),
  };
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = open(url, { method, ca, agent: false, timeout: TIMEOUT_MS, headers });
  request.on('timeout', () => request.destroy(new Error(`No answer from ${url.origin}${url.pathname}`)));
  request.end(form?.toString());
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  cookies.store(url, response.headers['set-cookie'] ?? []);
  let body = '';
  for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) {
    body += chunk;
    if (body.length > PAGE_LIMIT_CHARACTERS) throw new Error(`${url.origin}${url.pathname} is too long`);
  }
  return { url: href, status: response.statusCode ?? 0, headers: response.headers, body };
}

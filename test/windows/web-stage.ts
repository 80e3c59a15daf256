// `/` of `tokentray serve` in a browser: the real pages and routes over fake sessions in a state of the Status page.
import { request } from 'node:http';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { problem } from '../../src/agent/problem.ts';
import { initialStatus, type Session } from '../../src/agent/status.ts';
import { ok } from '../../src/outlets/limited-server.ts';
import { listenOnLoopback, type LoopbackServer } from '../../src/outlets/loopback.ts';
import type { StatusBody } from '../../src/outlets/status-body.ts';
import type { StatusSources } from '../../src/terminal/web-status.ts';
import { openWeb, type Web } from '../../src/terminal/web.ts';
import { Secret } from '../../src/vault/secret.ts';
import { ada, fakeAgent, fakeProfiles, signedIn, type FakeProfiles } from '../outlets/fake-agent.ts';
import type { PageState, Silence } from './fake-api.ts';
import { NOW } from './states.ts';

/** A page, and what it complained about. */
export interface WebPage {
  readonly page: Page;
  readonly complaints: string[];
  /** The paths that it asked for. */
  readonly asked: string[];
  /** Every answer that it got, as text. */
  readonly answers: string[];
}

/** A server on a free port; the states are given to it one after the other. */
export class WebStage {
  readonly #browser: Browser;
  readonly #profiles: FakeProfiles = fakeProfiles();
  #server: LoopbackServer | undefined;
  #web: Web | undefined;
  #state: PageState;
  /** In place of what the state would show of the token. */
  token: StatusSources['token'] | undefined;
  /** Whether the server answers, or is gone. */
  connection: 'there' | 'gone' = 'there';

  private constructor(browser: Browser, state: PageState) {
    this.#browser = browser;
    this.#state = state;
  }

  /** `directory`: `dist/windows`, absolute. */
  static async open(browser: Browser, directory: string, state: PageState): Promise<WebStage> {
    const stage = new WebStage(browser, state);
    const server = await listenOnLoopback({
      port: 0,
      handler: async (incoming, response) => {
        if (stage.connection === 'gone') response.destroy();
        else await stage.#web?.handler(incoming, response);
      },
      onError: () => undefined,
    });
    stage.#server = server;
    stage.set(state);
    stage.#web = openWeb({
      profiles: stage.#profiles,
      port: server.port,
      accessKey: new Secret('k'.repeat(43)),
      answerToken: () => Promise.resolve(ok({})),
      sources: stage.#sources(),
      directory,
      now: () => NOW,
    });
    return stage;
  }

  get origin(): string {
    return `http://localhost:${this.#server?.port ?? 0}`;
  }

  /** The next answers. */
  set(state: PageState): void {
    this.#state = state;
    const known = new Map(this.#profiles.agents.map((agent) => [agent.profile.id, agent]));
    this.#profiles.agents = this.#bodies().map((body) => {
      const { id, name } = body.profile;
      const agent = known.get(id) ?? fakeAgent({ id, name, redirectUri: `${this.origin}/getAToken` });
      agent.status = { ...initialStatus, session: sessionOf(body) };
      return Object.assign(agent, failingSignIn);
    });
  }

  /** Somebody has signed out: what the host's own watching leads to. */
  signOut(): void {
    for (const agent of this.#profiles.agents) {
      agent.status = signedIn;
      this.#profiles.announce(agent);
      agent.status = initialStatus;
      this.#profiles.announce(agent);
    }
  }

  /** A page for {@link visit}. `clock`: whether the time stands still at {@link NOW}, or goes on from there. */
  async newPage(clock: 'standing' | 'going', options: BrowserContextOptions = {}): Promise<WebPage> {
    const context = await this.#browser.newContext({
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
      viewport: { width: 1100, height: 800 },
      reducedMotion: 'reduce',
      ...options,
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    const asked: string[] = [];
    const answers: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (sent) => asked.push(new URL(sent.url()).pathname));
    page.on('response', (response) => void response.text().then((text) => answers.push(text), ignored));
    if (clock === 'standing') await page.clock.setFixedTime(NOW);
    else await page.clock.install({ time: NOW });
    return { page, complaints, asked, answers };
  }

  /** Invites the page's browser to each profile, the default one last, and brings it to `/`. */
  async visit({ page, complaints, asked, answers }: WebPage): Promise<void> {
    await this.#admit(page.context(), this.#profiles.agents.map(({ profile }) => profile.id).toReversed());
    for (const each of [complaints, asked, answers]) each.length = 0;
    await page.goto(this.origin);
  }

  async close(): Promise<void> {
    this.#web?.close();
    await this.#server?.close();
  }

  #bodies(): readonly StatusBody[] {
    return orThrow(this.#state.profiles);
  }

  #sources(): StatusSources {
    return {
      status: ({ profile }) => this.#bodies().find((body) => body.profile.id === profile.id)!,
      token: async (agent) => this.token?.(agent) ?? orThrow(this.#state.token),
      history: () => orThrow(this.#state.history),
    };
  }

  /** The browser is invited to one more profile: what the printed address does, opened in another tab. */
  async invite(context: BrowserContext, profile: string): Promise<void> {
    const cookies = await context.cookies(this.origin);
    const known = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    await this.#admit(context, [profile], known);
  }

  async #admit(context: BrowserContext, profiles: readonly string[], known = ''): Promise<void> {
    let cookie = known;
    for (const id of profiles) {
      const agent = this.#profiles.agents.find(({ profile }) => profile.id === id);
      if (agent === undefined) throw new Error(`no profile ${id}`);
      const { status } = agent;
      // Who is signed in needs no sign-in begun.
      agent.status = signedIn;
      cookie = await cookieOf(this.#web?.invite(agent) ?? '', cookie);
      agent.status = status;
    }
    const [name = '', value = ''] = cookie.split('=');
    await context.addCookies([{ name, value, url: this.origin, httpOnly: true, sameSite: 'Lax' }]);
  }
}

const ignored = (): undefined => undefined;

/** A sign-in that cannot begin, for the link on the page. */
const failingSignIn = {
  beginSignIn: () =>
    Promise.resolve({
      kind: 'failed' as const,
      problem: problem('transient', 'offline', { host: 'login.example.org', detail: 'ENOTFOUND' }),
    }),
};

function orThrow<Value>(value: Value | Silence): Value {
  const { kind, message } = value as { readonly kind?: string; readonly message?: string };
  if (kind === 'fails' || kind === 'never') throw new Error(message);
  return value as Value;
}

/** The session that a body tells of, as an agent has it. */
function sessionOf({ session }: StatusBody): Session {
  const account = session.account ?? ada;
  const expiresOn = Date.parse(session.expiresOn ?? '');
  const at = Number.isNaN(expiresOn) ? NOW : expiresOn;
  switch (session.kind) {
    case 'signed-out':
      return { kind: 'signed-out' };
    case 'signed-in':
      return { kind: 'signed-in', account, expiresOn: at };
    case 'sign-in-needed':
      return {
        kind: 'sign-in-needed',
        account,
        expiresOn: at,
        reason: problem('interaction', 'interaction', { detail: 'AADSTS50173' }),
      };
  }
}

/** The cookie that a ticket brings. */
function cookieOf(url: string, cookie: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port, pathname, search, host } = new URL(url);
    const headers = { Host: host, ...(cookie === '' ? {} : { Cookie: cookie }) };
    const sent = request({ host: '127.0.0.1', port, path: pathname + search, headers }, (response) => {
      response.resume();
      resolve(response.headers['set-cookie']?.[0]?.split(';')[0] ?? '');
    });
    sent.on('error', reject);
    sent.end();
  });
}

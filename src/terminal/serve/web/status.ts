import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { problem } from '../../../words/problem.ts';
import type { HistoryView } from '../../../outlets/answer/history-body.ts';
import { ok, refuse } from '../../../outlets/http/limited-server.ts';
import { nothingAt } from '../../../outlets/http/request-guard.ts';
import type { StatusBody } from '../../../outlets/answer/status-body.ts';
import type { TokenView } from '../../../outlets/answer/token-view-body.ts';
import type { Browser, Browsers } from './browsers.ts';
import type { Agent } from '../../../agent/agent.ts';
import { jsonAnswer, type Route, type Visit, type WebAnswer } from './answer.ts';
import { isAskedByOwnPage } from './guard.ts';

/** The sources of the status on `/`. They are read-only and contain no token. */
export interface StatusSources {
  status(agent: Agent): StatusBody;
  /** Never rejects, and does not renew the token. */
  token(agent: Agent): Promise<TokenView>;
  history(profileId: string): HistoryView;
}

/** The files of `/` in the folder of our own pages, as the browser requests them. */
const FILES = {
  'status-web.css': { dest: 'style', contentType: 'text/css; charset=utf-8' },
  'status-web.js': { dest: 'script', contentType: 'text/javascript; charset=utf-8' },
} as const;

const names = Object.keys(FILES) as readonly (keyof typeof FILES)[];

/** The path of one of the page's files. */
export function fileAddress(file: keyof typeof FILES): string {
  return `/status/${file}`;
}

/**
 * What the page at `/` reads (src/pages/status/web): its files, and the status, the history and the decoded token of
 * the profiles that its browser was invited to. Only for pages of this address in a browser with the cookie.
 */
export function statusRoutes(parts: {
  readonly browsers: Browsers;
  readonly agentOf: (profile: string) => Agent | undefined;
  readonly sources: StatusSources;
  /** The absolute path of the built pages. */
  readonly directory: string;
}): Readonly<Record<string, Route>> {
  const { browsers, agentOf, sources, directory } = parts;

  function ofBrowser(
    dest: 'empty' | 'script' | 'style',
    make: (browser: Browser, visit: Visit) => Promise<WebAnswer> | WebAnswer,
  ): Route {
    return (visit) => {
      if (!isAskedByOwnPage(visit.headers, dest))
        return jsonAnswer(refuse(403, problem('usage', 'request.origin')));
      const browser = browsers.find(visit.headers.cookie);
      if (browser === undefined) return jsonAnswer(refuse(401, problem('usage', 'web.no-cookie')));
      return make(browser, visit);
    };
  }

  function ofProfile(make: (agent: Agent) => Promise<object> | object): Route {
    return ofBrowser('empty', async (browser, { path: asked, query }) => {
      const id = query.get('profile') ?? '';
      const agent = browser.invited.has(id) ? agentOf(id) : undefined;
      return agent === undefined
        ? jsonAnswer(refuse(404, nothingAt(asked)))
        : jsonAnswer(ok({ answer: await make(agent) }));
    });
  }

  const files = names.map((name): [string, Route] => {
    const { dest, contentType } = FILES[name];
    const send = async (): Promise<WebAnswer> => ({
      status: 200,
      headers: { 'Content-Type': contentType },
      body: await readFile(path.join(directory, name), 'utf8'),
    });
    return [fileAddress(name), ofBrowser(dest, send)];
  });
  return {
    ...Object.fromEntries(files),
    '/status/profiles': ofBrowser('empty', ({ invited }) => {
      const agents = [...invited].flatMap((id) => agentOf(id) ?? []);
      return jsonAnswer(ok({ answer: agents.map((agent) => sources.status(agent)) }));
    }),
    '/status/token': ofProfile((agent) => sources.token(agent)),
    '/status/history': ofProfile((agent) => sources.history(agent.profile.id)),
  };
}

import type { StatusBody } from '../../outlets/answer/status-body.ts';
import { say } from '../../words/say.ts';
import { sayTime } from '../../words/time.ts';
import { element, type Part } from '../elements/element.ts';
import { factList } from '../elements/facts.ts';
import { foreign, isolated } from '../elements/foreign-text.ts';
import { problemElement, problemsOf } from '../elements/problems.ts';
import { Ring } from './ring.ts';
import { timeOf, tokenLife } from './token-life.ts';

/** Who is signed in to a profile, and the state of its token. */
export class ProfileCard {
  readonly #ring = new Ring();
  readonly #name = element('h1');
  readonly #session = element('p', { class: 'session' });
  readonly #lines = element('div', { class: 'soft' });
  readonly #problems = element('div', { class: 'problems' });
  readonly #facts = element('div');
  readonly node: HTMLElement;
  /** What the parts show; they are drawn again only when it changes. */
  #shown = '';

  /** `actions`: placed below the words. */
  constructor(...actions: readonly HTMLElement[]) {
    const words = element('div', { class: 'profile-words' }, this.#name, this.#session, this.#lines);
    this.node = element(
      'section',
      { class: 'card profile' },
      element('div', { class: 'profile-head' }, this.#ring.node, words),
      this.#problems,
      ...actions,
      this.#facts,
    );
  }

  /** @param now milliseconds since the epoch */
  show(status: StatusBody, now: number): void {
    this.#ring.show(tokenLife(status, now), now);
    const lines = linesOf(status, now);
    const shown = JSON.stringify([status, lines]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#name.replaceChildren(foreign(status.profile.name));
    this.#session.textContent = sessionLine(status.session);
    this.#session.dataset['session'] = status.session.kind;
    this.#lines.replaceChildren(...lines.map((line) => element('p', {}, line)));
    this.#problems.replaceChildren(...problemsOf(status).map(problemElement));
    this.#facts.replaceChildren(factsOf(status));
  }
}

function sessionLine({ kind, account }: StatusBody['session']): string {
  const name = isolated(account?.username ?? '');
  switch (kind) {
    case 'signed-out':
      return say('session.signed-out');
    case 'signed-in':
      return say('session.signed-in', { name });
    case 'sign-in-needed':
      return say('session.sign-in-needed', { name });
  }
}

function linesOf(status: StatusBody, now: number): readonly string[] {
  const { session, activity } = status;
  const life = tokenLife(status, now);
  const isOut = session.kind === 'signed-out';
  const renewal = isOut ? undefined : timeOf(status.nextRefreshAt);
  const schedule = isOut ? undefined : timeOf(status.nextScheduledAt);
  const lines = [
    life.kind === 'good' && say('token.good-until', { time: sayTime(life.expiresOn, now) }),
    life.kind === 'expired' && say('token.expired', { time: sayTime(life.expiresOn, now) }),
    activityLine(activity, now),
    renewal !== undefined && say('page.renewal', { time: sayTime(renewal, now) }),
    schedule !== undefined && say('schedule.next', { time: sayTime(schedule, now) }),
    lastRefreshLine(status.lastRefresh, now),
  ];
  return lines.filter((line) => typeof line === 'string');
}

function activityLine({ kind, nextTryAt }: StatusBody['activity'], now: number): string | undefined {
  switch (kind) {
    case 'idle':
      return undefined;
    case 'signing-in':
      return say('activity.signing-in');
    case 'refreshing':
      return say('activity.refreshing');
    case 'waiting': {
      const at = timeOf(nextTryAt);
      return at === undefined ? undefined : say('activity.waiting', { time: sayTime(at, now) });
    }
  }
}

function lastRefreshLine(last: StatusBody['lastRefresh'], now: number): string | undefined {
  const at = timeOf(last?.at);
  if (last === undefined || at === undefined) return undefined;
  const time = sayTime(at, now);
  return last.kind === 'refreshed'
    ? say('page.last-refresh.refreshed', { time })
    : say('page.last-refresh.failed', { time });
}

function factsOf({ profile, session }: StatusBody): HTMLElement {
  const { account } = session;
  const known = (text: string | undefined): Part | undefined =>
    text === undefined ? undefined : foreign(text);
  const scopes = profile.scopes.map((scope) => element('li', {}, foreign(scope)));
  return factList([
    [say('page.fact.name'), known(account?.name)],
    [say('page.fact.account'), known(account?.username)],
    [say('page.fact.tenant'), known(account?.tenantId)],
    [
      say('page.fact.scopes'),
      scopes.length === 0 ? undefined : element('ul', { class: 'scopes' }, ...scopes),
    ],
    [say('page.fact.authority'), foreign(profile.authority)],
    [say('page.fact.client'), foreign(profile.clientId)],
    [say('page.fact.redirect'), foreign(profile.redirectUri)],
    [say('page.fact.settings'), profile.source === 'passing' ? say('page.fact.settings.passing') : undefined],
  ]);
}

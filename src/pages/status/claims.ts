import { say } from '../../words/say.ts';
import type { ClaimView, SignatureVerdict, TokenView } from '../bridge/contract.ts';
import { element, type Part } from '../elements/element.ts';
import { factList } from '../elements/facts.ts';
import { foreign } from '../elements/foreign-text.ts';
import { momentElement, sayMoment, sayMomentUtc } from '../elements/moment.ts';

/** A token taken apart: what its signature is worth, and each claim with its meaning. */
export function tokenParts(view: TokenView): readonly HTMLElement[] {
  switch (view.kind) {
    case 'none':
      return [element('p', { class: 'soft' }, say('token.none'))];
    case 'opaque':
      return [
        element('p', {}, say('page.token.opaque')),
        factList([[say('page.token.end'), times(view.expiresOn)]]),
      ];
    case 'jwt':
      return [
        verdict(view.signature),
        claimTable(say('page.token.header'), view.header),
        claimTable(say('page.token.claims'), view.claims),
      ];
  }
}

function verdict(signature: SignatureVerdict): HTMLElement {
  return element(
    'p',
    { class: 'verdict', 'data-verdict': signature },
    element('span', { class: 'strong' }, say('page.signature')),
    ' ',
    say(VERDICTS[signature]),
  );
}

const VERDICTS = {
  verified: 'page.signature.verified',
  'not-verifiable': 'page.signature.not-verifiable',
  wrong: 'page.signature.wrong',
  unknown: 'page.signature.unknown',
} as const satisfies Record<SignatureVerdict, string>;

function claimTable(title: string, claims: readonly ClaimView[]): HTMLElement {
  const heads = [say('page.claim.name'), say('page.claim.value')];
  return element(
    'table',
    { class: 'claims' },
    element('caption', {}, title),
    element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
    element('tbody', {}, ...claims.map(claimRow)),
  );
}

function claimRow({ name, value, meaning, at }: ClaimView): HTMLElement {
  const parts: Part[] = [element('code', {}, foreign(value))];
  if (at !== undefined) parts.push(times(at));
  if (meaning !== undefined) parts.push(element('p', { class: 'soft' }, meaning));
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, element('code', {}, foreign(name))),
    element('td', {}, ...parts),
  );
}

/** Local, and in UTC for whoever compares it with a server’s log. A time that no calendar has is left as it is. */
function times(at: number): HTMLElement {
  const isTime = !Number.isNaN(new Date(at).getTime());
  const said = isTime ? [sayMoment(at), sayMomentUtc(at)] : [];
  return element('div', { class: 'times' }, ...said.map((each) => momentElement(at, each)));
}

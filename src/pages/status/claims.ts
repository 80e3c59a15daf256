import { say } from '../../words/say.ts';
import type { ClaimView, SignatureVerdict, TokenView } from '../bridge/contract.ts';
import { element, tableHead } from '../elements/element.ts';
import { factList } from '../elements/facts.ts';
import { foreign } from '../elements/foreign-text.ts';
import { momentElement, sayMoment, sayMomentUtc } from '../elements/moment.ts';

/** A decoded token: whether its signature is valid, and each claim with its meaning. */
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
  return element(
    'table',
    { class: 'claims' },
    element('caption', {}, title),
    tableHead([say('page.claim.name'), say('page.claim.value')]),
    element('tbody', {}, ...claims.map(claimRow)),
  );
}

function claimRow({ name, value, meaning, at }: ClaimView): HTMLElement {
  const heading = element('th', { scope: 'row' }, element('code', {}, foreign(name)));
  const cell = element(
    'td',
    {},
    element('code', {}, foreign(value)),
    at !== undefined && times(at),
    meaning !== undefined && element('p', { class: 'soft' }, meaning),
  );
  return element('tr', {}, heading, cell);
}

/** A time in the local zone, and in UTC for comparison with server logs; empty if it is out of range for a date. */
function times(at: number): HTMLElement {
  const isTime = !Number.isNaN(new Date(at).getTime());
  const said = isTime ? [sayMoment(at), sayMomentUtc(at)] : [];
  return element('div', { class: 'times' }, ...said.map((each) => momentElement(at, each)));
}

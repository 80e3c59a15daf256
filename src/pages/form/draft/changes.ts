import { sayFieldName } from '../../../words/field-names.ts';
import { say } from '../../../words/say.ts';
import type { ProfileDraft, ScheduleDraft } from '../../bridge/contract.ts';

/** A part of a form that is compared, merged and named on its own. */
export type DraftPart = keyof ProfileDraft;

const PARTS = [
  'name',
  'protocol',
  'authority',
  'clientId',
  'redirectUri',
  'scopes',
  'extraScopes',
  'schedule',
  'signIn',
] as const satisfies readonly DraftPart[];

/** The parts that differ, in the order of the form. Pure. */
export function changedParts(before: ProfileDraft, now: ProfileDraft): readonly DraftPart[] {
  return PARTS.filter((part) => !isSame(before[part], now[part]));
}

/** The name of a part on the form. */
export function sayPart(part: DraftPart, { protocol }: Pick<ProfileDraft, 'protocol'>): string {
  if (part === 'protocol') return say('settings-page.field.protocol');
  if (part === 'schedule') return say('settings-page.schedule');
  if (part === 'signIn') return say('settings-page.sign-in');
  return sayFieldName(part, protocol);
}

/**
 * What a form shows when its stored draft changes: `mine` in the parts that the user has edited, `theirs` in the
 * others. `contested` are the parts that both have changed, to different values. Pure.
 */
export function mergeDraft(
  before: ProfileDraft,
  mine: ProfileDraft,
  theirs: ProfileDraft,
): { readonly draft: ProfileDraft; readonly contested: readonly DraftPart[] } {
  const typed = changedParts(before, mine);
  const kept = Object.fromEntries(typed.map((part) => [part, mine[part]]));
  const elsewhere = changedParts(before, theirs);
  return {
    draft: { ...theirs, ...kept },
    contested: changedParts(mine, theirs).filter((part) => typed.includes(part) && elsewhere.includes(part)),
  };
}

function isSame(one: string | ScheduleDraft, other: string | ScheduleDraft): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  return entriesOf(one) === entriesOf(other);
}

function entriesOf(schedule: ScheduleDraft): string {
  return JSON.stringify(Object.entries(schedule).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

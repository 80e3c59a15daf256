import { sayFieldName } from '../../words/field-names.ts';
import { say } from '../../words/say.ts';
import type { DraftField, DraftIssue } from './draft.ts';
import { sayIssue, type SettingsIssue } from '../rules/issue.ts';
import type { Protocol } from '../profile/profile.ts';

const FIELDS: Readonly<Record<string, DraftField>> = {
  name: 'name',
  authority: 'authority',
  clientId: 'clientId',
  credential: 'credential',
  redirectUri: 'redirectUri',
  scopes: 'scopes',
  extraScopes: 'extraScopes',
};

/** The schedule's own parts are fields; of all others a part belongs to the whole. */
const SCHEDULE_FIELDS: readonly DraftField[] = [
  'schedule.at',
  'schedule.everyHours',
  'schedule.cron',
  'schedule.timeZone',
];

function draftFieldOf(field: string): DraftField {
  const [first = ''] = field.split('.');
  return SCHEDULE_FIELDS.find((one) => one === field) ?? FIELDS[first] ?? 'form';
}

/** What a field of the form is called, as people read it beside the field. */
export function draftFieldLabel(field: DraftField, protocol: Protocol): string {
  switch (field) {
    case 'form':
      return say('settings.form.form');
    case 'name':
    case 'authority':
    case 'clientId':
    case 'credential':
    case 'redirectUri':
    case 'scopes':
    case 'extraScopes':
      return sayFieldName(field, protocol);
    case 'schedule.at':
      return say('settings-page.schedule.at');
    case 'schedule.everyHours':
      return say('settings-page.schedule.every');
    case 'schedule.cron':
      return say('settings-page.schedule.line');
    case 'schedule.timeZone':
      return say('settings-page.schedule.zone');
  }
}

/** An issue of a profile at the field of the form where it is mended, with the name that the form has for it. */
export function sayDraftIssue(issue: SettingsIssue, protocol: Protocol): DraftIssue {
  const field = draftFieldOf(issue.field);
  return { field, sentence: sayIssue({ ...issue, field: draftFieldLabel(field, protocol) }) };
}

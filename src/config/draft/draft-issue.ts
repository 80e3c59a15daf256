import { sayFieldName, type NamedField } from '../../words/field-names.ts';
import { say } from '../../words/say.ts';
import type { DraftField, DraftIssue } from './draft.ts';
import { sayIssue, type SettingsIssue } from '../rules/issue.ts';
import type { Protocol } from '../profile/profile.ts';

/** The form fields whose names do not depend on the provider. */
const LABELS = {
  form: 'settings.form.form',
  'schedule.at': 'settings-page.schedule.at',
  'schedule.everyHours': 'settings-page.schedule.every',
  'schedule.cron': 'settings-page.schedule.line',
  'schedule.timeZone': 'settings-page.schedule.zone',
} as const;

const NAMED: readonly NamedField[] = [
  'name',
  'authority',
  'clientId',
  'credential',
  'redirectUri',
  'scopes',
  'extraScopes',
];

/** The parts of a schedule are fields of the form; a part of anything else belongs to the whole field. */
function draftFieldOf(field: string): DraftField {
  const [first] = field.split('.');
  return isLabeled(field) ? field : (NAMED.find((one) => one === first) ?? 'form');
}

function isLabeled(field: string): field is keyof typeof LABELS {
  return Object.hasOwn(LABELS, field);
}

/** The field's name, as shown beside it on the form. */
export function draftFieldLabel(field: DraftField, protocol: Protocol): string {
  return isLabeled(field) ? say(LABELS[field]) : sayFieldName(field, protocol);
}

/** An issue of a profile at the form field where it can be fixed, with the field's name on the form. */
export function sayDraftIssue(issue: SettingsIssue, protocol: Protocol): DraftIssue {
  const field = draftFieldOf(issue.field);
  return { field, sentence: sayIssue({ ...issue, field: draftFieldLabel(field, protocol) }) };
}

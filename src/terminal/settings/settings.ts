import { checkSettingsChange, type SettingsChange } from '../../config/settings/settings-change.ts';
import { sayIssue } from '../../config/rules/issue.ts';
import { problem, ProblemError } from '../../words/problem.ts';
import { say } from '../../words/say.ts';
import type { Run } from '../command-line/table.ts';
import { changeSettings } from '../configuration/change.ts';
import { usableSettings } from '../configuration/settings.ts';
import { printJson, reportDone } from '../output/report.ts';
import { SETTINGS_NAMES, type table } from './command.ts';

/** A running host applies these at its next start. */
const READ_AT_START: readonly string[] = ['network', 'logLevel'];

/** Shows the settings that apply to all profiles, or changes one. */
export const run: Run<typeof table> = async ({ name, value }, places, terminal) => {
  if (name === undefined || value === undefined) {
    const settings = usableSettings(places);
    const shown = Object.fromEntries(SETTINGS_NAMES.map((known) => [known, settings[known]]));
    if (terminal.format === 'json') printJson(terminal, { file: places.settingsFile, settings: shown });
    else for (const [known, set] of Object.entries(shown)) terminal.out(`${known} ${sayValue(set)}`);
    return 0;
  }
  const change = checkedChange({ [name]: valueOf(value) });
  const by = await changeSettings(
    {
      method: 'PATCH',
      path: '/v1/settings',
      json: change,
      make: (registrations) => registrations.change(change),
    },
    places,
  );
  return reportDone(
    terminal,
    { settings: change, by },
    say('cli.settings.changed', { name, value: sayValue(change[name]) }),
    ...(by === 'owner' && READ_AT_START.includes(name) ? [say('cli.settings.restart')] : []),
  );
};

/** The value as JSON would have it. */
function valueOf(text: string): boolean | number | string {
  if (['on', 'true'].includes(text)) return true;
  if (['off', 'false'].includes(text)) return false;
  return /^\d+$/u.test(text) ? Number(text) : text;
}

/** Checked before the settings file is opened. */
function checkedChange(value: unknown): SettingsChange {
  const checked = checkSettingsChange(value);
  if (checked.kind === 'ok') return checked.value;
  const issues = checked.issues.map(sayIssue).join(' ');
  throw new ProblemError(problem('usage', 'profile.unchanged', { issues }));
}

function sayValue(value: boolean | number | string | undefined): string {
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);
}

import type { Places } from '../../system/places.ts';
import type { Settings } from '../../config/profile/profile.ts';
import { firstSettings } from '../../config/settings/registrations.ts';
import { checkSettingsChange, type SettingsChange } from '../../config/settings/settings-change.ts';
import { sayIssue } from '../../config/rules/issue.ts';
import { problem, ProblemError } from '../../words/problem.ts';
import type { ExitCode } from '../../outlets/answer/answer.ts';
import { askOwner } from '../../outlets/socket/client.ts';
import { say } from '../../words/say.ts';
import { changeSettings } from './change-settings.ts';
import type { ReloadCommand, SettingsCommand, SettingsName } from '../command-line/command.ts';
import { whileWaiting } from '../output/progress.ts';
import { SETTINGS_NAMES } from '../command-line/read-settings.ts';
import { printJson, reportRefusal } from '../output/report.ts';
import { usableSettings } from './settings-look.ts';
import type { Terminal } from '../output/terminal.ts';

/** What a running host has taken its answer from already. */
const READ_AT_START: readonly SettingsName[] = ['network', 'logLevel'];

/**
 * `tokentray settings`: shows the settings that are not a profile's, or changes one; a running host follows.
 * @throws ProblemError `settings.unusable`, `profile.unchanged`, `already-running`
 */
export async function runSettings(
  { action, format }: SettingsCommand,
  places: Places,
  terminal: Terminal,
): Promise<ExitCode> {
  if (action.kind === 'show') {
    const settings = usableSettings(places.settingsFile) ?? firstSettings;
    const told = Object.fromEntries(SETTINGS_NAMES.map((name) => [name, settings[name]]));
    if (format === 'json') printJson(terminal, { file: places.settingsFile, settings: told });
    else for (const name of SETTINGS_NAMES) terminal.out(`${name} ${shownValue(settings[name])}`);
    return 0;
  }
  const change = checkedChange({ [action.setting]: action.value });
  const outcome = await changeSettings(change, places);
  if (outcome.kind === 'refused') return reportRefusal(terminal, outcome.answer, format);
  if (format === 'json') printJson(terminal, { settings: change, by: outcome.by });
  else {
    const params = { name: action.setting, value: shownValue(change[action.setting]) };
    terminal.err(say('cli.settings.changed', params));
    if (outcome.by === 'owner' && READ_AT_START.includes(action.setting))
      terminal.err(say('cli.settings.restart'));
  }
  return 0;
}

/**
 * `tokentray reload`: the running host reads the settings file again.
 * @throws ProblemError when the owner cannot be asked
 */
export async function runReload(
  { format }: ReloadCommand,
  places: Places,
  terminal: Terminal,
): Promise<ExitCode> {
  const answer = await whileWaiting('cli.waiting.owner', askOwner(places, 'POST', '/v1/reload'));
  if (answer.status !== 200) return reportRefusal(terminal, answer, format);
  if (format === 'json') terminal.out(JSON.stringify(answer.body));
  else terminal.err(say('cli.reloaded', { file: places.settingsFile }));
  return 0;
}

/** Checked here too: where nothing runs nobody else would before the file is opened. */
function checkedChange(value: unknown): SettingsChange {
  const checked = checkSettingsChange(value);
  if (checked.kind === 'ok') return checked.value;
  const issues = checked.issues.map(sayIssue).join(' ');
  throw new ProblemError(problem('usage', 'profile.unchanged', { issues }));
}

function shownValue(value: Settings[SettingsName] | undefined): string {
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);
}

import { problem, ProblemError } from '../../words/problem.ts';
import type { Places } from '../../system/places.ts';
import { defaultProfileOf, type TokenFile } from '../../config/profile/profile.ts';
import { firstSettings, type Registrations } from '../../config/settings/registrations.ts';
import type { ExitCode } from '../../outlets/answer/answer.ts';
import { unknownTokenFile } from '../../outlets/token-files/rules.ts';
import { removeTokenFiles } from '../../outlets/token-files/token-files.ts';
import { createLog } from '../../system/log/log.ts';
import { say } from '../../words/say.ts';
import { changeOwned } from './change-settings.ts';
import type { TokenFilesCommand } from '../command-line/command.ts';
import { printJson, reportProblem, reportRefusal } from '../output/report.ts';
import { usableSettings } from './settings-look.ts';
import type { Terminal } from '../output/terminal.ts';

const ROUTE = '/v1/token-files';

/**
 * `tokentray token-files`: lists the files that always hold a fresh token, adds or removes one.
 * @throws ProblemError `not-configured`, `profile.unchanged`, `token-file.unknown`, `settings.unusable`
 */
export async function runTokenFiles(
  { action, format }: TokenFilesCommand,
  places: Places,
  terminal: Terminal,
): Promise<ExitCode> {
  const settings = usableSettings(places.settingsFile) ?? firstSettings;
  switch (action.kind) {
    case 'list': {
      const { tokenFiles } = settings;
      if (format === 'json') printJson(terminal, { tokenFiles });
      else if (tokenFiles.length === 0) terminal.err(say('cli.token-files.none'));
      else for (const file of tokenFiles) terminal.out(sayFile(file));
      return 0;
    }
    case 'add': {
      const profile = action.profile ?? defaultProfileOf(settings)?.id;
      if (profile === undefined) throw new ProblemError(problem('admin', 'not-configured'));
      const file: TokenFile = { path: action.path, profile, scopes: action.scopes, format: action.format };
      const outcome = await changeOwned(
        {
          method: 'POST',
          path: ROUTE,
          json: file,
          make: (registrations) => registrations.addTokenFile(file),
        },
        places,
      );
      if (outcome.kind === 'refused') return reportRefusal(terminal, outcome.answer, format);
      if (format === 'json') printJson(terminal, { added: file });
      else terminal.err(say(`cli.token-files.added.${outcome.by}`, { path: file.path }));
      return 0;
    }
    case 'remove': {
      const { path } = action;
      const make = (registrations: Registrations): void => {
        if (registrations.removeTokenFile(path) === undefined) throw new ProblemError(unknownTokenFile(path));
      };
      const query = new URLSearchParams({ path }).toString();
      const outcome = await changeOwned({ method: 'DELETE', path: `${ROUTE}?${query}`, make }, places);
      if (outcome.kind === 'refused') return reportRefusal(terminal, outcome.answer, format);
      // A host that runs has removed what it wrote; without one this process does.
      const log = createLog({ now: Date.now, sinks: [] });
      const troubles =
        outcome.by === 'owner' ? [] : await removeTokenFiles([path], { places, now: Date.now, log });
      if (format === 'json') printJson(terminal, { removed: path });
      else terminal.err(say('cli.token-files.removed', { path }));
      const [trouble] = troubles;
      return trouble === undefined ? 0 : reportProblem(terminal, trouble);
    }
  }
}

function sayFile({ path, profile, scopes, format }: TokenFile): string {
  const wanted = scopes === undefined ? '' : `: ${scopes.join(' ')}`;
  return `${path}  (${profile}${wanted}, ${format})`;
}

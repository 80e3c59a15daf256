import path from 'node:path';
import { defaultProfileOf, type TokenFile } from '../../config/profile/profile.ts';
import { unknownTokenFile } from '../../outlets/token-files/rules.ts';
import { removeTokenFiles } from '../../outlets/token-files/token-files.ts';
import { createLog } from '../../system/log/log.ts';
import type { Places } from '../../system/places.ts';
import { problem, ProblemError } from '../../words/problem.ts';
import { say } from '../../words/say.ts';
import type { Parsed, Run } from '../command-line/table.ts';
import { changeSettings } from '../configuration/change.ts';
import { usableSettings } from '../configuration/settings.ts';
import { printJson, reportDone, tellProblem } from '../output/report.ts';
import type { Terminal } from '../output/terminal.ts';
import type { table } from './command.ts';

const ROUTE = '/v1/token-files';

/** Lists the files that always contain a fresh token, adds or removes one. */
export const run: Run<typeof table> = async (options, places, terminal) => {
  const { action, path: file = '' } = options;
  if (action === undefined) return list(places, terminal);
  if (action === 'remove') return remove(path.resolve(file), places, terminal);
  return add(path.resolve(file), options, places, terminal);
};

function list(places: Places, terminal: Terminal): number {
  const { tokenFiles } = usableSettings(places);
  if (terminal.format === 'json') printJson(terminal, { tokenFiles });
  else if (tokenFiles.length === 0) terminal.err(say('cli.token-files.none'));
  else for (const file of tokenFiles) terminal.out(sayFile(file));
  return 0;
}

async function add(
  full: string,
  options: Parsed<typeof table>,
  places: Places,
  terminal: Terminal,
): Promise<number> {
  const profile = options.profile ?? defaultProfileOf(usableSettings(places))?.id;
  if (profile === undefined) throw new ProblemError(problem('admin', 'not-configured'));
  const { scope: scopes, format = 'bare' } = options;
  const file: TokenFile = { path: full, profile, scopes, format };
  const by = await changeSettings(
    { method: 'POST', path: ROUTE, json: file, make: (registrations) => registrations.addTokenFile(file) },
    places,
  );
  return reportDone(terminal, { added: file }, say(`cli.token-files.added.${by}`, { path: file.path }));
}

async function remove(file: string, places: Places, terminal: Terminal): Promise<number> {
  const query = new URLSearchParams({ path: file }).toString();
  const by = await changeSettings(
    {
      method: 'DELETE',
      path: `${ROUTE}?${query}`,
      make: (registrations) => {
        if (registrations.removeTokenFile(file) === undefined) throw new ProblemError(unknownTokenFile(file));
      },
    },
    places,
  );
  // A running host has removed what it wrote; without one, this process does.
  const log = createLog({ now: Date.now, sinks: [] });
  const [trouble] = by === 'owner' ? [] : await removeTokenFiles([file], { places, now: Date.now, log });
  reportDone(terminal, { removed: file }, say('cli.token-files.removed', { path: file }));
  return trouble === undefined ? 0 : tellProblem(terminal, trouble);
}

function sayFile({ path: file, profile, scopes, format }: TokenFile): string {
  const own = scopes === undefined ? '' : `: ${scopes.join(' ')}`;
  return `${file}  (${profile}${own}, ${format})`;
}

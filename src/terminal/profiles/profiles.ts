import { storageProblem } from '../../agent/failures/storage-problem.ts';
import { StoredSession } from '../../agent/session/stored-session.ts';
import { defaultProfileOf, type Profile, type Settings } from '../../config/profile/profile.ts';
import { firstSettings, Registrations } from '../../config/settings/registrations.ts';
import { openSettingsStore } from '../../config/settings/settings-file.ts';
import { ownerPath } from '../../outlets/socket/client.ts';
import { isThere } from '../../outlets/token-files/disk.ts';
import { removeTokenFiles } from '../../outlets/token-files/token-files.ts';
import { errorCode } from '../../system/files/error-code.ts';
import { createLog } from '../../system/log/log.ts';
import type { Places } from '../../system/places.ts';
import type { Vault } from '../../vault/store/vault.ts';
import { ProblemError, type Problem } from '../../words/problem.ts';
import { say } from '../../words/say.ts';
import type { Run } from '../command-line/table.ts';
import { changeSettings } from '../configuration/change.ts';
import { asOwnerOrAsk } from '../configuration/owned.ts';
import { orProblem, profileNamed, usableSettings } from '../configuration/settings.ts';
import { openStoredVault } from '../configuration/vault.ts';
import { ask } from '../output/ask.ts';
import { whileWaiting } from '../output/progress.ts';
import { printJson, reportDone, tellProblem } from '../output/report.ts';
import type { Terminal } from '../output/terminal.ts';
import type { table } from './command.ts';

/** Lists the profiles, chooses the default one, or removes one. */
export const run: Run<typeof table> = async ({ action, id }, places, terminal) => {
  const settings = usableSettings(places);
  if (action === undefined || id === undefined) return list(settings, terminal);
  const profile = profileNamed(settings, id);
  if (action === 'remove') return remove(profile, settings, places, terminal);
  const path = ownerPath('/v1/default', id);
  await changeSettings(
    { method: 'POST', path, make: (registrations) => registrations.setDefault(id) },
    places,
  );
  return reportDone(terminal, { default: id }, say('cli.profiles.default', { id }));
};

function list(settings: Settings, terminal: Terminal): 0 {
  const usual = defaultProfileOf(settings)?.id;
  if (terminal.format === 'json') {
    const profiles = settings.profiles.map(
      ({ id, name, protocol, authority, clientId, redirectUri, scopes }) => ({
        id,
        name,
        protocol,
        authority,
        clientId,
        redirectUri,
        scopes,
      }),
    );
    printJson(terminal, { default: usual ?? null, profiles });
    return 0;
  }
  if (settings.profiles.length === 0) terminal.err(say('cli.profiles.none'));
  for (const { id, name, clientId, authority } of settings.profiles) {
    const mark = id === usual ? '*' : ' ';
    terminal.out(say('cli.profiles.line', { mark, id, name, clientId, authority }));
  }
  return 0;
}

async function remove(
  profile: Profile,
  settings: Settings,
  places: Places,
  terminal: Terminal,
): Promise<number> {
  const { id } = profile;
  const paths = tokenFilesOf(settings, id);
  const before = await Promise.all(paths.map(mayBeThere));
  const removing = asOwnerOrAsk<readonly Problem[]>(
    places,
    () => removeHere(profile, places),
    async () => {
      await ask(places, 'DELETE', `/v1/profiles/${encodeURIComponent(id)}`);
      return [];
    },
  );
  const troubles = await whileWaiting('cli.waiting.storage', removing);
  // Whichever process removed the profile: a file that still exists contains what others wrote, and was left.
  const tokenFiles = await Promise.all(
    paths
      .filter((_, index) => before[index])
      .map(async (path) => ({
        path,
        kind: (await mayBeThere(path)) ? ('left' as const) : ('deleted' as const),
      })),
  );
  reportDone(terminal, { removed: id, tokenFiles }, say('cli.profiles.removed', { id }));
  for (const trouble of troubles) tellProblem(terminal, trouble);
  if (terminal.format === 'words')
    for (const { path, kind } of tokenFiles) terminal.err(say(`cli.profiles.token-file.${kind}`, { path }));
  return 0;
}

function tokenFilesOf({ tokenFiles }: Settings, id: string): readonly string[] {
  return tokenFiles.filter((file) => file.profile === id).map(({ path }) => path);
}

/** A path that cannot be checked counts as one that exists. */
async function mayBeThere(path: string): Promise<boolean> {
  try {
    return await isThere(path);
  } catch (error) {
    if (errorCode(error) === '') throw error;
    return true;
  }
}

/**
 * Removes session, token files, credential and settings, in this order, so that after a failure the rest can be
 * removed again. Resolves with the problems that do not prevent the removal.
 */
async function removeHere(profile: Profile, places: Places): Promise<readonly Problem[]> {
  const settings = await openSettingsStore(places.settingsFile);
  const read = settings.get();
  const { storage } = read.kind === 'ok' ? read.settings : firstSettings;
  const vault = await openStoredVault(storage, places);
  const registrations = new Registrations({ settings, vault, now: Date.now });
  await forgetSession(profile, vault);
  const troubles = await removeTokenFiles(tokenFilesOf(registrations.current, profile.id), {
    places,
    now: Date.now,
    log: createLog({ now: Date.now, sinks: [] }),
  });
  await orProblem('profile.unchanged', () => registrations.remove(profile.id));
  return troubles;
}

/** @throws ProblemError if the storage cannot be opened: what it contains would stay there unnoticed */
async function forgetSession(profile: Profile, vault: Vault): Promise<void> {
  const ignore = (): void => undefined;
  const session = new StoredSession({
    profile,
    vault,
    now: Date.now,
    onProblem: ignore,
    onRecovered: ignore,
  });
  const { unavailable } = vault;
  const trouble = unavailable === undefined ? await session.remove() : storageProblem(unavailable);
  if (trouble !== undefined) throw new ProblemError(trouble);
}

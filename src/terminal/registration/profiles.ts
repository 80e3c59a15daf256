import { problem, ProblemError, type Problem } from '../../words/problem.ts';
import { StoredSession } from '../../agent/session/stored-session.ts';
import { sayIssue, SettingsError, showFound } from '../../config/rules/issue.ts';
import type { Places } from '../../system/places.ts';
import { defaultProfileOf, type Profile, type Settings } from '../../config/profile/profile.ts';
import { firstSettings, Registrations } from '../../config/settings/registrations.ts';
import { openSettingsStore } from '../../config/settings/settings-file.ts';
import { problemBody, type ExitCode } from '../../outlets/answer/answer.ts';
import { errorCode } from '../../system/files/error-code.ts';
import { askOwner, ownerPath, type SocketAnswer } from '../../outlets/socket/client.ts';
import { isThere } from '../../outlets/token-files/disk.ts';
import { removeTokenFiles } from '../../outlets/token-files/token-files.ts';
import { createLog } from '../../system/log/log.ts';
import { memoryVault } from '../../vault/store/memory-vault.ts';
import type { Vault } from '../../vault/store/vault.ts';
import { say } from '../../words/say.ts';
import type { ProfilesCommand } from '../command-line/command.ts';
import { asOwnerOrAsk } from '../settings/owned.ts';

import { whileWaiting } from '../output/progress.ts';
import { printJson, reportProblem, reportRefusal, tellProblemBody } from '../output/report.ts';
import { usableSettings } from '../settings/settings-look.ts';
import { openStoredVault } from '../storage/stored-vault.ts';
import type { Terminal } from '../output/terminal.ts';

/**
 * `tokentray profiles`: lists the registered profiles, chooses the default one, removes one. Where an owner
 * runs it does so; otherwise this process owns the configuration for the moment.
 * @throws ProblemError `profile.unknown`, `settings.unusable`, `already-running`, `storage.*`
 */
export async function runProfiles(
  { action, format }: ProfilesCommand,
  places: Places,
  terminal: Terminal,
): Promise<ExitCode> {
  const settings = usableSettings(places.settingsFile) ?? firstSettings;
  if (action.kind === 'list') {
    if (format === 'json') printJson(terminal, listed(settings));
    else tellList(settings, terminal);
    return 0;
  }
  const profile = profileNamed(settings, action.id);
  const files = action.kind === 'remove' ? await presentFiles(settings, action.id) : [];
  const change = action.kind === 'default' ? chooseDefault(profile, places) : remove(profile, places);
  const outcome = await whileWaiting('cli.waiting.storage', change);
  if (outcome.kind === 'refused') return reportRefusal(terminal, outcome.answer, format);
  if (outcome.kind === 'trouble') return reportProblem(terminal, outcome.problem, format);
  if (action.kind === 'default') {
    if (format === 'json') printJson(terminal, { default: action.id });
    else terminal.err(say('cli.profiles.default', { id: action.id }));
    return 0;
  }
  const tokenFiles = await whatBecameOf(files);
  if (format === 'json') printJson(terminal, { removed: action.id, tokenFiles });
  else terminal.err(say('cli.profiles.removed', { id: action.id }));
  for (const reason of outcome.troubles) tellProblemBody(terminal, problemBody(reason));
  if (format === 'words')
    for (const { path, kind } of tokenFiles) terminal.err(say(`cli.profiles.token-file.${kind}`, { path }));
  return 0;
}

type Outcome =
  | { readonly kind: 'done'; /** That do not undo it. */ readonly troubles: readonly Problem[] }
  | { readonly kind: 'trouble'; readonly problem: Problem }
  | { readonly kind: 'refused'; readonly answer: SocketAnswer };

const asOutcome = (answer: SocketAnswer): Outcome =>
  answer.status === 200 ? { kind: 'done', troubles: [] } : { kind: 'refused', answer };

function profileNamed({ profiles }: Settings, id: string): Profile {
  const profile = profiles.find((one) => one.id === id);
  if (profile !== undefined) return profile;
  if (profiles.length === 0) throw new ProblemError(problem('admin', 'not-configured'));
  const known = profiles.map((one) => one.id).join(', ');
  throw new ProblemError(problem('usage', 'profile.unknown', { found: showFound(id) ?? '', known }));
}

const tokenFilesOf = ({ tokenFiles }: Settings, id: string): readonly string[] =>
  tokenFiles.filter((file) => file.profile === id).map(({ path }) => path);

/** The profile's token files that are on the disk. */
async function presentFiles(settings: Settings, id: string): Promise<readonly string[]> {
  const paths = tokenFilesOf(settings, id);
  const present = await Promise.all(paths.map(mayBeThere));
  return paths.filter((_, index) => present[index]);
}

/** Whoever removed the profile, the disk says what became of its files: what others wrote there is left. */
function whatBecameOf(
  paths: readonly string[],
): Promise<readonly { readonly path: string; readonly kind: 'deleted' | 'left' }[]> {
  return Promise.all(
    paths.map(async (path) => ({ path, kind: (await mayBeThere(path)) ? 'left' : 'deleted' })),
  );
}

/** A place that cannot be looked at is not called empty. */
async function mayBeThere(path: string): Promise<boolean> {
  try {
    return await isThere(path);
  } catch (error) {
    if (errorCode(error) === '') throw error;
    return true;
  }
}

function chooseDefault({ id }: Profile, places: Places): Promise<Outcome> {
  return asOwnerOrAsk<Outcome>(
    places,
    async () => {
      const settings = await openSettingsStore(places.settingsFile);
      // No credential is touched, so the real vault, which may ask for a passphrase, stays closed.
      const vault = memoryVault();
      await inWords(() => new Registrations({ settings, vault, now: Date.now }).setDefault(id));
      return { kind: 'done', troubles: [] };
    },
    async () => asOutcome(await askOwner(places, 'POST', ownerPath('/v1/default', id))),
  );
}

function remove(profile: Profile, places: Places): Promise<Outcome> {
  return asOwnerOrAsk<Outcome>(
    places,
    () => removeHere(profile, places),
    async () => asOutcome(await askOwner(places, 'DELETE', `/v1/profiles/${encodeURIComponent(profile.id)}`)),
  );
}

/** Session, token files, credential, settings, in this order: what is left after a failure can be removed again. */
async function removeHere(profile: Profile, places: Places): Promise<Outcome> {
  const settings = await openSettingsStore(places.settingsFile);
  const read = settings.get();
  const { storage } = read.kind === 'ok' ? read.settings : firstSettings;
  const vault = await openStoredVault(storage, places);
  const registrations = new Registrations({ settings, vault, now: Date.now });
  const trouble = await forgetSession(profile, vault);
  if (trouble !== undefined) return { kind: 'trouble', problem: trouble };
  const troubles = await removeTokenFiles(tokenFilesOf(registrations.current, profile.id), {
    places,
    now: Date.now,
    log: createLog({ now: Date.now, sinks: [] }),
  });
  await inWords(() => registrations.remove(profile.id));
  return { kind: 'done', troubles };
}

/** Does a change; settings that refuse it are a problem with its sentences. */
async function inWords(change: () => unknown): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const issues = error.issues.map(sayIssue).join(' ');
    throw new ProblemError(problem('usage', 'profile.unchanged', { issues }));
  }
}

/** Nothing would be removed from a keyring that cannot be opened, and nobody would know of it any more. */
async function forgetSession(profile: Profile, vault: Vault): Promise<Problem | undefined> {
  const { unavailable } = vault;
  if (unavailable !== undefined) {
    const { storageProblem } = await import('../../agent/failures/storage-problem.ts');
    return storageProblem(unavailable);
  }
  const session = new StoredSession({
    profile,
    vault,
    now: Date.now,
    onProblem: () => undefined,
    onRecovered: () => undefined,
  });
  return session.remove();
}

function listed(settings: Settings): object {
  return {
    default: defaultProfileOf(settings)?.id ?? null,
    profiles: settings.profiles.map(({ id, name, protocol, authority, clientId, redirectUri, scopes }) => ({
      id,
      name,
      protocol,
      authority,
      clientId,
      redirectUri,
      scopes,
    })),
  };
}

function tellList(settings: Settings, terminal: Terminal): void {
  if (settings.profiles.length === 0) terminal.err(say('cli.profiles.none'));
  const usual = defaultProfileOf(settings)?.id;
  for (const { id, name, clientId, authority } of settings.profiles) {
    const mark = id === usual ? '*' : ' ';
    terminal.out(say('cli.profiles.line', { mark, id, name, clientId, authority }));
  }
}

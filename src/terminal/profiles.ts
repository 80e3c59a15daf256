import { rm } from 'node:fs/promises';
import { problem, ProblemError, type Problem } from '../agent/problem.ts';
import { StoredSession } from '../agent/stored-session.ts';
import { showFound } from '../config/issue.ts';
import type { Places } from '../config/places.ts';
import { defaultProfileOf, type Profile, type Settings } from '../config/profile.ts';
import { firstSettings, Registrations } from '../config/registrations.ts';
import { openSettingsStore } from '../config/settings-file.ts';
import type { ExitCode } from '../outlets/answer.ts';
import { askOwner, type SocketAnswer } from '../outlets/socket-client.ts';
import type { Vault } from '../vault/vault.ts';
import { say } from '../words/say.ts';
import type { ProfilesCommand } from './command.ts';
import { asOwnerOrAsk } from './owned.ts';
import { ownerPath } from './owner-path.ts';
import { whileWaiting } from './progress.ts';
import { printJson, reportProblem, reportRefusal } from './report.ts';
import { usableSettings } from './settings-look.ts';
import { openStoredVault } from './stored-vault.ts';
import type { Terminal } from './terminal.ts';

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
  const change = action.kind === 'default' ? chooseDefault(profile, places) : remove(profile, places);
  const outcome = await whileWaiting('cli.waiting.storage', change);
  if (outcome.kind === 'refused') return reportRefusal(terminal, outcome.answer, format);
  if (outcome.kind === 'trouble') return reportProblem(terminal, outcome.problem, format);
  if (format === 'json') {
    printJson(terminal, action.kind === 'default' ? { default: action.id } : { removed: action.id });
    return 0;
  }
  if (action.kind === 'default') {
    terminal.err(say('cli.profiles.default', { id: action.id }));
    return 0;
  }
  terminal.err(say('cli.profiles.removed', { id: action.id }));
  for (const { path } of tokenFilesOf(settings, action.id)) {
    terminal.err(say('cli.profiles.token-file', { path }));
  }
  return 0;
}

type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'trouble'; readonly problem: Problem }
  | { readonly kind: 'refused'; readonly answer: SocketAnswer };

const asOutcome = (answer: SocketAnswer): Outcome =>
  answer.status === 200 ? { kind: 'done' } : { kind: 'refused', answer };

function profileNamed({ profiles }: Settings, id: string): Profile {
  const profile = profiles.find((one) => one.id === id);
  if (profile !== undefined) return profile;
  if (profiles.length === 0) throw new ProblemError(problem('admin', 'not-configured'));
  const known = profiles.map((one) => one.id).join(', ');
  throw new ProblemError(problem('usage', 'profile.unknown', { found: showFound(id) ?? '', known }));
}

const tokenFilesOf = ({ tokenFiles }: Settings, id: string): Settings['tokenFiles'] =>
  tokenFiles.filter((file) => file.profile === id);

function chooseDefault({ id }: Profile, places: Places): Promise<Outcome> {
  return asOwnerOrAsk<Outcome>(
    places,
    async () => {
      const store = await openSettingsStore(places.settingsFile);
      const read = store.get();
      if (read.kind === 'ok') store.save({ ...read.settings, defaultProfile: id });
      return { kind: 'done' };
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
  for (const { path } of tokenFilesOf(registrations.current, profile.id)) await rm(path, { force: true });
  await registrations.remove(profile.id);
  return { kind: 'done' };
}

/** Nothing would be removed from a keyring that cannot be opened, and nobody would know of it any more. */
async function forgetSession(profile: Profile, vault: Vault): Promise<Problem | undefined> {
  const { unavailable } = vault;
  if (unavailable !== undefined) {
    const { storageProblem } = await import('../agent/storage-problem.ts');
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

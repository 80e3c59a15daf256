import type { Problem } from '../../../words/problem.ts';
import { storageProblem } from '../../../agent/failures/storage-problem.ts';
import { draftOf, freshDraft } from '../../../config/draft/draft.ts';
import { sayIssue, type SettingsError } from '../../../config/rules/issue.ts';
import type { Places } from '../../../system/places.ts';
import { defaultProfileOf, HOOK_EVENTS, type Settings } from '../../../config/profile/profile.ts';
import { problemBody } from '../../../outlets/answer/answer.ts';
import type { OutletsTold } from '../../../outlets/answer/host.ts';
import type { Vault } from '../../../vault/store/vault.ts';
import type { CredentialView, OutletsView, SettingsView } from '../../../pages/bridge/contract.ts';
import { say, sayReason } from '../../../words/say.ts';
import type { StartAtLoginState } from '../../lifecycle/start-at-login.ts';

/** What the Settings page shows is derived from these facts. */
export interface SettingsFacts {
  readonly settings: Settings;
  /** Why `settings` are the ones read at startup; undefined when they match the file. */
  readonly trouble: SettingsError | undefined;
  readonly source: SettingsView['source'];
  readonly credentialOf: (profileId: string) => CredentialView;
  readonly startAtLogin: StartAtLoginState;
  readonly outlets: OutletsTold;
  /** Whether this machine has a place for the shell cache. */
  readonly shellCache: OutletsView['shellCache']['offered'];
  readonly tokenFileTroubles: (profileId: string) => readonly Problem[];
  readonly vault: Pick<Vault, 'backend' | 'unavailable'>;
  readonly places: Pick<Places, 'settingsFile' | 'socketPath'>;
  /** An IANA name; undefined if the system has none. */
  readonly systemZone: string | undefined;
}

/** All settings as the page draws them; nothing in it is secret. */
export function settingsView(facts: SettingsFacts): SettingsView {
  const { settings, trouble, source, credentialOf, startAtLogin, vault, places, systemZone } = facts;
  const { profiles, clipboardClearSeconds, network, logLevel } = settings;
  const defaultId = defaultProfileOf(settings)?.id;
  return {
    source,
    profiles: profiles.map((profile) => ({
      id: profile.id,
      isDefault: profile.id === defaultId,
      draft: draftOf(profile),
      credential: credentialOf(profile.id),
    })),
    fresh: freshDraft(systemZone),
    startAtLogin,
    clipboardClearSeconds,
    network,
    logLevel,
    outlets: outletsView(facts),
    storage: storageWords(vault),
    settingsFile: places.settingsFile,
    ...(trouble && {
      trouble: say('settings-tray.trouble', { issues: trouble.issues.map(sayIssue).join(' ') }),
    }),
  };
}

function outletsView(facts: SettingsFacts): OutletsView {
  const { settings, shellCache, tokenFileTroubles, places } = facts;
  const { loopback } = facts.outlets;
  return {
    socket: places.socketPath,
    loopback: {
      wanted: settings.loopback ? 'on' : 'off',
      ...(loopback.kind === 'on' ? { port: loopback.port } : {}),
      ...(loopback.kind === 'trouble' ? { trouble: problemBody(loopback.problem, 'tray') } : {}),
    },
    shellCache: { wanted: settings.shellCache ? 'on' : 'off', offered: shellCache },
    tokenFiles: settings.tokenFiles.map(({ path, profile, format, scopes }) => {
      const trouble = tokenFileTroubles(profile).find(({ params }) => params.path === path);
      const shown = { path, profile, format, scopes: scopes ?? [] };
      return trouble === undefined ? shown : { ...shown, trouble: problemBody(trouble, 'tray') };
    }),
    hooks: HOOK_EVENTS.flatMap((event) => {
      const command = settings.hooks[event];
      return command === undefined ? [] : [{ event, command }];
    }),
  };
}

function storageWords({ backend, unavailable }: SettingsFacts['vault']): string {
  if (unavailable !== undefined) return sayReason(storageProblem(unavailable));
  return say('settings-tray.storage', { place: say(`cli.storage.backend.${backend}`) });
}

import { SettingsError } from '../../../config/rules/issue.ts';
import { checkSettingsChange } from '../../../config/settings/settings-change.ts';
import { problemBody } from '../../../outlets/answer/answer.ts';
import type { RegistrationPort } from '../../../outlets/answer/host.ts';
import type {
  Acted,
  CredentialChosen,
  CredentialWanted,
  DraftRead,
  SettingsChanged,
  SettingsView,
} from '../../../pages/bridge/contract.ts';
import type { Log } from '../../../system/log/log.ts';
import { problem, ProblemError } from '../../../words/problem.ts';
import { say } from '../../../words/say.ts';
import { actWith, done, type SettingsHandlers } from '../ipc/handlers.ts';
import type { DraftCalls } from './draft-calls.ts';

type Changes = Pick<
  RegistrationPort,
  'setDefault' | 'remove' | 'change' | 'addTokenFile' | 'removeTokenFile'
>;

/** What the handlers use. */
export interface SettingsCallParts {
  readonly read: () => Promise<SettingsView>;
  readonly drafts: Pick<DraftCalls, 'check' | 'save' | 'test' | 'read'>;
  /** undefined if this run stores nothing. */
  readonly changes: Changes | undefined;
  readonly startAtLogin: { set(wanted: 'on' | 'off'): Promise<void> };
  readonly exportSettings: () => Promise<Acted>;
  readonly importSettings: () => Promise<Acted>;
  readonly chooseDraftText: () => Promise<DraftRead>;
  readonly chooseCredential: (wanted: CredentialWanted) => Promise<CredentialChosen>;
  readonly chooseTokenFile: () => Promise<string | undefined>;
  /** Asks in a native dialog, which says what is deleted with the profile. */
  readonly confirmRemoval: (profile: string) => Promise<'yes' | 'no'>;
  readonly copy: (text: string) => Promise<void>;
  readonly log: Log;
}

/** The handlers of the Settings page. */
export function settingsCalls(parts: SettingsCallParts): SettingsHandlers {
  const { drafts } = parts;
  const changes = (): Changes => {
    if (parts.changes === undefined) throw new ProblemError(problem('usage', 'profile.not-kept'));
    return parts.changes;
  };
  const act = actWith(parts.log);
  return {
    'settings.read': parts.read,
    'settings.change': (change) => act('settings.change', () => changeSettings(change, parts, changes)),
    'settings.export': () => act('settings.export', parts.exportSettings),
    'settings.import': () => act('settings.import', parts.importSettings),
    'draft.check': (asked) => drafts.check(asked),
    'draft.save': (asked) => drafts.save(asked),
    'draft.test': (asked) => drafts.test(asked),
    'draft.read': ({ text }) => drafts.read(text),
    'draft.read-file': parts.chooseDraftText,
    'credential.choose': parts.chooseCredential,
    'schedule.preview': async (schedule) => {
      const { scheduleRuns } = await import('../../../config/draft/schedule-runs.ts');
      return scheduleRuns(schedule);
    },
    'text.copy': ({ text }) => act('text.copy', () => parts.copy(text).then(done)),
    'profile.set-default': ({ profile }) =>
      act('profile.set-default', async () => changes().setDefault(profile).then(done)),
    'profile.remove': ({ profile }) =>
      act('profile.remove', async () => {
        const port = changes();
        if ((await parts.confirmRemoval(profile)) === 'no') return done();
        const trouble = await port.remove(profile);
        return trouble === undefined
          ? { kind: 'done', said: say('settings-tray.removed') }
          : { kind: 'failed', problem: problemBody(trouble, 'tray') };
      }),
    'token-file.add': ({ profile, format }) =>
      act('token-file.add', async () => {
        const port = changes();
        const path = await parts.chooseTokenFile();
        if (path === undefined) return done();
        await port.addTokenFile({ path, profile, scopes: undefined, format });
        return { kind: 'done', said: say('import.done.token-file', { path }) };
      }),
    'token-file.remove': ({ path }) =>
      act('token-file.remove', async () => changes().removeTokenFile(path).then(done)),
  };
}

/** Checks the whole change first, so that an invalid value does not leave half of it done. */
async function changeSettings(
  { startAtLogin, ...change }: SettingsChanged,
  parts: Pick<SettingsCallParts, 'startAtLogin'>,
  changes: () => Changes,
): Promise<Acted> {
  const checked = checkSettingsChange(change);
  if (checked.kind === 'invalid') throw new SettingsError(checked.issues);
  if (Object.keys(change).length > 0) await changes().change(checked.value);
  if (startAtLogin !== undefined) await parts.startAtLogin.set(startAtLogin);
  const isReadAtStart = change.network !== undefined || change.logLevel !== undefined;
  return isReadAtStart ? { kind: 'done', said: say('settings-tray.from-next-start') } : done();
}

import { problem, ProblemError, type Problem } from '../../../words/problem.ts';
import { problemOf } from '../../../agent/failures/thrown.ts';
import { sayIssue, SettingsError } from '../../../config/rules/issue.ts';
import { checkSettingsChange } from '../../../config/settings/settings-change.ts';
import { problemBody } from '../../../outlets/answer/answer.ts';
import type { RegistrationPort } from '../../../outlets/answer/host.ts';
import type { Log } from '../../../system/log/log.ts';
import type {
  Acted,
  CredentialChosen,
  CredentialWanted,
  DraftRead,
  SettingsChanged,
  SettingsView,
} from '../../../pages/bridge/contract.ts';
import { say } from '../../../words/say.ts';
import type { DraftCalls } from './draft-calls.ts';
import type { SettingsHandlers } from '../ipc/handlers.ts';
import type { SettingsCallName } from '../ipc/settings-call-schemas.ts';

/** What stands behind them. */
export interface SettingsCallParts {
  readonly read: () => Promise<SettingsView>;
  readonly drafts: Pick<DraftCalls, 'check' | 'save' | 'test' | 'read'>;
  /** undefined where this run keeps nothing. */
  readonly changes:
    | Pick<RegistrationPort, 'setDefault' | 'remove' | 'change' | 'addTokenFile' | 'removeTokenFile'>
    | undefined;
  readonly startAtLogin: { set(wanted: 'on' | 'off'): Promise<void> };
  readonly exportSettings: () => Promise<Acted>;
  readonly importSettings: () => Promise<Acted>;
  readonly chooseDraftText: () => Promise<DraftRead>;
  readonly chooseCredential: (wanted: CredentialWanted) => Promise<CredentialChosen>;
  readonly chooseTokenFile: () => Promise<string | undefined>;
  /** Says natively what is deleted with the profile. */
  readonly confirmRemoval: (profile: string) => Promise<'yes' | 'no'>;
  readonly copy: (text: string) => Promise<void>;
  readonly log: Log;
}

const done: Acted = { kind: 'done' };

/** What the calls of the Settings page do. */
export function settingsCalls(parts: SettingsCallParts): SettingsHandlers {
  const { drafts, log } = parts;
  const changes = (): NonNullable<SettingsCallParts['changes']> => {
    if (parts.changes === undefined) throw new ProblemError(problem('usage', 'profile.not-kept'));
    return parts.changes;
  };
  const acted = async (call: SettingsCallName, work: () => Promise<Acted>): Promise<Acted> => {
    try {
      return await work();
    } catch (error) {
      log.error('a change of the settings failed', { call, error });
      return { kind: 'failed', problem: problemBody(problemOfChange(error)) };
    }
  };
  return {
    'settings.read': parts.read,
    'settings.change': (change) => acted('settings.change', () => changeSettings(change, parts, changes)),
    'settings.export': () => acted('settings.export', parts.exportSettings),
    'settings.import': () => acted('settings.import', parts.importSettings),
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
    'text.copy': ({ text }) =>
      acted('text.copy', async () => {
        await parts.copy(text);
        return done;
      }),
    'profile.set-default': ({ profile }) =>
      acted('profile.set-default', async () => {
        await changes().setDefault(profile);
        return done;
      }),
    'profile.remove': ({ profile }) =>
      acted('profile.remove', async () => {
        const port = changes();
        if ((await parts.confirmRemoval(profile)) === 'no') return done;
        const trouble = await port.remove(profile);
        return trouble === undefined
          ? { kind: 'done', said: say('settings-tray.removed') }
          : { kind: 'failed', problem: problemBody(trouble) };
      }),
    'token-file.add': ({ profile, format }) =>
      acted('token-file.add', async () => {
        const port = changes();
        const path = await parts.chooseTokenFile();
        if (path === undefined) return done;
        await port.addTokenFile({ path, profile, scopes: undefined, format });
        return { kind: 'done', said: say('import.done.token-file', { path }) };
      }),
    'token-file.remove': ({ path }) =>
      acted('token-file.remove', async () => {
        await changes().removeTokenFile(path);
        return done;
      }),
  };
}

/** Checked first and whole, then changed: what is wrong must not leave half of it done. */
async function changeSettings(
  { startAtLogin, ...change }: SettingsChanged,
  parts: Pick<SettingsCallParts, 'startAtLogin'>,
  changes: () => NonNullable<SettingsCallParts['changes']>,
): Promise<Acted> {
  const checked = checkSettingsChange(change);
  if (checked.kind === 'invalid') throw new SettingsError(checked.issues);
  if (Object.keys(change).length > 0) await changes().change(checked.value);
  if (startAtLogin !== undefined) await parts.startAtLogin.set(startAtLogin);
  const isLater = change.network !== undefined || change.logLevel !== undefined;
  return isLater ? { kind: 'done', said: say('settings-tray.from-next-start') } : done;
}

/** Whatever made a change of the settings fail, with what breaks a rule named. */
export function problemOfChange(error: unknown): Problem {
  if (!(error instanceof SettingsError)) return problemOf(error);
  return problem('usage', 'profile.unchanged', { issues: error.issues.map(sayIssue).join(' ') });
}

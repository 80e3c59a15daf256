import { problem, ProblemError, type Problem } from '../../words/problem.ts';
import { sayIssue, SettingsError, showFound, type SettingsIssue } from '../../config/rules/issue.ts';
import { FIRST_ID } from '../../config/profile/profile.ts';
import { checkRegistrationBody } from './registration-body.ts';
import { checkSettingsChange, checkTokenFileAdded } from '../../config/settings/settings-change.ts';
import { VaultError } from '../../vault/store/vault.ts';
import { problemBody, replyWithProblem, type Reply } from '../answer/answer.ts';
import { errorCode } from '../../system/files/error-code.ts';
import { ok } from '../http/limited-server.ts';
import type { RegistrationPort } from '../answer/host.ts';
import { unknownName } from '../answer/token-query.ts';

type Port = RegistrationPort | undefined;

/**
 * `PUT /v1/profiles/{id}`: stores the registration in the body. The faults of a body come back as `error.issues`, a
 * list of sentences that quote nothing of a credential.
 */
export async function answerPut(port: Port, id: string, body: unknown): Promise<Reply> {
  const checked = checkRegistrationBody(body);
  if (checked.kind === 'invalid') return replyWithIssues(checked.issues, importWords);
  const { profile } = checked.value;
  if (profile.id !== id) {
    const params = { wanted: showFound(id) ?? '', found: profile.id };
    return replyWithProblem(problem('usage', 'profile.id-differs', params));
  }
  return change(port, importWords, (registrations) => registrations.put(checked.value), id);
}

/** `DELETE /v1/profiles/{id}`: ends the session and removes the profile. */
export function answerRemove(port: Port, id: string): Promise<Reply> {
  return change(port, changeWords, (registrations) => registrations.remove(id), id);
}

/** `POST /v1/default?profile=ID`. */
export function answerDefault(port: Port, id: string): Promise<Reply> {
  return change(port, changeWords, (registrations) => registrations.setDefault(id), id);
}

/** `PATCH /v1/settings`: changes only the settings in the body. */
export async function answerChange(port: Port, body: unknown): Promise<Reply> {
  const checked = checkSettingsChange(body);
  if (checked.kind === 'invalid') return replyWithIssues(checked.issues, changeWords);
  return change(port, changeWords, (registrations) => registrations.change(checked.value));
}

/** `POST /v1/token-files`: adds the file in the body to the token files. */
export async function answerAddTokenFile(port: Port, body: unknown): Promise<Reply> {
  const checked = checkTokenFileAdded(body);
  if (checked.kind === 'invalid') return replyWithIssues(checked.issues, changeWords);
  return change(port, changeWords, (registrations) => registrations.addTokenFile(checked.value));
}

/** `DELETE /v1/token-files?path=PATH`. */
export async function answerRemoveTokenFile(port: Port, query: URLSearchParams): Promise<Reply> {
  const wrong = unknownName(query, ['path']);
  if (wrong !== undefined) return replyWithProblem(wrong);
  const path = query.getAll('path').at(-1) ?? '';
  return change(port, changeWords, (registrations) => registrations.removeTokenFile(path));
}

/** `POST /v1/reload`. */
export function answerReload(port: Port): Promise<Reply> {
  return change(port, changeWords, (registrations) => registrations.reload());
}

/** The problems of a refusal, by the kind of request. */
interface ActionWords {
  readonly invalid: (issues: string) => Problem;
  readonly vault: (detail: string) => Problem;
}

const importWords: ActionWords = {
  invalid: (issues) => problem('usage', 'profile.invalid', { issues }),
  vault: (detail) => problem('storage', 'import.no-vault', { detail }),
};

/** For requests without a credential: a removal, another default, single settings. */
const changeWords: ActionWords = {
  invalid: (issues) => problem('usage', 'profile.unchanged', { issues }),
  vault: (detail) => problem('storage', 'storage.unusable', { detail }),
};

/** @param profile the profile that is changed, which next steps name; an import without a profile is of the default one */
async function change(
  port: Port,
  words: ActionWords,
  work: (registrations: RegistrationPort) => Promise<Problem | undefined> | Promise<void>,
  profile?: string,
): Promise<Reply> {
  const refuse = (reason: Problem): Reply =>
    replyWithProblem(reason, profile === FIRST_ID ? undefined : profile);
  if (port === undefined) return refuse(problem('usage', 'profile.not-kept'));
  try {
    const trouble = (await work(port)) ?? undefined;
    return trouble === undefined ? ok({}) : refuse(trouble);
  } catch (error) {
    if (error instanceof ProblemError) return refuse(error.problem);
    if (error instanceof SettingsError) return replyWithIssues(error.issues, words);
    if (error instanceof VaultError) return refuse(words.vault(error.message));
    const code = errorCode(error);
    if (code === '') throw error;
    return refuse(problem('admin', 'file-system', { path: pathOf(error), detail: code }));
  }
}

function pathOf(error: unknown): string {
  return error instanceof Error && 'path' in error ? String(error.path) : 'settings.json';
}

function replyWithIssues(issues: readonly SettingsIssue[], { invalid }: ActionWords): Reply {
  const sentences = issues.map(sayIssue);
  const reason = invalid(sentences.join(' '));
  const reply = replyWithProblem(reason);
  return { ...reply, body: { ...reply.body, error: { ...problemBody(reason), issues: sentences } } };
}

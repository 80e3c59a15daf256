import { checkUp } from '../../host/check-up/check-up.ts';
import type { CheckName, CheckOutcome, CheckResult } from '../../host/check-up/result.ts';
import { problem, ProblemError, type Problem } from '../../words/problem.ts';
import { systemSend } from '../../agent/network/system-send.ts';
import { showFound } from '../../config/rules/issue.ts';
import type { Places } from '../../system/places.ts';
import { defaultProfileOf, type Profile, type Settings } from '../../config/profile/profile.ts';
import { firstSettings } from '../../config/settings/registrations.ts';
import type { ExitCode, ProblemBody } from '../../outlets/answer/answer.ts';
import { findOwner, sayOwner, type OwnerRecord } from '../../system/ownership/ownership.ts';
import { askOwner, ownerPath, type SocketAnswer } from '../../outlets/socket/client.ts';
import { memoryVault } from '../../vault/store/memory-vault.ts';
import type { Vault } from '../../vault/store/vault.ts';
import { say } from '../../words/say.ts';
import type { DoctorCommand } from '../command-line/command.ts';
import { exitCodeOfFindings, find, findingOf, readFinding, sayFinding } from './findings.ts';
import type { Finding, OnFinding, Outcome } from './findings.ts';
import { policyOutcome, proxyOutcome, settingsOutcome, versionOutcome } from './machine-findings.ts';

import { checkPort } from './port-check.ts';
import { startWaiting } from '../output/progress.ts';
import { printJson, textField } from '../output/report.ts';
import { problemIn, refreshOutcome, sessionOutcome, tokenFileTroubles } from './session-findings.ts';
import { lookAtSettings } from '../settings/settings-look.ts';
import { isKeyOfHost, sayBackend, testedVault } from '../storage/storage.ts';
import { openStoredVault } from '../storage/stored-vault.ts';
import type { Terminal } from '../output/terminal.ts';

/**
 * `tokentray doctor`: looks at everything that a token depends on, and says of each whether it is well and
 * how to mend it if not. The owner is asked where one runs, because its session and its vault are what
 * counts. Each finding is told when it is made; JSON and exit code follow the order of the looks.
 */
export async function runDoctor(
  { profile, format }: DoctorCommand,
  places: Places,
  terminal: Terminal,
  version: string,
): Promise<ExitCode> {
  const waiting = startWaiting('cli.waiting.authority');
  try {
    const findings = await examine({ profile, places, version }, (finding) => {
      waiting.clear();
      if (format === 'words') for (const line of sayFinding(finding)) terminal.out(line);
    });
    if (format === 'json') printJson(terminal, { checks: findings });
    return exitCodeOfFindings(findings);
  } finally {
    waiting.end();
  }
}

interface Subject {
  readonly profile: string | undefined;
  readonly places: Places;
  readonly version: string;
}

async function examine({ profile: id, places, version }: Subject, tell: OnFinding): Promise<Finding[]> {
  const look = lookAtSettings(places.settingsFile);
  const settings = look.kind === 'ok' ? look.settings : undefined;
  const status = await askStatus(places, id);
  const owner = status.kind === 'absent' ? undefined : await findOwner(places);
  const profile = settings === undefined ? undefined : profileOf(settings, id, status);
  const findings = [
    await find('version', tell, () => versionOutcome(version)),
    await find('settings', tell, () =>
      // A host that was started with --from-env has its registration from there.
      look.kind !== 'unusable' && isBesideSettings(status)
        ? { kind: 'skipped', detail: say('doctor.settings.passing') }
        : settingsOutcome(look, places.settingsFile),
    ),
    await find('policy', tell, () => policyOutcome(places)),
    await find('owner', tell, () => ownerOutcome(status, owner)),
    await find('proxy', tell, () => proxyOutcome(process.env)),
  ];
  if (status.kind === 'answered') findings.push(...(await askCheckUp(places, id, tell)));
  else if (look.kind !== 'unusable') {
    findings.push(...(await examineHere(settings ?? firstSettings, profile, places, tell)));
  }
  const redirectUri = status.kind === 'answered' ? redirectUriIn(status.body) : profile?.redirectUri;
  if (redirectUri !== undefined) {
    findings.push(await find('redirect-port', tell, () => checkPort(redirectUri, owner)));
  }
  if (status.kind === 'answered') findings.push(...(await sessionFindings(status.body, tell)));
  return findings;
}

function isBesideSettings(status: Status): boolean {
  return status.kind === 'answered' && textField(status.body.profile, 'source') === 'passing';
}

/** What the owner says of the profile; `refused`: it runs, and cannot say. */
type Status =
  | { readonly kind: 'answered'; readonly body: SocketAnswer['body'] }
  | { readonly kind: 'refused'; readonly problem: Outcome }
  | { readonly kind: 'absent' };

async function askStatus(places: Places, id: string | undefined): Promise<Status> {
  try {
    const answer = await askOwner(places, 'GET', ownerPath('/v1/status', id));
    if (answer.status === 200) return { kind: 'answered', body: answer.body };
    return { kind: 'refused', problem: { kind: 'trouble', problem: refusalIn(answer) } };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (error.problem.code === 'agent-not-running') return { kind: 'absent' };
    return { kind: 'refused', problem: { kind: 'trouble', problem: error.problem } };
  }
}

/** The redirect URI that the owner uses, which need not be the stored one. */
function redirectUriIn({ profile }: SocketAnswer['body']): string | undefined {
  const redirectUri = textField(profile, 'redirectUri');
  return redirectUri !== undefined && URL.canParse(redirectUri) ? redirectUri : undefined;
}

/** Why the owner does not answer. */
function refusalIn({ body }: SocketAnswer): Problem | ProblemBody {
  return problemIn(body.error) ?? problem('transient', 'agent-garbled', { detail: '?' });
}

function ownerOutcome(status: Status, owner: OwnerRecord | undefined): Outcome {
  switch (status.kind) {
    case 'answered':
      return { kind: 'ok', detail: say('doctor.owner', { owner: sayOwner(owner) }) };
    case 'refused':
      return status.problem;
    case 'absent':
      return { kind: 'skipped', detail: say('doctor.owner.none') };
  }
}

/** @throws ProblemError `profile.unknown`: nothing else is worth looking at then */
function profileOf(settings: Settings, id: string | undefined, status: Status): Profile | undefined {
  if (id === undefined) return defaultProfileOf(settings);
  const profile = settings.profiles.find((one) => one.id === id);
  if (profile !== undefined || status.kind === 'answered' || settings.profiles.length === 0) return profile;
  const known = settings.profiles.map((one) => one.id).join(', ');
  throw new ProblemError(problem('usage', 'profile.unknown', { found: showFound(id) ?? '', known }));
}

/** The owner looks at network, authority, credential and storage, and answers when it has seen all. */
async function askCheckUp(places: Places, id: string | undefined, tell: OnFinding): Promise<Finding[]> {
  const answer = await askOwner(places, 'POST', ownerPath('/v1/checkup', id));
  if (answer.status !== 200)
    return [await find('check-up', tell, () => ({ kind: 'trouble', problem: refusalIn(answer) }))];
  const { lines } = answer.body;
  const findings = (Array.isArray(lines) ? lines : [])
    .map(readFinding)
    .filter((finding) => finding !== undefined);
  for (const finding of findings) tell(finding);
  return findings;
}

/** The same looks in this process, where nobody runs who could be asked. */
async function examineHere(
  settings: Settings,
  profile: Profile | undefined,
  places: Places,
  tell: OnFinding,
): Promise<readonly Finding[]> {
  if (profile === undefined) {
    return [await find('storage', tell, () => storageOutcome(settings, places))];
  }
  const isTried = !isKeyOfHost(settings.storage);
  const found = (result: CheckResult): Finding =>
    isTried || !OF_STORAGE.has(result.name)
      ? findingOf(result)
      : findingOf({ ...result, outcome: untried() });
  const results = await checkUp({
    profile,
    vault: isTried ? await vaultOrReason(settings, places) : memoryVault(),
    send: systemSend({ extraCaFile: settings.extraCaFile, env: process.env }),
    now: Date.now,
    onResult: (result) => tell(found(result)),
  });
  return results.map(found);
}

/** What is looked at in the storage, or with what is kept there. */
const OF_STORAGE: ReadonlySet<CheckName> = new Set<CheckName>(['credential', 'credential-age', 'storage']);

/** The key of the storage is a unit's or a person's, so it is not opened for a look. */
function untried(): Extract<CheckOutcome, { kind: 'skipped' }> {
  return { kind: 'skipped', detail: say('cli.storage.untried') };
}

async function storageOutcome({ storage }: Settings, places: Places): Promise<Outcome> {
  if (isKeyOfHost(storage)) return untried();
  const vault = await orProblem(testedVault(storage, places));
  if ('problem' in vault) return { kind: 'trouble', problem: vault.problem };
  if (vault.unavailable !== undefined) {
    const { storageProblem } = await import('../../agent/failures/storage-problem.ts');
    return { kind: 'trouble', problem: storageProblem(vault.unavailable) };
  }
  return { kind: 'ok', detail: say('cli.storage.tested', { place: sayBackend(vault.backend) }) };
}

/** The network is looked at as well where the storage refuses: the check-up then says why. */
async function vaultOrReason({ storage }: Settings, places: Places): Promise<Vault> {
  const vault = await orProblem(openStoredVault(storage, places));
  if (!('problem' in vault)) return vault;
  return memoryVault({ kind: 'failed', detail: String(vault.problem.params['detail'] ?? '') });
}

async function orProblem(opening: Promise<Vault>): Promise<Vault | { readonly problem: Problem }> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof ProblemError) return { problem: error.problem };
    throw error;
  }
}

async function sessionFindings(body: SocketAnswer['body'], tell: OnFinding): Promise<Finding[]> {
  const findings = [
    await find('session', tell, () => sessionOutcome(body, Date.now())),
    await find('refresh', tell, () => refreshOutcome(body, Date.now())),
  ];
  for (const trouble of tokenFileTroubles(body)) findings.push(await find('token-file', tell, () => trouble));
  return findings;
}

import { storageProblem } from '../../agent/failures/storage-problem.ts';
import { systemSend } from '../../agent/network/system-send.ts';
import { defaultProfileOf, type Profile, type Settings } from '../../config/profile/profile.ts';
import { firstSettings } from '../../config/settings/registrations.ts';
import { checkUp } from '../../host/check-up/check-up.ts';
import type { CheckName, CheckResult } from '../../host/check-up/result.ts';
import { askOwner, ownerPath, type SocketAnswer } from '../../outlets/socket/client.ts';
import { findOwner, sayOwner } from '../../system/ownership/ownership.ts';
import type { Places } from '../../system/places.ts';
import { memoryVault } from '../../vault/store/memory-vault.ts';
import type { Vault } from '../../vault/store/vault.ts';
import { problem, ProblemError, type Problem } from '../../words/problem.ts';
import { say } from '../../words/say.ts';
import type { Run } from '../command-line/table.ts';
import { profileNamed, readSettings } from '../configuration/settings.ts';
import { openStoredVault } from '../configuration/vault.ts';
import { startWaiting } from '../output/progress.ts';
import { printJson, textField } from '../output/report.ts';
import { listIn } from '../status/words.ts';
import { isKeyOfHost, sayBackend, testedVault } from '../storage/storage.ts';
import type { table } from './command.ts';
import { exitCodeOfFindings, find, findingOf, readFinding, sayFinding } from './findings.ts';
import type { Finding, OnFinding, Outcome } from './findings.ts';
import { policyOutcome, proxyOutcome, settingsOutcome, versionOutcome } from './machine-findings.ts';
import { checkPort } from './port-check.ts';
import {
  healthOutcome,
  problemIn,
  refreshOutcome,
  sessionOutcome,
  tokenFileTroubles,
} from './session-findings.ts';

/**
 * Checks everything that a token depends on, and says how to fix each problem. If a host is running it is asked,
 * because its session and its vault count. Each finding is printed when it is made; JSON and the exit code follow the
 * order of the checks.
 */
export const run: Run<typeof table> = async ({ profile }, places, terminal, { version }) => {
  const waiting = startWaiting('cli.waiting.authority');
  try {
    const findings = await examine({ profile, places, version }, (finding) => {
      waiting.clear();
      if (terminal.format === 'words') for (const line of sayFinding(finding)) terminal.out(line);
    });
    if (terminal.format === 'json') printJson(terminal, { checks: findings });
    return exitCodeOfFindings(findings);
  } finally {
    waiting.end();
  }
};

interface Subject {
  readonly profile: string | undefined;
  readonly places: Places;
  readonly version: string;
}

async function examine({ profile: id, places, version }: Subject, tell: OnFinding): Promise<Finding[]> {
  const read = readSettings(places);
  const settings = read.kind === 'ok' ? read.settings : undefined;
  const status = await askStatus(places, id);
  const owner = status.kind === 'absent' ? undefined : await findOwner(places);
  const isAnswered = status.kind === 'answered';
  const profile = settings === undefined ? undefined : profileOf(settings, id, isAnswered);
  const named = id !== undefined && id === (settings && defaultProfileOf(settings)?.id) ? undefined : id;
  const findings = [
    await find('version', tell, () => versionOutcome(version)),
    await find('settings', tell, () =>
      // A host that was started with --from-env does not use the settings file.
      read.kind !== 'unusable' && isAnswered && textField(status.body.profile, 'source') === 'passing'
        ? { kind: 'skipped', detail: say('doctor.settings.passing') }
        : settingsOutcome(read, places.settingsFile),
    ),
    await find('policy', tell, () => policyOutcome(places)),
    await find('owner', tell, () => {
      if (status.kind === 'refused') return status.outcome;
      return isAnswered
        ? { kind: 'ok', detail: say('doctor.owner', { owner: sayOwner(owner) }) }
        : { kind: 'skipped', detail: say('doctor.owner.none') };
    }),
    await find('proxy', tell, () => proxyOutcome(process.env)),
  ];
  if (isAnswered) findings.push(...(await askCheckUp(places, id, tell)));
  else if (read.kind !== 'unusable')
    findings.push(
      ...(await examineHere({ settings: settings ?? firstSettings, profile, named, places }, tell)),
    );
  // The host need not use the stored redirect URI.
  const redirectUri = isAnswered ? textField(status.body.profile, 'redirectUri') : profile?.redirectUri;
  if (redirectUri !== undefined && URL.canParse(redirectUri))
    findings.push(await find('redirect-port', tell, () => checkPort(redirectUri, owner), named));
  if (!isAnswered) return findings;
  const { body } = status;
  findings.push(await find('session', tell, () => sessionOutcome(body, Date.now())));
  findings.push(await find('health', tell, () => healthOutcome(body)));
  findings.push(await find('refresh', tell, () => refreshOutcome(body, Date.now())));
  for (const trouble of tokenFileTroubles(body)) findings.push(await find('token-file', tell, () => trouble));
  return findings;
}

/** What the running host says about the profile. `refused`: it is running, but cannot say. */
type Status =
  | { readonly kind: 'answered'; readonly body: SocketAnswer['body'] }
  | { readonly kind: 'refused'; readonly outcome: Outcome }
  | { readonly kind: 'absent' };

async function askStatus(places: Places, id: string | undefined): Promise<Status> {
  try {
    const answer = await askOwner(places, 'GET', ownerPath('/v1/status', id));
    if (answer.status === 200) return { kind: 'answered', body: answer.body };
    return { kind: 'refused', outcome: refusalIn(answer) };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (error.problem.code === 'agent-not-running') return { kind: 'absent' };
    return { kind: 'refused', outcome: { kind: 'trouble', problem: error.problem } };
  }
}

/** Why the running host does not answer. */
function refusalIn({ body }: SocketAnswer): Outcome {
  const garbled = problem('transient', 'agent-garbled', { detail: '?' });
  return { kind: 'trouble', problem: problemIn(body.error) ?? garbled };
}

/** @throws ProblemError `profile.unknown`: then nothing else is worth checking */
function profileOf(settings: Settings, id: string | undefined, isAnswered: boolean): Profile | undefined {
  if (id === undefined) return defaultProfileOf(settings);
  const profile = settings.profiles.find((one) => one.id === id);
  const mayBeElsewhere = isAnswered || settings.profiles.length === 0;
  return profile ?? (mayBeElsewhere ? undefined : profileNamed(settings, id));
}

/** The running host checks network, authority, credential and storage, and answers when it has checked all. */
async function askCheckUp(
  places: Places,
  id: string | undefined,
  tell: OnFinding,
): Promise<readonly Finding[]> {
  const answer = await askOwner(places, 'POST', ownerPath('/v1/checkup', id));
  if (answer.status !== 200) return [await find('check-up', tell, () => refusalIn(answer))];
  const findings = listIn(answer.body, 'lines')
    .map(readFinding)
    .filter((finding) => finding !== undefined);
  for (const finding of findings) tell(finding);
  return findings;
}

interface Local {
  readonly settings: Settings;
  readonly profile: Profile | undefined;
  /** The ID that next steps must name; undefined for the default profile. */
  readonly named: string | undefined;
  readonly places: Places;
}

/** The same checks in this process, if no host is running. */
async function examineHere(
  { settings, profile, named, places }: Local,
  tell: OnFinding,
): Promise<readonly Finding[]> {
  if (profile === undefined) {
    return [await find('storage', tell, () => storageOutcome(settings, places))];
  }
  const isTried = !isKeyOfHost(settings.storage);
  const found = (result: CheckResult): Finding =>
    isTried || !OF_STORAGE.has(result.name)
      ? findingOf(result, named)
      : findingOf({ ...result, outcome: { kind: 'skipped', detail: say('cli.storage.untried') } });
  const results = await checkUp({
    profile,
    vault: isTried ? await vaultOrReason(settings, places) : memoryVault(),
    send: systemSend({ extraCaFile: settings.extraCaFile, env: process.env }),
    now: Date.now,
    onResult: (result) => tell(found(result)),
  });
  return results.map(found);
}

/** The checks of the storage, and of what is stored there. */
const OF_STORAGE: ReadonlySet<CheckName> = new Set<CheckName>(['credential', 'credential-age', 'storage']);

async function storageOutcome({ storage }: Settings, places: Places): Promise<Outcome> {
  if (isKeyOfHost(storage)) return { kind: 'skipped', detail: say('cli.storage.untried') };
  const vault = await orItsProblem(testedVault(storage, places));
  if ('problem' in vault) return { kind: 'trouble', problem: vault.problem };
  return vault.unavailable === undefined
    ? { kind: 'ok', detail: say('cli.storage.tested', { place: sayBackend(vault.backend) }) }
    : { kind: 'trouble', problem: storageProblem(vault.unavailable) };
}

/** Even if the storage cannot be opened, the network is checked; the check-up then says why. */
async function vaultOrReason({ storage }: Settings, places: Places): Promise<Vault> {
  const vault = await orItsProblem(openStoredVault(storage, places));
  if (!('problem' in vault)) return vault;
  return memoryVault({ kind: 'failed', detail: String(vault.problem.params['detail'] ?? '') });
}

async function orItsProblem(opening: Promise<Vault>): Promise<Vault | { readonly problem: Problem }> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof ProblemError) return { problem: error.problem };
    throw error;
  }
}

import { proxyVariable, readProxy } from '../../agent/network/proxy.ts';
import { problem } from '../../words/problem.ts';
import { sendProblem } from '../../agent/failures/send-problem.ts';
import { SendError } from '../../agent/network/send.ts';
import { sayIssue } from '../../config/rules/issue.ts';
import type { Places } from '../../system/places.ts';
import { readPolicy } from '../../config/settings/policy.ts';
import { say } from '../../words/say.ts';
import type { Outcome } from './findings.ts';
import type { SettingsRead } from '../configuration/settings.ts';

/** The versions of Tokentray, Node and the system. */
export function versionOutcome(version: string): Outcome {
  const { platform, arch, versions } = process;
  return { kind: 'ok', detail: say('doctor.version', { version, node: versions.node, platform, arch }) };
}

/** Whether the settings can be used and contain a profile. */
export function settingsOutcome(read: SettingsRead, file: string): Outcome {
  switch (read.kind) {
    case 'absent':
      return { kind: 'trouble', problem: problem('admin', 'not-configured') };
    case 'unusable':
      return { kind: 'trouble', problem: read.problem };
    case 'ok': {
      const { profiles } = read.settings;
      if (profiles.length === 0) return { kind: 'trouble', problem: problem('admin', 'not-configured') };
      const names = profiles.map(({ id }) => id).join(', ');
      return { kind: 'ok', detail: say('doctor.settings', { file, names }) };
    }
  }
}

/** The administrator's policy for this machine. */
export function policyOutcome({ policyFile, policyWriter }: Places): Outcome {
  const read = readPolicy(policyFile, policyWriter);
  switch (read.kind) {
    case 'absent':
      return { kind: 'ok', detail: say('doctor.policy.none') };
    case 'ok':
      return { kind: 'ok', detail: say('doctor.policy', { file: policyFile }) };
    case 'invalid': {
      const detail = read.issues.map(sayIssue).join(' ');
      return { kind: 'trouble', problem: problem('admin', 'policy.unusable', { detail }) };
    }
  }
}

/** The proxy of this environment, without its user name and password. */
export function proxyOutcome(env: NodeJS.ProcessEnv): Outcome {
  const variable = proxyVariable(env);
  if (variable === undefined) return { kind: 'ok', detail: say('doctor.proxy.none') };
  try {
    const { name } = readProxy(env[variable] ?? '', variable);
    return { kind: 'ok', detail: say('doctor.proxy', { name, variable }) };
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    return { kind: 'trouble', problem: sendProblem(error, '') };
  }
}

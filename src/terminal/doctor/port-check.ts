import { problem } from '../../words/problem.ts';
import { isLoopbackRedirectUri, receivablePort } from '../../config/profile/redirect-uri.ts';
import type { PortHolder } from '../../system/ports/port-holder.ts';
import type { OwnerRecord } from '../../system/ownership/ownership.ts';
import { lookAtPort } from '../../system/ports/port-look.ts';
import { say } from '../../words/say.ts';
import type { Outcome } from './findings.ts';

/** Whether the redirect URI's port can be had, or who has it: free, our own owner, or somebody else. */
export async function checkPort(redirectUri: string, owner: OwnerRecord | undefined): Promise<Outcome> {
  const port = receivablePort(redirectUri);
  if (port === undefined) {
    const isHere = isLoopbackRedirectUri(redirectUri);
    const detail = say(isHere ? 'doctor.port.window' : 'doctor.port.elsewhere', { redirectUri });
    return { kind: 'skipped', detail };
  }
  const look = await lookAtPort(port);
  switch (look.kind) {
    case 'free':
      return { kind: 'ok', detail: say('doctor.port.free', { port }) };
    case 'held':
      return heldPort(port, look.holder, owner);
    case 'refused':
      return { kind: 'trouble', problem: problem('admin', 'port-refused', { port, detail: look.detail }) };
  }
}

function heldPort(port: number, { said, pid }: PortHolder, owner: OwnerRecord | undefined): Outcome {
  // Where it cannot be told who holds it (only Linux tells), tokentray serve is believed.
  const isOurs = owner?.kind === 'terminal' && (said === '' || pid === owner.pid);
  return isOurs
    ? { kind: 'ok', detail: say('doctor.port.ours', { port }) }
    : { kind: 'trouble', problem: problem('admin', 'port-in-use', { port, holder: said }) };
}

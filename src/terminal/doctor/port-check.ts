import { problem } from '../../words/problem.ts';
import { addressTrouble } from '../../host/check-up/redirect.ts';
import { isLoopbackRedirectUri, receivablePort } from '../../config/profile/redirect-uri.ts';
import type { PortHolder } from '../../system/ports/port-holder.ts';
import type { OwnerRecord } from '../../system/ownership/ownership.ts';
import { lookAtPort } from '../../system/ports/port-look.ts';
import { say } from '../../words/say.ts';
import type { Outcome } from './findings.ts';

/**
 * Whether this machine has the address of the redirect URI, and whether its port is free, held by our own host, or
 * held by another program.
 */
export async function checkPort(redirectUri: string, owner: OwnerRecord | undefined): Promise<Outcome> {
  const port = receivablePort(redirectUri);
  if (port === undefined) {
    const isHere = isLoopbackRedirectUri(redirectUri);
    const detail = say(isHere ? 'doctor.port.window' : 'doctor.port.elsewhere', { redirectUri });
    return { kind: 'skipped', detail };
  }
  const unreceived = await addressTrouble(redirectUri);
  if (unreceived !== undefined) return unreceived;
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
  // If the holder is unknown (only Linux names it), it is assumed to be tokentray serve.
  const isOurs = owner?.kind === 'terminal' && (said === '' || pid === owner.pid);
  return isOurs
    ? { kind: 'ok', detail: say('doctor.port.ours', { port }) }
    : { kind: 'trouble', problem: problem('admin', 'port-in-use', { port, holder: said }) };
}

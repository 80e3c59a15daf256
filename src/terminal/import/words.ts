import { describeCertificate } from '../../config/credential/certificate.ts';
import type { Credential } from '../../config/credential/credential.ts';
import { cronLineOf, FIRST_ID } from '../../config/profile/profile.ts';
import { forProfile, say } from '../../words/say.ts';
import type { ImportOrder } from './reading.ts';
import type { Terminal } from '../output/terminal.ts';

/** What was imported, as JSON: the profile, and only the kind of the credential. */
export function importedBody({ profile, credential, rank, tokenFiles, warnings }: ImportOrder): object {
  return {
    profile,
    credential: { kind: credential.kind },
    rank,
    tokenFiles: tokenFiles ?? [],
    warnings: warnings.map((warning) => say(warning)),
  };
}

/** Says what was imported. `in-use`: a running host uses it already. */
export function tellImported(
  { profile, credential, rank, tokenFiles }: ImportOrder,
  place: 'stored' | 'in-use',
  terminal: Terminal,
): void {
  const { authority, clientId, redirectUri, scopes, extraScopes, schedule, signIn } = profile;
  terminal.err(say('import.done'));
  terminal.err(say('cli.import.profile', { id: profile.id }));
  terminal.err(say('cli.import.registration', { clientId, authority }));
  terminal.err(say('cli.import.redirect', { redirectUri }));
  terminal.err(say('cli.import.scopes', { scopes: [scopes, ...extraScopes].flat().join(' ') }));
  terminal.err(sayCredential(credential));
  if (schedule === undefined) terminal.err(say('cli.import.no-schedule'));
  else terminal.err(say('cli.import.schedule', { cron: cronLineOf(schedule), zone: schedule.timeZone }));
  if (signIn === 'browser') terminal.err(say('cli.import.sign-in'));
  for (const { path, format } of tokenFiles ?? [])
    terminal.err(say('cli.import.token-file', { path, format }));
  const isDefault = rank === 'default' || profile.id === FIRST_ID;
  const named = { forProfile: forProfile(isDefault ? undefined : profile.id) };
  terminal.err(place === 'stored' ? say('cli.import.next') : say('cli.import.in-use', named));
}

function sayCredential(credential: Credential): string {
  switch (credential.kind) {
    case 'secret':
      return say('cli.import.secret');
    case 'assertion-file':
      return say('cli.import.assertion-file', { path: credential.path });
    case 'certificate': {
      const { subject, notAfter, thumbprintSha256 } = describeCertificate(credential.certificate);
      const date = new Date(notAfter).toISOString().slice(0, 10);
      return say('cli.import.certificate', { subject, date, thumbprint: thumbprintSha256 });
    }
  }
}

import { describeCertificate } from '../../../config/credential/certificate.ts';
import { readAssertionFile, readCertificateFiles } from '../../../config/credential/credential-files.ts';
import { sayIssue, type SettingsIssue } from '../../../config/rules/issue.ts';
import type { CredentialChosen } from '../../../pages/bridge/contract.ts';
import { say } from '../../../words/say.ts';
import { sayAssertionFile, sayCertificate } from './view.ts';
import { chooseFile, type FileWanted } from '../../dialogs/file-choice.ts';
import type { HeldCredentials } from './held-credentials.ts';

/** Asks with the system's dialog; undefined where none was chosen. */
export type ChooseFile = (wanted: FileWanted) => Promise<string | undefined>;

const PEM_EXTENSIONS = ['pem', 'crt', 'cer', 'key', '*'];

/**
 * Lets the user choose a certificate with its private key: one file that holds both, or two. What was read is
 * held; the page gets its name and a sentence.
 */
export async function chooseCertificate(
  held: HeldCredentials,
  choose: ChooseFile = chooseFile,
): Promise<CredentialChosen> {
  const filter = { name: say('settings-tray.certificate.filter'), extensions: PEM_EXTENSIONS };
  const certificate = await choose({ title: say('settings-tray.certificate.choose'), filter });
  if (certificate === undefined) return { kind: 'cancelled' };
  const fields = {
    certificate: say('settings-tray.certificate.field'),
    key: say('settings-tray.certificate.field.key'),
  };
  const alone = await readCertificateFiles({ certificate }, fields, 'regular');
  let read = alone;
  if (alone.kind === 'refused' && lacksItsKey(alone.issues)) {
    const key = await choose({ title: say('settings-tray.certificate.choose-key'), filter });
    if (key === undefined) return { kind: 'cancelled' };
    read = await readCertificateFiles({ certificate, key }, fields, 'regular');
  }
  if (read.kind === 'refused') return { kind: 'refused', sentences: read.issues.map(sayIssue) };
  const { credential } = read;
  return {
    kind: 'chosen',
    credential: held.hold(credential),
    said: sayCertificate(describeCertificate(credential.certificate)),
  };
}

/** Lets the user choose the file that another program keeps fresh with a client assertion. */
export async function chooseAssertionFile(
  held: HeldCredentials,
  choose: ChooseFile = chooseFile,
): Promise<CredentialChosen> {
  const file = await choose({
    title: say('settings-tray.assertion-file.choose'),
    filter: { name: say('settings-tray.assertion-file.filter'), extensions: ['*'] },
  });
  if (file === undefined) return { kind: 'cancelled' };
  const read = await readAssertionFile(file, say('settings-tray.assertion-file.field'), 'regular');
  if (read.kind === 'refused') return { kind: 'refused', sentences: read.issues.map(sayIssue) };
  return { kind: 'chosen', credential: held.hold(read.credential), said: sayAssertionFile(file) };
}

/** A certificate is there and nothing is wrong with it but that its key lies elsewhere. */
function lacksItsKey(issues: readonly SettingsIssue[]): boolean {
  return issues.length === 1 && issues[0]?.rule === 'settings.rule.certificate.key';
}

import { describeCertificate } from '../../../config/credential/certificate.ts';
import { readAssertionFile, readCertificateFiles } from '../../../config/credential/credential-files.ts';
import { sayIssue } from '../../../config/rules/issue.ts';
import type { CredentialChosen } from '../../../pages/bridge/contract.ts';
import { say } from '../../../words/say.ts';
import { chooseFile, type ChooseFile } from '../../dialogs/file-choice.ts';
import type { HeldCredentials } from './held-credentials.ts';
import { sayAssertionFile, sayCertificate } from './view.ts';

const PEM_EXTENSIONS = ['pem', 'crt', 'cer', 'key', '*'];

/**
 * Lets the user choose a certificate with its private key: one file that holds both, or two files. The credential
 * is held; the page gets its handle and a sentence.
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
  let read = await readCertificateFiles({ certificate }, fields, 'regular', 'rsa-or-p256');
  // The certificate is valid, but its key is in another file.
  if (read.kind === 'refused' && read.issues.every(({ rule }) => rule === 'settings.rule.certificate.key')) {
    const key = await choose({ title: say('settings-tray.certificate.choose-key'), filter });
    if (key === undefined) return { kind: 'cancelled' };
    read = await readCertificateFiles({ certificate, key }, fields, 'regular', 'rsa-or-p256');
  }
  if (read.kind === 'refused') return { kind: 'refused', sentences: read.issues.map(sayIssue) };
  const { credential } = read;
  return {
    kind: 'chosen',
    credential: held.hold(credential),
    said: sayCertificate(describeCertificate(credential.certificate)),
  };
}

/** Lets the user choose a file in which another program keeps a fresh client assertion (RFC 7523). */
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

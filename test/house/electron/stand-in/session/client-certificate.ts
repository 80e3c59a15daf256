import type { ClientCertificate, ClientCertificateAnswer } from '../../control/control-protocol.ts';
import { app } from '../app/app.ts';
import { fire, makeEvent } from '../control/event.ts';
import type { StandInWebContents } from '../window/web-contents.ts';

/** A server asks for a certificate: Electron's 'select-client-certificate'. Without a handler it sends the first. */
export function askClientCertificate(
  webContents: StandInWebContents | null,
  url: string,
  certificates: readonly ClientCertificate[],
): Promise<ClientCertificateAnswer> {
  return new Promise((resolve) => {
    const event = makeEvent({});
    const answer = (chosen?: ClientCertificate): void =>
      resolve({ by: 'product', subjectName: chosen?.subjectName ?? null });
    fire(app, 'select-client-certificate', event, webContents, url, certificates, answer);
    const [first] = certificates;
    if (!event.defaultPrevented && first !== undefined)
      resolve({ by: 'electron', subjectName: first.subjectName });
  });
}

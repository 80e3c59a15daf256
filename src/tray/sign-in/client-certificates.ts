import { app, type Certificate, type WebContents } from 'electron';
import type { Log } from '../../system/log/log.ts';
import { hostOf } from './trouble.ts';

/** Asks the user which certificate to send to a host; undefined sends none. */
export type CertificateQuestion = (
  host: string,
  certificates: readonly Certificate[],
) => Promise<Certificate | undefined>;

/**
 * Answers servers that request a client certificate. By default Electron sends the store's first certificate to any
 * server that requests one.
 * @param questionFor how to ask the user on behalf of a page (undefined for a request without a page); if it returns
 *   undefined, no certificate is sent
 */
export function chooseClientCertificates(
  questionFor: (contents: WebContents | undefined) => CertificateQuestion | undefined,
  log: Pick<Log, 'warn'>,
): void {
  app.on('select-client-certificate', (event, contents, url, certificates, answer) => {
    event.preventDefault();
    // Without a page the application itself makes the request.
    const question = certificates.length === 0 ? undefined : questionFor(contents ?? undefined);
    if (question === undefined) {
      answer();
      return;
    }
    question(hostOf(url), certificates).then(answer, (error: unknown) => {
      log.warn('the question for a client certificate failed', { error });
      answer();
    });
  });
}

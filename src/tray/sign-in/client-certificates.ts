import { app, type Certificate, type WebContents } from 'electron';
import type { Log } from '../../system/log/log.ts';
import { hostOf } from './trouble.ts';

/** Asks which certificate a host gets; undefined is none. */
export type CertificateQuestion = (
  host: string,
  certificates: readonly Certificate[],
) => Promise<Certificate | undefined>;

/**
 * Answers servers that ask for a client certificate. Left alone, Electron would hand the first one of the
 * store to any server that asks. `questionFor` knows who may be asked on behalf of a page (undefined for
 * a request without a page); where nobody may, the server gets none.
 */
export function chooseClientCertificates(
  questionFor: (contents: WebContents | undefined) => CertificateQuestion | undefined,
  log: Pick<Log, 'warn'>,
): void {
  app.on('select-client-certificate', (event, contents, url, certificates, answer) => {
    event.preventDefault();
    // No page: the application itself requests something.
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

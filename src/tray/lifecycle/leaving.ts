import { app } from 'electron';
import { END_LIMIT_MS } from '../../host/end-profiles.ts';
import { atMost } from '../../system/limit.ts';

/**
 * Delays `before-quit` until `putAway` is done or has taken too long, which it does only while the answer to a token
 * request is awaited; systems that shut down end the process earlier. Further requests to quit in the meantime (a
 * second click, SIGTERM after the desktop's own request) wait for the same end.
 */
export function quitInOrder(putAway: () => Promise<void>, onTrouble: (error: unknown) => void): void {
  let state: 'running' | 'leaving' | 'left' = 'running';
  app.on('before-quit', (event) => {
    if (state === 'left') return;
    event.preventDefault();
    if (state === 'leaving') return;
    state = 'leaving';
    void atMost(END_LIMIT_MS, putAway().catch(onTrouble)).then(() => {
      state = 'left';
      app.quit();
    });
  });
}

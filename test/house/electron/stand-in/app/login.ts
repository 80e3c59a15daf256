import { app } from './app.ts';
import type { Protocol } from '../chromium/cdp.ts';
import { fire, makeEvent } from '../control/event.ts';
import type { EventEmitter } from 'node:events';

/** A server asks for HTTP credentials: Electron's 'login' events. Without a handler it is refused. */
export function askLogin(
  webContents: EventEmitter,
  challenge: Protocol.Fetch.AuthChallenge,
  url: string,
): Promise<{ username: string; password: string } | undefined> {
  const { protocol, hostname, port } = new URL(challenge.origin);
  const authInfo: Electron.AuthInfo = {
    isProxy: challenge.source === 'Proxy',
    scheme: challenge.scheme,
    host: hostname,
    port: Number(port === '' ? (protocol === 'https:' ? 443 : 80) : port),
    realm: challenge.realm,
  };
  return new Promise((resolve) => {
    const callback = (username?: string, password?: string): void =>
      resolve(username === undefined ? undefined : { username, password: password ?? '' });
    const event = makeEvent({});
    fire(webContents, 'login', event, { url, pid: 1 }, authInfo, callback);
    fire(app, 'login', event, webContents, { url, pid: 1 }, authInfo, callback);
    if (!event.defaultPrevented) resolve(undefined);
  });
}

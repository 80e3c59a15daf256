import type { JWTPayload } from 'jose';
import { issuerOf } from '../endpoints/tokens.ts';
import { createDirectory, findUser } from '../state/directory.ts';
import type { DemoClient, DemoUser, DirectoryOptions } from '../state/directory.ts';
import { noFaults } from '../state/faults.ts';
import type { Faults } from '../state/faults.ts';
import { Grants } from '../state/grants.ts';
import type { RequestRecord } from '../state/request-log.ts';
import { Sessions } from '../state/sessions.ts';
import { createSigningKeys } from '../state/signing-keys.ts';
import type { ExtraPage, TenantState } from '../state/state.ts';
import { Transactions } from '../state/transactions.ts';
import { createRunCertificate } from './certificate.ts';
import { listen } from './listener.ts';
import { answerRequest } from './router.ts';

/** Every option has a default; none requires a network. */
export interface DemoTenantOptions extends DirectoryOptions {
  /** 0, the default, takes a free port. */
  port?: number;
  /** The name in all URLs. `localhost`, the default, listens on 127.0.0.1 and, if the machine has it, ::1. */
  host?: string;
  /** The tenant's clock, in milliseconds since the epoch; `Date.now` by default. */
  now?: () => number;
  /** Lifetime of access tokens in seconds, 3600 by default. `faults` can change it later. */
  accessTokenSeconds?: number;
}

/** A running tenant. */
export interface DemoTenant {
  /** `https://localhost:PORT` */
  readonly origin: string;
  /** `https://localhost:PORT/<tenantId>` */
  readonly authority: string;
  readonly tenantId: string;
  readonly domain: string;
  /** The registered client; redirect URIs may be added to it while the tenant runs. */
  readonly client: DemoClient;
  readonly users: readonly DemoUser[];
  /** The tenant's certificate, to be trusted during this run only. */
  readonly certificatePem: string;
  /** For Chromium's `--ignore-certificate-errors-spki-list`. */
  readonly certificateSpkiSha256: string;
  /** Every request so far, oldest first, without secrets. */
  readonly requests: readonly RequestRecord[];
  /** Switches that may be changed at any time. */
  readonly faults: Faults;
  /** Pages of tests, by path; they override the tenant's own. */
  readonly extraPages: Map<string, ExtraPage>;
  /** Revokes refresh tokens, open codes and browser sessions of a user, or of all users, as Entra's revokeSignInSessions does. */
  revoke(username?: string): void;
  /** Checks signature, issuer and lifetime of a token of this tenant; rejects with a `jose` error. */
  verifyAccessToken(jwt: string): Promise<JWTPayload>;
  /** Every code, token and cookie value issued so far, for tests that search for leaks. */
  issuedSecrets(): readonly string[];
  /** Closes all connections at once, including those that wait for an answer. */
  close(): Promise<void>;
}

const DEFAULT_ACCESS_TOKEN_SECONDS = 3600;

/**
 * Starts an authority that resembles Entra's v2.0 endpoints on this machine, to try Tokentray with and to test it
 * against. It keeps everything in memory and trusts no other certificate.
 */
export async function startDemoTenant(options: DemoTenantOptions = {}): Promise<DemoTenant> {
  const { host = 'localhost', port = 0, now = () => Date.now() } = options;
  const certificate = createRunCertificate([...new Set(['localhost', '127.0.0.1', '::1', host])]);
  const signingKeys = await createSigningKeys();
  const secrets = new Set<string>();
  const remember = (secret: string): void => void secrets.add(secret);
  const listener = await listen(host, port, certificate, (request, response) => {
    void answerRequest(state, request, response);
  });
  const origin = `https://${host}:${listener.port}`;
  const directory = createDirectory(options);
  const state: TenantState = {
    origin,
    directory,
    signingKeys,
    grants: new Grants(now, remember),
    sessions: new Sessions(remember),
    transactions: new Transactions(now),
    consented: new Set(),
    faults: noFaults(options.accessTokenSeconds ?? DEFAULT_ACCESS_TOKEN_SECONDS),
    requests: [],
    extraPages: new Map(),
    now,
    remember,
  };
  return {
    ...directory,
    origin,
    authority: `${origin}/${directory.tenantId}`,
    certificatePem: certificate.certificatePem,
    certificateSpkiSha256: certificate.spkiSha256,
    requests: state.requests,
    faults: state.faults,
    extraPages: state.extraPages,
    revoke(username) {
      const user = username === undefined ? undefined : findUser(directory.users, username);
      if (username !== undefined && user === undefined) throw new Error(`No demo user ${username}`);
      state.grants.revoke(user);
      state.sessions.revoke(user);
    },
    verifyAccessToken: (jwt) => signingKeys.verify(jwt, issuerOf(state), new Date(now())),
    issuedSecrets: () => [...secrets],
    close: () => listener.close(),
  };
}

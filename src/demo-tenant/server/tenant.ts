import type { JWTPayload } from 'jose';
import { createRunCertificate } from './certificate.ts';
import { createDirectory, findUser } from '../state/directory.ts';
import type { DemoClient, DemoUser, DirectoryOptions } from '../state/directory.ts';
import { noFaults } from '../state/faults.ts';
import type { Faults } from '../state/faults.ts';
import { Grants } from '../state/grants.ts';
import { listen } from './listener.ts';
import type { RequestRecord } from '../state/request-log.ts';
import { answerRequest } from './router.ts';
import { Sessions } from '../state/sessions.ts';
import { createSigningKeys } from '../state/signing-keys.ts';
import type { ExtraPage, TenantState } from '../state/state.ts';
import { issuerOf } from '../endpoints/tokens.ts';
import { Transactions } from '../state/transactions.ts';

/** Every option has a default; none needs the network. */
export interface DemoTenantOptions extends DirectoryOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Name in every URL. `localhost`, the default, listens on 127.0.0.1 and, where there is one, ::1. */
  host?: string;
  /** The tenant's clock, in milliseconds since 1970; `Date.now` if not given. */
  now?: () => number;
  /** Lifetime of access tokens, in seconds: 3600 if not given. `faults` can change it later. */
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
  /** The tenant's certificate, to be trusted by this run only. */
  readonly certificatePem: string;
  /** For Chromium's `--ignore-certificate-errors-spki-list`. */
  readonly certificateSpkiSha256: string;
  /** Every request so far, oldest first, without secrets. */
  readonly requests: readonly RequestRecord[];
  /** Switches that may be flipped at any time. */
  readonly faults: Faults;
  /** Pages of tests, by path; they win over the tenant's own. */
  readonly extraPages: Map<string, ExtraPage>;
  /** Ends refresh tokens, open codes and browser sessions of a user, or of everybody: Entra's revokeSignInSessions. */
  revoke(username?: string): void;
  /** Checks signature, issuer and lifetime of a token of this tenant; rejects with a `jose` error. */
  verifyAccessToken(jwt: string): Promise<JWTPayload>;
  /** Every code, token and cookie value issued so far, for searches in what must not hold them. */
  issuedSecrets(): readonly string[];
  /** Closes every connection at once, hanging ones too. */
  close(): Promise<void>;
}

const DEFAULT_ACCESS_TOKEN_SECONDS = 3600;

/**
 * Starts an authority of the shape of Entra's v2.0 endpoints on this machine, to try Tokentray with and to test it
 * against. It keeps everything in memory and trusts nobody else's certificate.
 */
export async function startDemoTenant(options: DemoTenantOptions = {}): Promise<DemoTenant> {
  const host = options.host ?? 'localhost';
  const names = new Set(['localhost', '127.0.0.1', '::1', host]);
  const certificate = createRunCertificate([...names]);
  const signingKeys = await createSigningKeys();

  const now = options.now ?? (() => Date.now());
  const secrets = new Set<string>();
  const remember = (secret: string): void => void secrets.add(secret);
  const startState = (origin: string): TenantState => ({
    origin,
    directory: createDirectory(options),
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
  });

  const listener = await listen(host, options.port ?? 0, certificate, (request, response) => {
    void answerRequest(state, request, response);
  });
  const state = startState(`https://${host}:${listener.port}`);
  const { origin, directory } = state;
  return {
    origin,
    authority: `${origin}/${directory.tenantId}`,
    tenantId: directory.tenantId,
    domain: directory.domain,
    client: directory.client,
    users: directory.users,
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

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Directory } from './directory.ts';
import type { Faults } from './faults.ts';
import type { Grants } from './grants.ts';
import type { RequestRecord } from './request-log.ts';
import type { Sessions } from './sessions.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { Transactions } from './transactions.ts';

/** A page that a test adds to the tenant. */
export type ExtraPage = (request: IncomingMessage, response: ServerResponse) => void;

/** The state that the endpoints of a running tenant share. */
export interface TenantState {
  /** `https://localhost:PORT` */
  readonly origin: string;
  readonly directory: Directory;
  readonly signingKeys: SigningKeys;
  readonly grants: Grants;
  readonly sessions: Sessions;
  readonly transactions: Transactions;
  /** Object ids of the users who have consented to the client. */
  readonly consented: Set<string>;
  readonly faults: Faults;
  readonly requests: RequestRecord[];
  readonly extraPages: Map<string, ExtraPage>;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Records an issued secret. */
  remember(secret: string): void;
}

/** One request and its response. */
export interface Exchange {
  readonly tenant: TenantState;
  /** The first path segment: GUID, domain or alias of the tenant, as in the request. */
  readonly tenantSegment: string;
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The form of a POST (empty if it is not a form); otherwise the query. */
  readonly parameters: URLSearchParams;
  readonly record: RequestRecord;
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Directory } from './directory.ts';
import type { Faults } from './faults.ts';
import type { Grants } from './grants.ts';
import type { RequestRecord } from './request-log.ts';
import type { Sessions } from './sessions.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { Transactions } from './transactions.ts';

/** A page a test adds to the tenant, to deliver a response in its own way. */
export type ExtraPage = (request: IncomingMessage, response: ServerResponse) => void;

/** Everything the endpoints of a running tenant share. */
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
  /** Milliseconds since 1970. */
  now(): number;
  /** Notes a secret that was issued. */
  remember(secret: string): void;
}

/** One request on its way through an endpoint. */
export interface Exchange {
  readonly tenant: TenantState;
  /** The first path segment: GUID, domain or alias of the tenant, as the client wrote it. */
  readonly tenantSegment: string;
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Body of a POST that is a form; empty otherwise. */
  readonly form: URLSearchParams;
  readonly record: RequestRecord;
}

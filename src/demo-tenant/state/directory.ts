import { randomBytes, randomUUID } from 'node:crypto';

/** A user who can sign in to the demo tenant. */
export interface DemoUser {
  /** Object id, the `oid` claim. */
  oid: string;
  /** Display name, the `name` claim. */
  name: string;
  /** User principal name, typed on the sign-in page. */
  username: string;
  mail: string;
  password: string;
  /** The user's home tenant; this one by default. Users of others sign in through `common`. */
  homeTenantId?: string;
}

/** The one app registration of the demo tenant. */
export interface DemoClient {
  clientId: string;
  clientSecret: string;
  /** Registered redirect URIs, compared as exact strings; more may be added while the tenant runs. */
  redirectUris: string[];
  /** Public key or certificate (PEM) of the client's assertions; without it they are refused. */
  assertionPem?: string;
  /** A certificate authority (PEM) whose certificates are all accepted if sent with their chain. */
  trustedIssuerPem?: string;
}

/** Options of the directory; everything else is random. */
export interface DirectoryOptions {
  tenantId?: string;
  /** The tenant's verified domain, which may be used in place of its GUID. */
  domain?: string;
  client?: Partial<DemoClient>;
  users?: readonly (Pick<DemoUser, 'username'> & Partial<DemoUser>)[];
}

/** The users and the client of the tenant. */
export interface Directory {
  readonly tenantId: string;
  readonly domain: string;
  readonly client: DemoClient;
  readonly users: DemoUser[];
}

const DEFAULT_DOMAIN = 'tokentray-demo.example';
const DEFAULT_REDIRECT_URI = 'http://localhost:5000/getAToken';
const DEFAULT_PASSWORD = 'demo';

/** Fills in what the options leave open. */
export function createDirectory(options: DirectoryOptions): Directory {
  const domain = options.domain ?? DEFAULT_DOMAIN;
  const users = options.users ?? [
    { username: `demo@${domain}`, name: 'Demo User' },
    { username: `robin@${domain}`, name: 'Robin Second' },
  ];
  return {
    tenantId: options.tenantId ?? randomUUID(),
    domain,
    client: {
      clientId: randomUUID(),
      clientSecret: randomBytes(30).toString('base64url'),
      redirectUris: [DEFAULT_REDIRECT_URI],
      ...options.client,
    },
    users: users.map((user) => ({
      oid: randomUUID(),
      name: user.username,
      mail: user.username,
      password: DEFAULT_PASSWORD,
      ...user,
    })),
  };
}

/** Multi-tenant aliases, without `consumers` because the demo tenant has no personal accounts. */
export const TENANT_ALIASES: readonly string[] = ['common', 'organizations'];

/** Whether the first path segment of a URL names this tenant (GUID, domain or alias) or a user's home tenant. */
export function namesTenant(directory: Directory, segment: string): boolean {
  const name = segment.toLowerCase();
  const homes = directory.users.map(({ homeTenantId }) => homeTenantId);
  const names = [directory.tenantId, directory.domain, ...TENANT_ALIASES, ...homes];
  return names.some((each) => each?.toLowerCase() === name);
}

/** The opaque `login_hint` claim of a user's ID token, which may come back as `login_hint` of a request. */
export function opaqueLoginHint(user: DemoUser): string {
  return `O.${Buffer.from(user.oid).toString('base64url')}`;
}

/** Finds a user by a typed name or a login hint: a username, a mail address or an opaque hint. */
export function findUser(users: readonly DemoUser[], hint: string): DemoUser | undefined {
  const typed = hint.trim();
  return users.find(
    (user) =>
      [user.username, user.mail].some((name) => name.toLowerCase() === typed.toLowerCase()) ||
      opaqueLoginHint(user) === typed,
  );
}

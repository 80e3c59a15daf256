import { randomBytes, randomUUID } from 'node:crypto';

/** A person who can sign in to the demo tenant. */
export interface DemoUser {
  /** Object id, the `oid` claim. */
  oid: string;
  /** Display name, the `name` claim. */
  name: string;
  /** User principal name: what is typed on the sign-in page. */
  username: string;
  mail: string;
  password: string;
  /** The tenant the user is at home in; this one if not given. Others come in through `common`. */
  homeTenantId?: string;
}

/** The one app registration of the demo tenant. */
export interface DemoClient {
  clientId: string;
  clientSecret: string;
  /** Registered redirect URIs, compared as exact strings. May be added to while the tenant runs. */
  redirectUris: string[];
  /** Public key or certificate (PEM) that signs client assertions; without it they are refused. */
  assertionPem?: string;
  /** A certificate authority (PEM) whose certificates are all accepted, when they come with their chain. */
  trustedIssuerPem?: string;
}

/** What a test or the demo may choose; everything else is made up per run. */
export interface DirectoryOptions {
  tenantId?: string;
  /** The tenant's verified domain; usable in place of its GUID. */
  domain?: string;
  client?: Partial<DemoClient>;
  users?: readonly (Pick<DemoUser, 'username'> & Partial<DemoUser>)[];
}

/** Who and what is registered in the tenant. */
export interface Directory {
  readonly tenantId: string;
  readonly domain: string;
  readonly client: DemoClient;
  readonly users: DemoUser[];
}

const DEFAULT_DOMAIN = 'tokentray-demo.example';
const DEFAULT_REDIRECT_URI = 'http://localhost:5000/getAToken';
const DEFAULT_PASSWORD = 'demo';

/** Fills in whatever the options leave open, as a person would in the Entra admin centre. */
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

/** Multi-tenant aliases; `consumers` is left out because the demo tenant has no personal accounts. */
export const TENANT_ALIASES: readonly string[] = ['common', 'organizations'];

/** Whether the first path segment of a URL names this tenant (GUID, domain or alias) or one that a user is from. */
export function namesTenant(directory: Directory, segment: string): boolean {
  const name = segment.toLowerCase();
  return (
    name === directory.tenantId.toLowerCase() ||
    directory.users.some(({ homeTenantId }) => homeTenantId?.toLowerCase() === name) ||
    name === directory.domain.toLowerCase() ||
    TENANT_ALIASES.includes(name)
  );
}

/** The opaque `login_hint` claim of a user's ID token, which may come back as `login_hint` of a request. */
export function opaqueLoginHint(user: DemoUser): string {
  return `O.${Buffer.from(user.oid).toString('base64url')}`;
}

/** Finds the user meant by what was typed or hinted: a username, a mail address or an opaque hint. */
export function findUser(users: readonly DemoUser[], hint: string): DemoUser | undefined {
  const wanted = hint.trim().toLowerCase();
  return users.find(
    (user) =>
      user.username.toLowerCase() === wanted ||
      user.mail.toLowerCase() === wanted ||
      opaqueLoginHint(user) === hint.trim(),
  );
}

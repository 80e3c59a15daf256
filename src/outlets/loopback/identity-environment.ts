/** The variables of the managed-identity protocol for a program's environment. */
export interface IdentityEnvironment {
  readonly set: Readonly<Record<string, string>>;
  /** Variables that would send an Azure SDK elsewhere. */
  readonly unset: readonly string[];
}

/**
 * Variables that SDKs prefer to App Service's: Service Fabric's thumbprint (its protocol wins), and those for
 * EnvironmentCredential and WorkloadIdentityCredential, which come first in DefaultAzureCredential:
 * https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/credential-chains
 */
const MISLEADING = [
  'IDENTITY_SERVER_THUMBPRINT',
  'AZURE_CLIENT_SECRET',
  'AZURE_CLIENT_CERTIFICATE_PATH',
  'AZURE_USERNAME',
  'AZURE_PASSWORD',
  'AZURE_FEDERATED_TOKEN_FILE',
];

/** Unless these hosts are excluded, the SDK for JavaScript sends key and request to HTTP_PROXY. */
const NEVER_BY_PROXY = ['127.0.0.1', 'localhost'];

/** Both spellings are in use; which one wins depends on the program. */
const NO_PROXY_NAMES = ['NO_PROXY', 'no_proxy'] as const;

/** For curl and Python: no proxy for any host, if it is the only entry. In a list it is not special. */
const EVERYTHING = '*';

/** The variables that name a proxy. */
const PROXY_NAMES = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'];

/**
 * Selects the chain of DefaultAzureCredential for servers, which finds this server. The first SDK versions that
 * read the variable (Python 1.23, .NET 1.14, JavaScript 4.10) throw if it names a credential.
 */
const CREDENTIALS = 'prod';

/**
 * The variables with which a program can get tokens from the loopback server on `port`, in addition to its
 * environment `env`. The address is 127.0.0.1: SDKs cannot use `[::1]`.
 */
export function identityEnvironment(parts: {
  readonly port: number;
  /** In clear text: it is passed to a program of this user. */
  readonly key: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): IdentityEnvironment {
  const { port, key, env } = parts;
  const lists = NO_PROXY_NAMES.map((name) => hostsOf(env[name] ?? ''));
  const isWithoutProxy = lists.some((hosts) => hosts.length === 1 && hosts[0] === EVERYTHING);
  const noProxy = isWithoutProxy ? EVERYTHING : [...new Set([...lists.flat(), ...NEVER_BY_PROXY])].join(',');
  return {
    set: {
      IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`,
      IDENTITY_HEADER: key,
      ...Object.fromEntries(NO_PROXY_NAMES.map((name) => [name, noProxy])),
      AZURE_TOKEN_CREDENTIALS: CREDENTIALS,
    },
    // The SDK for JavaScript takes the asterisk for a host name and would ask the proxy.
    unset: isWithoutProxy ? [...MISLEADING, ...PROXY_NAMES] : MISLEADING,
  };
}

function hostsOf(list: string): readonly string[] {
  return list
    .split(',')
    .map((host) => host.trim())
    .filter((host) => host !== '');
}

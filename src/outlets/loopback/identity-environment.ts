/** The variables of the managed-identity protocol for a program's environment. */
export interface IdentityEnvironment {
  readonly set: Readonly<Record<string, string>>;
  /** Would lead an Azure SDK elsewhere. */
  readonly unset: readonly string[];
}

/**
 * What an SDK looks at before App Service's variables, or takes instead of them: Service Fabric's thumbprint
 * (its protocol wins), and what makes an EnvironmentCredential or WorkloadIdentityCredential of a
 * DefaultAzureCredential, where both come first (facts/msal-entra-agents.md, E).
 */
const MISLEADING = [
  'IDENTITY_SERVER_THUMBPRINT',
  'AZURE_CLIENT_SECRET',
  'AZURE_CLIENT_CERTIFICATE_PATH',
  'AZURE_USERNAME',
  'AZURE_PASSWORD',
  'AZURE_FEDERATED_TOKEN_FILE',
];

/** The SDK for JavaScript sends key and request to HTTP_PROXY unless these hosts are excepted (facts, E). */
const NEVER_BY_PROXY = ['127.0.0.1', 'localhost'];

/** Both spellings are in use; which one wins depends on the program. */
const NO_PROXY_NAMES = ['NO_PROXY', 'no_proxy'] as const;

/** No proxy for anything, to curl and Python where it stands alone; a list that holds it is another thing. */
const EVERYTHING = '*';

/** What names a proxy. */
const PROXY_NAMES = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'];

/**
 * Which of DefaultAzureCredential's chains is tried: that of servers, in which this server is found. The first
 * SDKs that read the variable (Python 1.23, .NET 1.14, JavaScript 4.10) throw for the name of a credential.
 */
const CREDENTIALS = 'prod';

/**
 * What a program needs to obtain tokens from the loopback server on `port`, beside what its environment `env`
 * holds already. The address is 127.0.0.1: SDKs cannot use `[::1]`.
 */
export function identityEnvironment(parts: {
  readonly port: number;
  /** Revealed: whoever calls hands it to a program of this user. */
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
    // The SDK for JavaScript takes the asterisk for a host's name and would ask the proxy.
    unset: isWithoutProxy ? [...MISLEADING, ...PROXY_NAMES] : MISLEADING,
  };
}

function hostsOf(list: string): readonly string[] {
  return list
    .split(',')
    .map((host) => host.trim())
    .filter((host) => host !== '');
}

import {
  ClientError,
  clockTolerance,
  Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  ResponseBodyError,
  type ClientAuth,
  type CustomFetch,
  type ServerMetadata,
} from 'openid-client';
import { isIssuerOf } from '../../config/profile/authority.ts';
import { problem, ProblemError } from '../../words/problem.ts';
import type { ConnectOptions } from './authority.ts';
import { clientAuthentications } from './oidc-client-auth.ts';
import { OidcError, translate } from './oidc-errors.ts';

/** Metadata is reloaded after this time, which is also MSAL's. */
const METADATA_LIFE_MS = 24 * 60 * 60_000;

/**
 * Makes requests with the client's authentication. Rejects with {@link OidcError}, a `ProblemError`, or the network's
 * `SendError`.
 */
export interface OidcClient {
  ask<Value>(work: (configuration: Configuration) => Promise<Value>): Promise<Value>;
}

/** The addresses that are used. Others, such as that of a logout page, may be anything. */
const NEEDED = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const;
const PUSHED = 'pushed_authorization_request_endpoint';

/** Some providers publish null or an empty text for what they do not have. */
export function isGiven(address: unknown): address is string {
  return typeof address === 'string' && address !== '';
}

/** How far this machine's clock may differ from the provider's in the checks of ID tokens. */
const CLOCK_TOLERANCE_SECONDS = 300;

type Known = {
  readonly metadata: ServerMetadata;
  readonly methods: readonly ClientAuth[];
  readonly until: number;
};

/** Some providers call a failed authentication of the client otherwise than RFC 6749 5.2, but with its status. */
export function isClientRefused(error: unknown): boolean {
  if (!(error instanceof ResponseBodyError)) return false;
  return (
    error.error === 'invalid_client' ||
    (error.status === 401 && ['unauthorized_client', 'access_denied'].includes(error.error))
  );
}

/** The client of a profile. Metadata is loaded with the first request. */
export function oidcClient(
  { profile, credential, now }: Pick<ConnectOptions, 'profile' | 'credential' | 'now'>,
  fetch: CustomFetch,
): OidcClient {
  let known: Known | undefined;
  /** The index of the method in use: the first that was not refused. */
  let method = 0;

  const load = async (): Promise<Known> => {
    const metadata = await discover(profile.authority, profile.clientId, fetch);
    const methods = await clientAuthentications(credential, metadata, now);
    if (methods.length !== known?.methods.length) method = 0;
    return { metadata, methods, until: now() + METADATA_LIFE_MS };
  };

  const configure = ({ metadata, methods }: Known): Configuration => {
    const { clientId, redirectUri } = profile;
    const tolerance = { [clockTolerance]: CLOCK_TOLERANCE_SECONDS };
    const configuration = new Configuration(
      metadata,
      clientId,
      tolerance,
      (server, client, body, headers) => {
        // openid-client writes the URI in its normal form; the provider compares it with the registered text.
        if (body.has('redirect_uri')) body.set('redirect_uri', redirectUri);
        return methods[method]?.(server, client, body, headers);
      },
    );
    configuration[customFetch] = fetch;
    return configuration;
  };

  const ask = async <Value>(work: (configuration: Configuration) => Promise<Value>): Promise<Value> => {
    known = known !== undefined && now() < known.until ? known : await load();
    try {
      return await work(configure(known));
    } catch (error) {
      if (!isClientRefused(error) || method + 1 >= known.methods.length) throw error;
      method += 1;
      return ask(work);
    }
  };

  return {
    ask: async (work) => {
      try {
        return await ask(work);
      } catch (error) {
        throw translate(error);
      }
    },
  };
}

/**
 * The provider's metadata (OpenID Connect Discovery 4). Its issuer must be the configured authority, except for a slash
 * at the end, which the settings do not keep. Of the endpoints, those that are used must have https.
 */
async function discover(authority: string, clientId: string, fetch: CustomFetch): Promise<ServerMetadata> {
  const url = new URL(`${authority}/.well-known/openid-configuration`);
  const unlike = (detail: string): ProblemError =>
    new ProblemError(problem('admin', 'discovery', { host: url.host, detail }));
  const metadata = await discovery(url, clientId, {}, undefined, { [customFetch]: fetch }).then(
    (found) => found.serverMetadata(),
    (error: unknown) => {
      if (!(error instanceof ClientError) || error.code === undefined) throw error;
      if (error.code === 'OAUTH_RESPONSE_IS_NOT_CONFORM') throw new OidcError('openid_config_error');
      throw unlike('no issuer');
    },
  );
  if (!isIssuerOf(authority, metadata.issuer)) throw unlike('another issuer');
  const { pushed_authorization_request_endpoint: pushed } = metadata;
  for (const name of isGiven(pushed) ? [...NEEDED, PUSHED] : NEEDED) {
    const address: unknown = metadata[name];
    if (typeof address !== 'string' || !URL.canParse(address)) throw unlike(`no ${name}`);
    if (new URL(address).protocol !== 'https:') throw unlike(`${name} without https`);
  }
  return metadata;
}

/** The same client, which also verifies the ID token's signature with the provider's current keys (`jwks_uri`). */
export function withSignatureCheck(configuration: Configuration): Configuration {
  enableNonRepudiationChecks(configuration);
  return configuration;
}

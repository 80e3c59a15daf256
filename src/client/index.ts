// `import { getToken } from 'tokentray'`: tokens for the user's programs, from the Tokentray that is running.
export { getAccessToken, getToken } from './get-token.ts';
export type { AccessToken, TokenAccount } from './access-token.ts';
export type { TokenOptions } from './token-options.ts';
export { TokentrayError, type Trouble, type TroubleKind } from './tokentray-error.ts';
export {
  CredentialUnavailableError,
  TokentrayCredential,
  type CredentialRequest,
  type CredentialToken,
} from './credential.ts';

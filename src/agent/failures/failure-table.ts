import type { Credential } from '../../config/credential/credential.ts';
import type { Protocol } from '../../config/profile/profile.ts';
import type { ProblemCode, ProblemParams } from '../../words/say.ts';
import type { ProblemKind } from '../../words/problem.ts';

/** The problems whose sentences need nothing but `{detail}` and `{redirectUri}`. */
export type FailureCode = {
  [Code in ProblemCode]: keyof ProblemParams<Code> extends 'detail' | 'redirectUri' ? Code : never;
}[ProblemCode];

/** A row matches a failure if each field that the row has matches. */
export interface FailureRow {
  readonly aadsts?: readonly number[];
  readonly errorCode?: readonly string[];
  readonly subError?: readonly string[];
  readonly status?: readonly number[];
  readonly during?: 'sign-in';
  readonly protocol?: Protocol;
  readonly credential?: Credential['kind'];
  readonly kind: ProblemKind;
  readonly code: FailureCode;
}

/**
 * The meaning of a refusal, by the first row that matches. Numbers:
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes, and for client assertions
 * https://learn.microsoft.com/azure/developer/java/sdk/troubleshooting-authentication-service-principal.
 * 500113, 530084, 650051 and 9002327 are missing there: https://login.microsoftonline.com/error?code=9002327.
 * `instanceof InteractionRequiredAuthError` is not used: MSAL throws a plain ServerError for AADSTS70043. A failure
 * that no row matches is transient: nothing is discarded for an unknown reason.
 */
export const failureTable: readonly FailureRow[] = [
  // ── the client's credential: it must be renewed
  { aadsts: [7000215, 7000216, 7000218], kind: 'admin', code: 'wrong-secret' },
  { aadsts: [7000222], kind: 'admin', code: 'expired-secret' },
  { aadsts: [1000502], kind: 'admin', code: 'expired-certificate' },
  { aadsts: [700025], kind: 'admin', code: 'public-client' },
  // Outside its validity: our clock dates a certificate's assertions; another program dates those in a file.
  { aadsts: [700024], credential: 'assertion-file', kind: 'admin', code: 'wrong-assertion' },
  { aadsts: [700024], kind: 'admin', code: 'assertion-time' },
  // Signature, key, audience and subject of an assertion, and the federated identities that it must match.
  {
    aadsts: [
      700021, 700023, 700026, 700027, 700030, 50012, 50013, 50027, 70021, 70025, 700211, 700212, 700213,
    ],
    credential: 'assertion-file',
    kind: 'admin',
    code: 'wrong-assertion',
  },
  {
    aadsts: [700021, 700023, 700026, 700027, 700030, 50012, 50013, 50027],
    kind: 'admin',
    code: 'wrong-certificate',
  },
  { aadsts: [70021, 70025, 700211, 700212, 700213], kind: 'admin', code: 'wrong-assertion' },

  // ── the registration and the settings
  { aadsts: [50011, 500112, 500113, 500117, 900971], kind: 'admin', code: 'wrong-redirect' },
  { aadsts: [9002327], kind: 'admin', code: 'spa-redirect' },
  {
    aadsts: [700011, 700016, 7000229, 90002, 900023, 50059, 50194],
    kind: 'admin',
    code: 'wrong-client',
  },
  { aadsts: [70001, 7000112], kind: 'admin', code: 'app-disabled' },
  { aadsts: [90038, 900382, 900432], kind: 'admin', code: 'wrong-cloud' },
  // A refresh token or a code that was damaged is refused like any other that is not valid.
  { aadsts: [9002313], errorCode: ['invalid_grant'], kind: 'interaction', code: 'interaction' },
  { aadsts: [90014, 900144, 90056, 9002313], kind: 'admin', code: 'request-refused' },
  { aadsts: [50105, 501051], kind: 'admin', code: 'not-assigned' },
  {
    aadsts: [70011, 28000, 28002, 28003, 500011, 500014, 650052, 650053, 650056, 650057, 700022, 90009],
    kind: 'admin',
    code: 'wrong-scope',
  },

  // ── the user
  { aadsts: [65001, 65004], kind: 'interaction', code: 'consent' },
  { aadsts: [650051, 90094, 90095], kind: 'interaction', code: 'admin-consent' },
  {
    aadsts: [50014, 50020, 500208, 50034, 51004, 90072],
    kind: 'interaction',
    code: 'account-refused',
  },
  // At a sign-in, the user may choose another account.
  { aadsts: [50057], during: 'sign-in', kind: 'interaction', code: 'account-disabled' },
  { aadsts: [50057], kind: 'admin', code: 'account-disabled' },
  {
    aadsts: [
      53000, 53001, 53002, 53003, 53004, 53005, 53009, 53010, 53011, 530002, 530003, 530032, 530034, 530035,
      530084, 50005, 500021, 500022, 500212, 500213, 50131,
    ],
    kind: 'interaction',
    code: 'conditional-access',
  },
  { aadsts: [54005], kind: 'interaction', code: 'sign-in.code-used' },
  // A sign-in has no session that could have ended: its code has.
  { aadsts: [70000, 70008], during: 'sign-in', kind: 'interaction', code: 'sign-in.code-used' },
  {
    aadsts: [50173, 70000, 700082, 70008, 700084, 50132, 50133, 50089, 50053, 50055, 50085, 135011],
    kind: 'interaction',
    code: 'revoked',
  },
  {
    aadsts: [
      16000, 50058, 50072, 50074, 50076, 50078, 50079, 50097, 50125, 50126, 50129, 50140, 50144, 50155, 50158,
      50187, 50199, 51006, 70043, 70044, 700020,
    ],
    kind: 'interaction',
    code: 'interaction',
  },

  // ── transient failures
  { aadsts: [90055, 50166, 50196], kind: 'transient', code: 'throttled' },
  {
    aadsts: [50000, 50033, 50087, 40008, 40010, 70012, 90006, 90012, 90024, 90033],
    kind: 'transient',
    code: 'authority-down',
  },

  // ── no number: suberrors, OAuth's own codes (RFC 6749 5.2), OpenID Connect's, MSAL's
  { subError: ['consent_required'], kind: 'interaction', code: 'consent' },
  { subError: ['protection_policy_required'], kind: 'interaction', code: 'conditional-access' },
  {
    subError: ['token_expired', 'bad_token', 'basic_action', 'additional_action', 'user_password_expired'],
    kind: 'interaction',
    code: 'interaction',
  },
  { errorCode: ['nonce_mismatch'], kind: 'interaction', code: 'sign-in.nonce-mismatch' },
  { errorCode: ['issuer_mismatch'], kind: 'interaction', code: 'sign-in.issuer-mismatch' },
  { errorCode: ['invalid_grant'], during: 'sign-in', kind: 'interaction', code: 'sign-in.code-used' },
  { errorCode: ['consent_required'], kind: 'interaction', code: 'consent' },
  // Auth0 says so of a wrong client secret; its sign-in page refuses without this status.
  { errorCode: ['access_denied'], status: [401], protocol: 'oidc', kind: 'admin', code: 'client-refused' },
  { errorCode: ['access_denied'], during: 'sign-in', kind: 'interaction', code: 'sign-in.denied' },
  {
    errorCode: [
      'invalid_grant',
      'access_denied',
      // From providers that report an expired refresh token in their own terms; the first two by RFC 6750 3.1 and RFC 8628 3.5.
      'invalid_token',
      'expired_token',
      'invalid_refresh_token',
      'interaction_required',
      'mfa_required',
      'insufficient_user_authentication',
      'unmet_authentication_requirements',
      'login_required',
      'account_selection_required',
      'no_tokens_found',
      'no_account_found',
      'no_account_in_silent_request',
      'refresh_token_expired',
      'token_refresh_required',
      'bad_token',
    ],
    kind: 'interaction',
    code: 'interaction',
  },
  {
    errorCode: ['invalid_client', 'unauthorized_client'],
    protocol: 'oidc',
    kind: 'admin',
    code: 'client-refused',
  },
  { errorCode: ['invalid_client'], credential: 'certificate', kind: 'admin', code: 'wrong-certificate' },
  { errorCode: ['invalid_client'], credential: 'assertion-file', kind: 'admin', code: 'wrong-assertion' },
  { errorCode: ['invalid_client'], kind: 'admin', code: 'wrong-secret' },
  { errorCode: ['unauthorized_client'], kind: 'admin', code: 'wrong-client' },
  { errorCode: ['invalid_scope', 'invalid_resource', 'invalid_target'], kind: 'admin', code: 'wrong-scope' },
  {
    errorCode: ['invalid_request', 'unsupported_grant_type', 'unsupported_response_type', 'unauthorized'],
    kind: 'admin',
    code: 'request-refused',
  },
  {
    // 404: nothing is there. 200: MSAL refused the metadata, because its issuer is on another host.
    errorCode: ['endpoints_resolution_error', 'openid_config_error'],
    status: [200, 404],
    kind: 'admin',
    code: 'wrong-authority',
  },
  { errorCode: ['issuer_validation_failed', 'untrusted_authority'], kind: 'admin', code: 'wrong-authority' },
  { errorCode: ['temporarily_unavailable', 'server_error'], kind: 'transient', code: 'authority-down' },
  // RFC 6749 5.2: the client could not be authenticated, whatever the provider calls it.
  { status: [401], protocol: 'oidc', kind: 'admin', code: 'client-refused' },
];

import { problem, ProblemError } from '../../words/problem.ts';
import { textField } from '../output/report.ts';
import { shown } from '../command-line/read.ts';

/** The variable in which kubectl says which version of an answer it reads. */
export const EXEC_INFO_NAME = 'KUBERNETES_EXEC_INFO';

const GROUP = 'client.authentication.k8s.io';
/** Both have the fields written here. kubectl has known the first since 1.22, the second since 1.11. */
const VERSIONS = [`${GROUP}/v1`, `${GROUP}/v1beta1`] as const;
type ApiVersion = (typeof VERSIONS)[number];

/** What kubectl's credential plugins print (client.authentication.k8s.io, ExecCredential). */
export interface ExecCredential {
  readonly apiVersion: ApiVersion;
  readonly kind: 'ExecCredential';
  readonly status: {
    readonly token: string;
    /** RFC 3339; kubectl keeps the token in memory until then. */
    readonly expirationTimestamp: string;
  };
}

/**
 * The version to answer with, from the JSON in KUBERNETES_EXEC_INFO; `v1` if it is not set (a user is looking).
 * @throws ProblemError `exec-info`
 */
export function readExecInfo(text: string | undefined): ApiVersion {
  if (text === undefined || text === '') return VERSIONS[0];
  const found = apiVersionOf(text);
  const known = VERSIONS.find((version) => version === found);
  if (known !== undefined) return known;
  throw new ProblemError(
    problem('usage', 'exec-info', { found: shown(found ?? text), wanted: VERSIONS.join(', ') }),
  );
}

/** The running host's answer, as kubectl reads it. */
export function execCredential(body: unknown, apiVersion: ApiVersion): ExecCredential {
  return {
    apiVersion,
    kind: 'ExecCredential',
    status: {
      token: textField(body, 'accessToken') ?? '',
      expirationTimestamp: textField(body, 'expiresOn') ?? '',
    },
  };
}

function apiVersionOf(text: string): string | undefined {
  try {
    return textField(JSON.parse(text), 'apiVersion');
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The kinds of a status's parts, as they are or as JSON carries them. */
export type StatusKinds = Readonly<Record<'session' | 'health' | 'storage', { readonly kind: string }>>;

/**
 * How a profile is, in one word, for `/health`: `ok`, or the first thing that is not (`signed-out`,
 * `sign-in-needed`, `offline`, `configuration`, `storage`), `not-configured` where there is no profile.
 * Nothing about anybody.
 */
export function healthWord(status: StatusKinds | undefined): string {
  if (status === undefined) return 'not-configured';
  const { session, health, storage } = status;
  if (session.kind !== 'signed-in') return session.kind;
  if (health.kind !== 'ok') return health.kind;
  return storage.kind === 'ok' ? 'ok' : 'storage';
}

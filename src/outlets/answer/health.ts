/** The kinds of a status's parts, from an agent or from JSON. */
export type StatusKinds = Readonly<Record<'session' | 'health' | 'storage', { readonly kind: string }>>;

/**
 * The state of a profile in one word, for `/health`: `ok`, or the first part that is not (`signed-out`,
 * `sign-in-needed`, `offline`, `failing`, `configuration`, `storage`), `not-configured` without a profile. Says nothing about
 * any user.
 */
export function healthWord(status: StatusKinds | undefined): string {
  if (status === undefined) return 'not-configured';
  const { session, health, storage } = status;
  if (session.kind !== 'signed-in') return session.kind;
  if (health.kind !== 'ok') return health.kind;
  return storage.kind === 'ok' ? 'ok' : 'storage';
}

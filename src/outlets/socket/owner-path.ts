/** A path of the owner's socket for one profile; the default one where none is named. */
export function ownerPath(path: string, profile: string | undefined): string {
  return profile === undefined ? path : `${path}?profile=${encodeURIComponent(profile)}`;
}

import { freshDraft, type ProfileDraft } from '../../../config/draft/draft.ts';
import type { Profile } from '../../../config/profile/profile.ts';

/** What a text says about the registration that its secret belongs to, in a profile's form. */
export type NamedRegistration = Partial<Pick<Profile, 'authority' | 'clientId'>>;

/** A valid draft, so that one field of another draft can be checked alone. */
const VALID: ProfileDraft = {
  ...freshDraft(undefined),
  authority: 'organizations',
  clientId: '00000000-0000-0000-0000-000000000000',
  schedule: { kind: 'none' },
};

/**
 * Takes the registration from a text's fields. Missing and invalid fields are left out: the user has yet to fill them
 * in.
 */
export async function namedRegistration({
  authority,
  clientId,
}: Partial<Pick<ProfileDraft, 'authority' | 'clientId'>>): Promise<NamedRegistration> {
  const { profileOfDraft } = await import('../../../config/draft/draft-check.ts');
  const profileWith = (part: Partial<ProfileDraft>): Profile | undefined => {
    const made = profileOfDraft({ ...VALID, ...part }, 'read');
    return made.kind === 'ok' ? made.profile : undefined;
  };
  const at =
    authority === undefined
      ? undefined
      : (profileWith({ authority }) ?? profileWith({ authority, protocol: 'oidc' }));
  const of = clientId === undefined ? undefined : profileWith({ clientId });
  return { ...(at && { authority: at.authority }), ...(of && { clientId: of.clientId }) };
}

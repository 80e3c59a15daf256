import { freshDraft, type ProfileDraft } from '../../../config/draft/draft.ts';
import type { Profile } from '../../../config/profile/profile.ts';

/** What a text names of the registration that its secret belongs to, as a profile has it. */
export type NamedRegistration = Partial<Pick<Profile, 'authority' | 'clientId'>>;

/** Right in all its parts, so that one of another draft can be judged alone. */
const RIGHT: ProfileDraft = {
  ...freshDraft(undefined),
  authority: 'organizations',
  clientId: '00000000-0000-0000-0000-000000000000',
  schedule: { kind: 'none' },
};

/**
 * Takes the registration from what was read of a text. What is missing or wrong there names nothing: somebody has
 * yet to write or correct it.
 */
export async function namedRegistration({
  authority,
  clientId,
}: Partial<Pick<ProfileDraft, 'authority' | 'clientId'>>): Promise<NamedRegistration> {
  const { profileOfDraft } = await import('../../../config/draft/draft-check.ts');
  const madeWith = (part: Partial<ProfileDraft>): Profile | undefined => {
    const made = profileOfDraft({ ...RIGHT, ...part }, 'read');
    return made.kind === 'ok' ? made.profile : undefined;
  };
  const at =
    authority === undefined
      ? undefined
      : (madeWith({ authority }) ?? madeWith({ authority, protocol: 'oidc' }));
  const of = clientId === undefined ? undefined : madeWith({ clientId });
  return {
    ...(at === undefined ? {} : { authority: at.authority }),
    ...(of === undefined ? {} : { clientId: of.clientId }),
  };
}

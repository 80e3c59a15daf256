import { say } from './say.ts';

/** The named fields of a profile's form. */
export type NamedField =
  'name' | 'authority' | 'clientId' | 'credential' | 'redirectUri' | 'scopes' | 'extraScopes';

/** The field's name on the form, which depends on the provider; the same everywhere. */
export function sayFieldName(field: NamedField, protocol: 'entra' | 'oidc'): string {
  const isEntra = protocol === 'entra';
  switch (field) {
    case 'name':
      return say('settings-page.field.name');
    case 'authority':
      return isEntra ? say('settings-page.field.tenant') : say('settings-page.field.issuer');
    case 'clientId':
      return isEntra ? say('settings-page.field.clientId') : say('settings-page.field.clientId.oidc');
    case 'credential':
      return say('settings-page.credential');
    case 'redirectUri':
      return say('settings-page.field.redirectUri');
    case 'scopes':
      return say('settings-page.field.scopes');
    case 'extraScopes':
      return say('settings-page.field.extraScopes');
  }
}

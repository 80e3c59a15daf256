import { say } from './say.ts';

/** The fields of a profile's form that have a label of their own. */
export type NamedField =
  'name' | 'authority' | 'clientId' | 'credential' | 'redirectUri' | 'scopes' | 'extraScopes';

/** A field's label, which depends on the provider. Messages use the same one. */
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

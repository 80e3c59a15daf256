// A module of its own with named exports, so that the bundler can leave out the rest:
// `import('@azure/msal-node-extensions')` would keep the broker plugin and its 44 MB runtime.
export {
  DataProtectionScope,
  FilePersistenceWithDataProtection,
  KeychainPersistence,
  LibSecretPersistence,
} from '@azure/msal-node-extensions';

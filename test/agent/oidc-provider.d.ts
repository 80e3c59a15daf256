// The package has no types of its own; these are the parts that the tests use.
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http';

  interface StoredModel {
    destroy(): Promise<void>;
  }

  export default class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>);
    callback(): RequestListener;
    on(event: string, listener: (...args: unknown[]) => void): this;
    readonly Grant: { find(id: string): Promise<StoredModel | undefined> };
  }
}

import type { Tenant } from '../tenant';

/** A request to Graph with all that an answer depends on; one of its own, or a part of a $batch. */
export interface GraphRequest {
  readonly tenant: Tenant;
  readonly method: string;
  readonly url: URL;
  /** Application permissions in the token. */
  readonly roles: readonly string[];
  /** Who signed in, in the delegated flow, and with which scopes. */
  readonly delegate?: { readonly upn: string; readonly scopes: readonly string[] };
  /** Whether it has the header `ConsistencyLevel: eventual`. */
  readonly eventual: boolean;
  /** Whether it has the header `Prefer: include-unknown-enum-members`. */
  readonly unknownEnumMembers: boolean;
  /** The JSON of a POST. */
  readonly body?: unknown;
  /** Milliseconds since 1970. */
  readonly now: number;
}

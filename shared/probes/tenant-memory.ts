/** Remembers a state for each tenant, by login authority and tenant. Both may reject. */
export interface TenantMemory<State> {
  readonly load: (tenant: string) => Promise<State | undefined>;
  readonly save: (tenant: string, state: State) => Promise<void>;
}

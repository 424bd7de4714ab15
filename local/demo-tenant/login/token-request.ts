/** A POST to the token endpoint; parameters as in RFC 6749, the client's id and proof wherever it put them. */
export interface TokenRequest {
  readonly parameters: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

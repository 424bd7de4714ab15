/**
 * The code of a connection that failed, such as `ENOTFOUND` or `SELF_SIGNED_CERT_IN_CHAIN`; undefined for another error.
 * fetch and the Azure SDK hide the error that has it in `cause`.
 */
export function networkErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? networkErrorCode(error.cause) : undefined;
}

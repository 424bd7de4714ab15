/** What a Retry-After header asks to wait, in milliseconds: it holds seconds or a date (RFC 9110). 0 when it says nothing. */
export function retryAfterMs(header: string | null | undefined, now: number): number {
  if (header === null || header === undefined) return 0;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1000;
  return Number.isNaN(ms) ? 0 : Math.max(0, ms);
}

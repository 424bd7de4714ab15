import type { ClockSkew } from '../../core/monitor-evidence';
import { blind, seen, type Reading } from '../../core/reading';
import type { Integration } from '../../core/subject';
import { failedLook } from '../failed-look';
import { networkErrorCode } from '../network-error';

export interface ClockOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Longest time the look may take, in milliseconds. */
  readonly deadlineMs?: number;
}

/**
 * The probe that compares this machine's clock with that of the token endpoint: every answer over HTTP has a Date, whatever it
 * answers. Never rejects.
 */
export function createClockProbe({ now, deadlineMs = 10_000 }: ClockOptions) {
  return async ({ loginAuthority }: Integration): Promise<Reading<ClockSkew>> => {
    const asked = `Asking ${loginAuthority} for the time`;
    const signal = AbortSignal.timeout(deadlineMs);
    const sentAt = now();
    try {
      const response = await fetch(loginAuthority, { method: 'HEAD', redirect: 'manual', signal });
      const date = Date.parse(response.headers.get('Date') ?? '');
      if (Number.isNaN(date)) {
        return blind('malformed', `${asked} was answered without a date (HTTP ${response.status}).`);
      }
      // The header names the second that has begun; half of the way is taken for the way back.
      const theirs = date + 500;
      return seen({ host: new URL(loginAuthority).host, aheadMs: (sentAt + now()) / 2 - theirs });
    } catch (error) {
      if (signal.aborted) {
        return blind(
          'timeout',
          `${asked} took longer than ${deadlineMs / 1000} s. Check that nothing slows HTTPS down.`,
        );
      }
      const code = networkErrorCode(error);
      if (code === undefined) return failedLook(error, asked);
      return blind(
        'unreachable',
        `${asked} got no connection (${code}). Check name resolution, firewall, proxy and TLS inspection between Mailbox Watch and this host.`,
      );
    }
  };
}

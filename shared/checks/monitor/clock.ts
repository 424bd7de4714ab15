import { seen, valueOf } from '../../core/reading';
import { MINUTE } from '../../core/time';
import { SEE_MONITOR_HEALTHY } from './grant-steps';
import type { MonitorCheck } from './monitor-check';

/** Entra ID and Exchange allow five minutes between clocks. */
const TOLERATED = 5 * MINUTE;

export const clock: MonitorCheck = {
  id: 'monitor-clock',
  title: 'The clock of Mailbox Watch is right',
  needs: ['clock'],
  usedIn: () => true,
  after: [],
  healthy: ({ clock: reading }) => Math.abs(valueOf(reading)?.aheadMs ?? Infinity) <= TOLERATED,
  causes: [
    {
      id: 'monitor-clock-wrong',
      title: 'The clock of Mailbox Watch is wrong',
      severity: 'critical',
      why: 'Tokens and certificates hold for a time. With a clock that is off by more than five minutes, what is signed here is refused, tokens are used after their end, and dates of expiry are judged wrongly.',
      opensAfter: 2,
      match: ({ clock: reading }) => {
        const { host = '', aheadMs = 0 } = valueOf(reading) ?? {};
        if (Math.abs(aheadMs) <= TOLERATED) return undefined;
        const minutes = Math.round(Math.abs(aheadMs) / MINUTE);
        const facts = { host, minutes: String(minutes), direction: aheadMs > 0 ? 'ahead of' : 'behind' };
        return { confidence: 'confirmed', facts };
      },
      remedy: [
        { part: 'check', say: "This machine's clock is {minutes} minutes {direction} that of {host}." },
        {
          say: 'On a machine of your own, set it by network time. In Azure, restart the function app, and report it to Microsoft if it stays.',
          run: { shell: 'shell', command: 'timedatectl set-ntp true' },
        },
        SEE_MONITOR_HEALTHY,
      ],
      sources: ['https://learn.microsoft.com/entra/identity-platform/access-tokens'],
      examples: [
        {
          says: 'It is seven minutes ahead.',
          evidence: { clock: seen({ host: 'login.microsoftonline.com', aheadMs: 7 * MINUTE }) },
        },
        {
          says: 'It is a day behind.',
          evidence: { clock: seen({ host: 'login.microsoftonline.com', aheadMs: -1440 * MINUTE }) },
        },
      ],
    },
  ],
};

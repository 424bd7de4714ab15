import { seen, valueOf } from '../../core/reading';
import { SEE_MONITOR_HEALTHY } from './grant-steps';
import type { MonitorCheck } from './monitor-check';

/** A read and a write usually take some 50 ms; with more than this a run of many mailboxes does not end before the next. */
const SLOW_MS = 5_000;

export const storage: MonitorCheck = {
  id: 'monitor-storage',
  title: 'Mailbox Watch remembers what it sees',
  needs: ['storage'],
  usedIn: () => true,
  after: [],
  healthy: ({ storage: reading }) => {
    const answer = valueOf(reading);
    return answer?.works === true && answer.ms <= SLOW_MS;
  },
  causes: [
    {
      id: 'monitor-storage-fails',
      title: 'The storage of Mailbox Watch fails',
      severity: 'critical',
      why: 'Every verdict, its history and its alerts are remembered in the storage account of the function app. What cannot be remembered is not shown, and alerts nobody.',
      opensAfter: 2,
      match: ({ storage: reading }) => {
        const answer = valueOf(reading);
        return answer?.works === false ? { confidence: 'confirmed', facts: { said: answer.detail } } : undefined;
      },
      remedy: [
        { part: 'check', say: '{said}' },
        {
          say: 'Storage account > Networking: let the function app in. Access control (IAM): give its identity the role Storage Table Data Contributor.',
          role: 'User Access Administrator on the resource',
        },
        SEE_MONITOR_HEALTHY,
      ],
      sources: ['https://learn.microsoft.com/azure/azure-functions/storage-considerations'],
      examples: [
        {
          says: 'A note could not be written.',
          evidence: { storage: seen({ works: false, detail: 'Storage: writing the note failed (403).' }) },
        },
      ],
    },
    {
      id: 'monitor-storage-slow',
      title: 'The storage of Mailbox Watch is slow',
      severity: 'warning',
      why: 'Each mailbox costs a read and a write of the storage. When they take seconds, a run does not end before the next begins, and verdicts grow old.',
      opensAfter: 3,
      match: ({ storage: reading }) => {
        const answer = valueOf(reading);
        return answer?.works === true && answer.ms > SLOW_MS
          ? { confidence: 'confirmed', facts: { seconds: (answer.ms / 1000).toFixed(1) } }
          : undefined;
      },
      remedy: [
        {
          part: 'check',
          say: 'Writing a note and reading it back took {seconds} seconds. Storage account > Insights shows who throttles: the account, or the network.',
          role: 'Reader on the resource',
        },
        { say: 'Let the storage account be in the region of the function app, and be used by it alone.' },
        SEE_MONITOR_HEALTHY,
      ],
      sources: ['https://learn.microsoft.com/azure/azure-functions/storage-considerations'],
      examples: [{ says: 'It took eight seconds.', evidence: { storage: seen({ works: true, ms: 8_000 }) } }],
    },
  ],
};

import { seen, valueOf } from '../../core/reading';
import { MINUTE } from '../../core/time';
import { SEE_MONITOR_HEALTHY } from './grant-steps';
import type { MonitorCheck } from './monitor-check';

/** A receiver may be away for a moment: notices are kept and tried again. */
const DEAD_AFTER = 15 * MINUTE;

export const channels: MonitorCheck = {
  id: 'monitor-channels',
  title: 'Notices arrive at every channel',
  needs: ['channels'],
  usedIn: () => true,
  after: [],
  healthy: ({ channels: reading }) =>
    valueOf(reading)?.every(({ failingForMs = 0 }) => failingForMs < DEAD_AFTER) === true,
  causes: [
    {
      id: 'channel-takes-no-notices',
      title: 'A channel takes no notices',
      severity: 'critical',
      why: 'People are told over channels. What one does not take is kept and tried again for three days; until it is repaired, whoever is told there alone is not told.',
      opensAfter: 1,
      match: ({ channels: reading }) => {
        const dead = (valueOf(reading) ?? []).filter(({ failingForMs = 0 }) => failingForMs >= DEAD_AFTER);
        const [first] = dead;
        if (first === undefined) return undefined;
        const { id, detail = '' } = first;
        const credential = dead.map((one) => one.id).join(', ');
        return { confidence: 'confirmed', facts: { channel: id, said: detail, channels: credential }, credential };
      },
      remedy: [
        { part: 'check', say: 'No notice arrives at {channels}. {said}' },
        {
          say: 'Try it when it is repaired; what has waited is sent by itself.',
          run: { shell: 'shell', command: 'mailbox-watch alerts test {channel}' },
        },
        SEE_MONITOR_HEALTHY,
      ],
      sources: [
        'https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/what-are-webhooks-and-connectors',
      ],
      examples: [
        {
          says: 'One of two has taken nothing for an hour.',
          evidence: {
            channels: seen([
              { id: 'mail' },
              {
                id: 'ops-teams',
                failingForMs: 60 * MINUTE,
                detail: 'Teams answered with HTTP 404: make the workflow anew.',
              },
            ]),
          },
        },
      ],
    },
  ],
};

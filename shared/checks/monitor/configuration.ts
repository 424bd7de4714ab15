import { seen, valueOf } from '../../core/reading';
import type { MonitorCheck } from './monitor-check';
import { SEE_MONITOR_HEALTHY } from './grant-steps';

export const configuration: MonitorCheck = {
  id: 'monitor-configuration',
  title: 'The configuration is valid as it was last written',
  needs: ['configuration'],
  usedIn: () => true,
  after: [],
  healthy: ({ configuration: reading }) => valueOf(reading)?.valid === true,
  causes: [
    {
      id: 'configuration-not-valid',
      title: 'The configuration was changed and is not valid: the one before is used',
      severity: 'critical',
      why: 'The file was written while Mailbox Watch ran, and something in it is wrong. So that nothing goes unwatched meanwhile, the last one that was valid goes on. When Mailbox Watch starts anew it has none to go on with.',
      opensAfter: 1,
      match: ({ configuration: reading }) => {
        const answer = valueOf(reading);
        return answer?.valid === false ? { confidence: 'confirmed', facts: { problems: answer.problems } } : undefined;
      },
      remedy: [
        { part: 'check', say: '{problems}' },
        {
          say: 'Correct it and save it: it is read again by itself. Every problem with its lines:',
          run: { shell: 'shell', command: 'mailbox-watch config validate' },
        },
        SEE_MONITOR_HEALTHY,
      ],
      sources: ['https://yaml.org/spec/1.2.2/'],
      examples: [
        {
          says: 'A mailbox without an address was added.',
          evidence: {
            configuration: seen({
              valid: false,
              problems: 'integrations[0].mailboxes[2] (line 14, column 9): expected the address of a mailbox',
            }),
          },
        },
      ],
    },
  ],
};

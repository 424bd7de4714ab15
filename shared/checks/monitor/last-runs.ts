import type { Cause, NonEmpty } from '../../core/check';
import type { LastRun, LastRuns, MonitorEvidence } from '../../core/monitor-evidence';
import { seen, valueOf } from '../../core/reading';
import type { Context } from '../../core/subject';
import { HOUR, MINUTE } from '../../core/time';
import { EXAMPLE_NOW } from '../example-evidence';
import { SEE_MONITOR_HEALTHY } from './grant-steps';
import type { MonitorCheck } from './monitor-check';

function isFresh({ at, dueSince }: LastRun): boolean {
  return at !== undefined && at >= dueSince;
}

/** It ran once, and no more: what never ran may not have had its turn. */
function isOverdue({ at, dueSince }: LastRun): boolean {
  return at !== undefined && at < dueSince;
}

function ago(at: number, { now }: Context): string {
  const minutes = Math.floor((now - at) / MINUTE);
  return minutes < 120 ? `${minutes} minutes` : `${Math.floor((now - at) / HOUR)} hours`;
}

const why =
  'Timers begin every run. When they do not, or when what they planned is not done, verdicts grow old, and a mailbox that stops is not noticed.';

const sources: NonEmpty<string> = ['https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer'];

/** Runs at EXAMPLE_NOW of five-minute and hourly schedules, so many minutes ago. */
function runs({ mailboxes, applications, planned }: Record<'mailboxes' | 'applications' | 'planned', number>) {
  const at = (minutes: number) => EXAMPLE_NOW - minutes * MINUTE;
  return seen<LastRuns>({
    mailboxes: { at: at(mailboxes), dueSince: at(10) },
    applications: { at: at(applications), dueSince: at(120) },
    mailboxesPlannedAt: at(planned),
  });
}

const queueStuck: Cause<MonitorEvidence> = {
  id: 'mailbox-batches-not-processed',
  title: 'Mailboxes are planned, but not checked',
  severity: 'critical',
  why,
  opensAfter: 1,
  match: ({ lastRuns }, context) => {
    const { mailboxes, mailboxesPlannedAt } = valueOf(lastRuns) ?? {};
    if (mailboxes?.at === undefined || mailboxesPlannedAt === undefined) return undefined;
    return isOverdue(mailboxes) && mailboxesPlannedAt >= mailboxes.dueSince
      ? { confidence: 'confirmed', facts: { ago: ago(mailboxes.at, context) } }
      : undefined;
  },
  remedy: [
    { part: 'check', say: 'The last mailbox was checked {ago} ago, though the timer has planned since.' },
    {
      part: 'check',
      say: 'Look for failures of the function checkMailboxBatch: Function app > Functions > checkMailboxBatch > Invocations.',
      role: 'Reader on the resource',
    },
    {
      part: 'check',
      say: 'See what waits in the queue mailbox-watch-batches, and what was given up in mailbox-watch-batches-poison. Fill in the storage account.',
      role: 'Storage Queue Data Reader on the storage account',
      run: {
        shell: 'az',
        command:
          'az storage message peek --queue-name mailbox-watch-batches-poison --num-messages 5 --auth-mode login --account-name ACCOUNT',
      },
    },
    SEE_MONITOR_HEALTHY,
  ],
  sources: ['https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger', ...sources],
  examples: [
    {
      says: 'Planned a minute ago, last checked an hour ago.',
      evidence: { lastRuns: runs({ mailboxes: 60, applications: 30, planned: 1 }) },
    },
  ],
};

function timerStopped(
  texts: Pick<Cause<MonitorEvidence>, 'id' | 'title'>,
  which: 'mailboxes' | 'applications',
  functionName: string,
  setting: string,
  example: Parameters<typeof runs>[0],
): Cause<MonitorEvidence> {
  return {
    ...texts,
    severity: 'critical',
    why,
    opensAfter: 1,
    match: ({ lastRuns }, context) => {
      const run = valueOf(lastRuns)?.[which];
      return run?.at !== undefined && isOverdue(run)
        ? { confidence: 'inferred', facts: { ago: ago(run.at, context) } }
        : undefined;
    },
    remedy: [
      {
        part: 'check',
        say: `The last run was {ago} ago. See whether the function ${functionName} is enabled, and why it fails: Function app > Functions > ${functionName} > Invocations.`,
        role: 'Reader on the resource',
      },
      {
        part: 'check',
        say: `See that the app setting ${setting} holds a schedule with six fields, such as 0 */5 * * * *.`,
        role: 'Contributor on the function app',
      },
      SEE_MONITOR_HEALTHY,
    ],
    sources,
    examples: [{ says: 'Two runs were missed.', evidence: { lastRuns: runs(example) } }],
  };
}

const mailboxTimer = timerStopped(
  { id: 'mailbox-timer-not-running', title: 'The timer of the mailboxes does not run' },
  'mailboxes',
  'checkMailboxes',
  'CHECK_MAILBOXES_SCHEDULE',
  { mailboxes: 60, applications: 30, planned: 60 },
);

const applicationTimer = timerStopped(
  { id: 'application-timer-not-running', title: 'The timer of the applications does not run' },
  'applications',
  'checkApplications',
  'CHECK_APPLICATIONS_SCHEDULE',
  { mailboxes: 4, applications: 300, planned: 4 },
);

export const lastRuns: MonitorCheck = {
  id: 'monitor-runs',
  title: 'Mailbox Watch checks on schedule',
  needs: ['lastRuns'],
  usedIn: () => true,
  after: [],
  healthy: ({ lastRuns: reading }) => {
    const runsSeen = valueOf(reading);
    return runsSeen !== undefined && isFresh(runsSeen.mailboxes) && isFresh(runsSeen.applications);
  },
  causes: [queueStuck, mailboxTimer, applicationTimer],
};

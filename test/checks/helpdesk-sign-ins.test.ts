import { EXAMPLE_NOW } from '../../shared/checks/example-evidence';
import { APPLICATION_CHECKS } from '../../shared/checks';
import { diagnoseAll } from '../../shared/core/diagnose';
import type { HelpdeskSignIns } from '../../shared/core/evidence';
import { seen } from '../../shared/core/reading';
import { HOUR, MINUTE } from '../../shared/core/time';
import { exampleContext } from '../support/contexts';
import { NO_APPLICATION_EVIDENCE } from '../support/no-evidence';

const ago = (minutes: number) => EXAMPLE_NOW - minutes * MINUTE;
const well = (minutes: number) => ({ at: ago(minutes), errorCode: 0 });
const refused = (minutes: number, errorCode: number, since = minutes) => ({
  at: ago(minutes),
  errorCode,
  said: 'Entra says no.',
  refusedSince: ago(since),
});
const ROB = 'rob@contoso.com';

function verdict(newest: HelpdeskSignIns['newest'], { hours = 24, users = [] as readonly string[] } = {}) {
  const context = exampleContext('application', {
    optionalEvidence: ['helpdesk-sign-ins'],
    flow: users.length > 0 ? 'delegated' : 'application',
    mailboxes: users.map((delegate, i) => ({ address: `mailbox-${i}@contoso.com`, delegate })),
  });
  const signIns = seen({ newest, since: EXAMPLE_NOW - hours * HOUR, readAt: EXAMPLE_NOW });
  const evidence = { ...NO_APPLICATION_EVIDENCE, helpdeskSignIns: signIns };
  const diagnosis = diagnoseAll(APPLICATION_CHECKS, evidence, context).get('helpdesk-sign-ins');
  return diagnosis?.verdict === 'diagnosed' ? diagnosis.cause.id : diagnosis?.verdict;
}

it.each<[string, HelpdeskSignIns['newest'], string]>([
  ['both succeed', { '': { helpdesk: well(40), mailboxWatch: well(10) } }, 'healthy'],
  [
    'both are refused alike: other checks tell the cause',
    { '': { helpdesk: refused(4, 7000222, 64), mailboxWatch: refused(10, 7000222) } },
    'healthy',
  ],
  [
    'the helpdesk alone is refused its secret, and Mailbox Watch has signed in since',
    { '': { helpdesk: refused(4, 7000215, 64), mailboxWatch: well(10) } },
    'helpdesk-credential-refused',
  ],
  [
    'the helpdesk alone is refused otherwise',
    { '': { helpdesk: refused(4, 53003, 64), mailboxWatch: well(10) } },
    'helpdesk-sign-in-refused',
  ],
  [
    'Mailbox Watch has not signed in since: it may be refused as well',
    { '': { helpdesk: refused(4, 7000215), mailboxWatch: well(10) } },
    'unclear',
  ],
  ['the helpdesk has been silent for a day', { '': { mailboxWatch: well(10) } }, 'helpdesk-silent'],
  [
    'its last success is half a day old',
    { '': { helpdesk: well(13 * 60), mailboxWatch: well(10) } },
    'helpdesk-silent',
  ],
])('%s', (_, newest, expected) => {
  expect(verdict(newest)).toBe(expected);
});

it('does not call silent who was looked at for too short a time', () => {
  expect(verdict({ '': { mailboxWatch: well(10) } }, { hours: 2 })).toBe('unclear');
});

it('judges every delegate', () => {
  const ann = { 'ann@contoso.com': { helpdesk: well(4), mailboxWatch: well(10) } };
  const users = ['ann@contoso.com', ROB];
  expect(verdict({ ...ann, [ROB]: { helpdesk: well(4), mailboxWatch: well(10) } }, { users })).toBe('healthy');
  expect(verdict(ann, { users })).toBe('helpdesk-silent');
  expect(verdict({ ...ann, [ROB]: { helpdesk: refused(4, 50173, 64), mailboxWatch: well(10) } }, { users })).toBe(
    'helpdesk-sign-in-refused',
  );
});

it('is not judged where the log is not asked for', () => {
  const diagnoses = diagnoseAll(APPLICATION_CHECKS, NO_APPLICATION_EVIDENCE, exampleContext('application'));
  expect(diagnoses.has('helpdesk-sign-ins')).toBe(false);
});

import type { World } from '../world';
import type { Fault } from './fault';

const ID = 'EX1234567';

/** Exchange Online is degraded, says Microsoft; nothing else changes. `now`: milliseconds since 1970. */
export function incident({ tenant }: World, now: () => number): Fault {
  const isIt = ({ id }: { readonly id: string }) => id === ID;
  const title = 'Some users cannot open their mailboxes over IMAP';
  const impact = 'IMAP clients may be told that they are authenticated but not connected.';
  return {
    id: 'incident',
    says: `Microsoft reports a degradation of Exchange Online (${ID}).`,
    remedy: 'Wait: only Microsoft repairs it. Service health in the Microsoft 365 admin center tells how far they are.',
    startsRepaired: true,
    isBroken: () => tenant.serviceIssues.some((issue) => isIt(issue) && issue.endsAt === undefined),
    repair: () => {
      tenant.serviceIssues = tenant.serviceIssues.map((issue) => (isIt(issue) ? { ...issue, endsAt: now() } : issue));
    },
    break: () => {
      const others = tenant.serviceIssues.filter((issue) => !isIt(issue));
      tenant.serviceIssues = [{ id: ID, title, impact, startsAt: now() }, ...others];
    },
  };
}

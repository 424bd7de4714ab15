import type { AssignedPlan, User } from '@microsoft/microsoft-graph-types';
import * as z from 'zod';
import type { DelegateAccount } from '../../core/evidence';
import { seen, type Reading } from '../../core/reading';
import type { Ask } from './batch';
import { parse } from './question';
import { selected, type Shape } from './shape';

const plan = {
  service: z.string().nullish(),
  capabilityStatus: z.string().nullish(),
  servicePlanId: z.string().nullish(),
} satisfies Shape<AssignedPlan>;

const shape = {
  id: z.string(),
  userPrincipalName: z.string(),
  accountEnabled: z.boolean(),
  assignedPlans: z.array(z.object(plan)),
} satisfies Shape<User>;

/** EXCHANGE_S_FOUNDATION: comes with licences of other products, and gives no mailbox. */
const EXCHANGE_FOUNDATION = '113feb6c-3fe4-4440-bddc-54d774bf0318';

/** Reads the account of one user principal name: one question. Never rejects. */
export async function readDelegateAccount(
  ask: Ask,
  delegate: string,
  now: () => number,
): Promise<Reading<DelegateAccount>> {
  const question = {
    url: `/users/${encodeURIComponent(delegate)}?${selected(shape)}`,
    what: `the account of ${delegate}`,
    permission: 'User.Read.All',
  };
  const answer = await ask(question);
  if (answer.outcome === 'blind') return answer;
  if (!answer.value.found) return seen({ found: false, readAt: now() });
  const account = parse(z.object(shape), answer.value.body, question);
  if (account.outcome === 'blind') return account;
  const { id, accountEnabled, assignedPlans } = account.value;
  return seen({
    found: true,
    id,
    enabled: accountEnabled,
    hasExchangePlan: assignedPlans.some(isUsableExchangePlan),
    readAt: now(),
  });
}

/** `Warning` is the grace period of an unpaid licence: all still works (https://learn.microsoft.com/graph/api/resources/assignedplan). */
function isUsableExchangePlan({ service, capabilityStatus, servicePlanId }: z.output<z.ZodObject<typeof plan>>) {
  return (
    service?.toLowerCase() === 'exchange' &&
    servicePlanId?.toLowerCase() !== EXCHANGE_FOUNDATION &&
    ['enabled', 'warning'].includes(capabilityStatus?.toLowerCase() ?? '')
  );
}

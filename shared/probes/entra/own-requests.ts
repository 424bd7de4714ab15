import { randomUUID } from 'node:crypto';

/** "MBXW": what the ids of Mailbox Watch's own token requests begin with. */
const MARK = '4d425857-';

/**
 * An id for one token request, which Entra ID's sign-in log repeats as its correlation id
 * (https://learn.microsoft.com/graph/api/resources/signin): so Mailbox Watch, which signs in as the helpdesk does, is told from it.
 */
export function ownCorrelationId(): string {
  return MARK + randomUUID().slice(MARK.length);
}

export function isOwnCorrelationId(id: string): boolean {
  return id.toLowerCase().startsWith(MARK);
}

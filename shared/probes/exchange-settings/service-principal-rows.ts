import * as z from 'zod';
import type { ExchangeServicePrincipal } from '../../core/evidence';
import { seen, type Reading } from '../../core/reading';
import type { AdminSession } from './admin-session';
import { saysNotFound, type Answer } from './answer';
import { malformed, reading, type Question } from './failure';
import { rowsOf } from './rows';

const name = z.string().nullish();
const Principal = z.object({
  AppId: z.string(),
  ObjectId: z.string(),
  DisplayName: name,
  Name: name,
  Identity: name,
  UserSid: name,
  Sid: name,
});

type Principal = Pick<Extract<ExchangeServicePrincipal, { registered: true }>, 'registered' | 'objectId' | 'names'>;

/** What Get-ServicePrincipal says of the app. For an app that it does not know, Exchange lists all others. */
export function principalOf(
  answer: Answer,
  clientId: string,
  session: AdminSession,
): Reading<Principal | { registered: false }> {
  if (saysNotFound(answer)) return seen({ registered: false });
  const question: Question = { what: `the service principal of app ${clientId}`, cmdlet: 'Get-ServicePrincipal' };
  const list = rowsOf(answer, Principal, question, session);
  if (list.outcome === 'blind') return list;
  const { rows, complete } = list.value;
  const row = rows.find(({ AppId }) => AppId.toLowerCase() === clientId.toLowerCase());
  if (row !== undefined) return seen({ registered: true, objectId: row.ObjectId, names: namesOf(row) });
  if (complete) return seen({ registered: false });
  return malformed(
    `${reading(question, session.endpoint)} gave a part of the list only: the app may stand in the rest.`,
  );
}

function namesOf({ DisplayName, Name, Identity, ObjectId, UserSid, Sid }: z.output<typeof Principal>): string[] {
  const names = [DisplayName, Name, Identity, ObjectId, UserSid, Sid];
  return [...new Set(names.flatMap((one) => (one ? [one.toLowerCase()] : [])))];
}

import * as z from 'zod';
import { seen, type Reading } from '../../core/reading';
import { restOf } from '../directory/collection';
import type { Graph } from '../directory/graph';
import { askOnce, explain } from '../directory/question';
import { oneLine } from '../one-line';
import { SEARCHED_BACK, type FoundChange } from './search-state';

/**
 * Microsoft documents it for v1.0 (https://learn.microsoft.com/graph/api/security-auditlogquery-post-records), where it answered 404 in
 * July 2026; /beta answers.
 */
const ROOT = '/beta/security/auditLog/queries';
const PERMISSION = 'AuditLogsQuery-Exchange.Read.All';
/** What switches IMAP or POP, and gives or takes access. */
const OPERATIONS = ['Set-CASMailbox', 'Add-MailboxPermission', 'Remove-MailboxPermission'];
/** Records of one search; of a tenant that changes more in a month they are not read. */
const MOST_READ = 5000;
const MAX_TEXT = 200;
/** What is kept of a cmdlet's parameters. */
const PARAMETERS = ['ImapEnabled', 'PopEnabled', 'User', 'AccessRights', 'Deny'];

// https://learn.microsoft.com/graph/api/resources/security-auditlogquery
const Query = z.object({ id: z.string(), status: z.string() });
export type Query = z.infer<typeof Query>;

const Parameters = z.array(z.object({ Name: z.string(), Value: z.string().nullish() }));
// https://learn.microsoft.com/graph/api/resources/security-auditlogrecord
const Record = z.object({
  createdDateTime: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  operation: z.string(),
  objectId: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  userId: z.string().nullish(),
  auditData: z.looseObject({ Parameters: Parameters.nullish() }).nullish(),
});

/** Asks for the changes of all mailboxes of the tenant. Never rejects. */
export function createQuery(graph: Graph, now: number): Promise<Reading<Query>> {
  const question = { url: graph.endpoint + ROOT, what: 'the audit log', permission: PERMISSION };
  const body = {
    displayName: 'Mailbox Watch',
    filterStartDateTime: new Date(now - SEARCHED_BACK).toISOString(),
    filterEndDateTime: new Date(now).toISOString(),
    recordTypeFilters: ['exchangeAdmin'],
    operationFilters: OPERATIONS,
  };
  return askOnce(graph, question, Query, () => graph.post(question.url, body));
}

/** How a search stands. Never rejects. */
export function readQuery(graph: Graph, id: string): Promise<Reading<Query>> {
  const url = `${graph.endpoint}${ROOT}/${encodeURIComponent(id)}`;
  return askOnce(graph, { url, what: 'the search of the audit log', permission: PERMISSION }, Query);
}

/** What a finished search found. Never rejects. */
export async function readRecords(graph: Graph, id: string): Promise<Reading<FoundChange[]>> {
  const url = `${graph.endpoint}${ROOT}/${encodeURIComponent(id)}/records?$top=500`;
  const question = { url, what: 'what the search of the audit log found', permission: PERMISSION };
  try {
    const records = await restOf(graph, question, Record, await graph.get(url), MOST_READ);
    return records.outcome === 'blind' ? records : seen(records.value.map(changeOf));
  } catch (error) {
    return explain(error, question, graph);
  }
}

function changeOf(record: z.infer<typeof Record>): FoundChange {
  const { createdDateTime: at, operation, objectId, userPrincipalName, userId, auditData } = record;
  const parameters = (auditData?.Parameters ?? []).map(
    ({ Name, Value }) => [Name, oneLine(Value ?? '', MAX_TEXT)] as const,
  );
  const identity = parameters.find(([name]) => name === 'Identity')?.[1];
  // Such as EURPR01A001.prod.outlook.com/Microsoft Exchange Hosted Organizations/contoso.onmicrosoft.com/NAME.
  const of = [identity, objectId, objectId?.split('/').at(-1)].flatMap((name) => name?.toLowerCase() ?? []);
  return {
    at,
    operation,
    by: oneLine(userPrincipalName ?? userId ?? 'somebody', MAX_TEXT),
    parameters: Object.fromEntries(parameters.filter(([name]) => PARAMETERS.includes(name))),
    of: [...new Set(of.map((name) => name.slice(0, MAX_TEXT)))],
  };
}

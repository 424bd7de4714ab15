import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { mailboxGuid } from '../exchange/cmdlet-rows';
import type { AuditedChange, AuditQuery, Tenant } from '../tenant';
import { dateTime } from './date-time';
import { badRequest, notFound } from './graph-error';
import { page, single, type Entity } from './odata';
import type { GraphRequest } from './request';

/** Searches of the audit log: https://learn.microsoft.com/graph/api/resources/security-auditlogquery */
const ROOT = 'security/auditLog/queries';
const QUERIES = { collection: ROOT, type: 'microsoft.graph.security.auditLogQuery' };
const RECORDS = { collection: `${ROOT}/records`, type: 'microsoft.graph.security.auditLogRecord' };

/** Looks at a search until it has ended; Microsoft takes minutes to hours. */
const LOOKS_UNTIL_DONE = 2;

const Wanted = z.object({
  displayName: z.string(),
  filterStartDateTime: z.iso.datetime().transform((text) => Date.parse(text)),
  filterEndDateTime: z.iso.datetime().transform((text) => Date.parse(text)),
  recordTypeFilters: z.array(z.literal('exchangeAdmin')),
  operationFilters: z.array(z.string()),
});

/** Throws GraphError. */
export function createAuditQuery({ tenant, url, body }: GraphRequest): Entity {
  const { data } = Wanted.safeParse(body);
  if (data === undefined) throw badRequest('The query is not valid.');
  const query: AuditQuery = {
    id: randomUUID(),
    displayName: data.displayName,
    from: data.filterStartDateTime,
    to: data.filterEndDateTime,
    operations: data.operationFilters,
    looks: 0,
  };
  tenant.auditQueries.push(query);
  return single(toQuery(query, 'notStarted'), QUERIES, url);
}

/** Throws GraphError. */
export function auditQuery({ tenant, url }: GraphRequest, id: string): Entity {
  const query = find(tenant, id);
  query.looks++;
  return single(toQuery(query, query.looks < LOOKS_UNTIL_DONE ? 'running' : 'succeeded'), QUERIES, url);
}

/** Throws GraphError. */
export function auditRecords({ tenant, url }: GraphRequest, id: string): Entity {
  const { from, to, operations } = find(tenant, id);
  const found = tenant.auditLog.filter(({ at, operation }) => at >= from && at <= to && operations.includes(operation));
  return page(
    found.map((one) => toRecord(one, tenant)),
    RECORDS,
    url,
  );
}

function find({ auditQueries }: Tenant, id: string): AuditQuery {
  const query = auditQueries.find((one) => one.id === id);
  if (query === undefined) throw notFound(id);
  return query;
}

function toQuery({ id, displayName, from, to, operations }: AuditQuery, status: string): Entity {
  return {
    id,
    displayName,
    filterStartDateTime: dateTime(from),
    filterEndDateTime: dateTime(to),
    recordTypeFilters: ['exchangeAdmin'],
    operationFilters: operations,
    status,
  };
}

/** The admin center names the mailbox by its id. */
function toRecord({ at, operation, by, mailbox, parameters }: AuditedChange, { id, domains }: Tenant): Entity {
  const identity = mailboxGuid(mailbox);
  return {
    id: randomUUID(),
    createdDateTime: dateTime(at),
    auditLogRecordType: 'exchangeAdmin',
    operation,
    organizationId: id,
    userType: 'Admin',
    userId: by,
    service: 'Exchange',
    objectId: `EURPR01A001.prod.outlook.com/Microsoft Exchange Hosted Organizations/${domains[0] ?? ''}/${identity}`,
    userPrincipalName: by,
    clientIp: null,
    administrativeUnits: [''],
    auditData: {
      '@odata.type': '#microsoft.graph.security.exchangeAdminRecord',
      Parameters: [
        { Name: 'Identity', Value: identity },
        ...Object.entries(parameters).map(([Name, Value]) => ({ Name, Value })),
      ],
    },
  };
}

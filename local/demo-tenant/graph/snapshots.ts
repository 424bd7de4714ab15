import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { permissionRows } from '../exchange/cmdlet-rows';
import type { Mailbox, SnapshotJob, SnapshotResource, Tenant } from '../tenant';
import { dateTime } from './date-time';
import { badRequest, notFound } from './graph-error';
import { page, single, type Entity } from './odata';
import type { GraphRequest } from './request';

/** Tenant Configuration Management: https://learn.microsoft.com/graph/api/resources/unified-tenant-configuration-management-api-overview */
const ROOT = 'admin/configurationManagement';
const JOBS = { collection: `${ROOT}/configurationSnapshotJobs`, type: 'microsoft.graph.configurationSnapshotJob' };
const SNAPSHOTS = { collection: `${ROOT}/configurationSnapshots`, type: 'microsoft.graph.configurationBaseline' };

/** Graph shows no more, and takes no more. */
const MAX_JOBS = 12;
/** Looks at a job until it has ended; Microsoft takes minutes to hours. */
const LOOKS_UNTIL_DONE = 2;

/** None of the three may be missing. */
const Wanted = z.object({
  displayName: z.string().regex(/^[A-Za-z0-9 ]{8,32}$/),
  description: z.string(),
  resources: z.array(z.string()).min(1),
});

/** Takes a snapshot of the whole tenant: what it holds is fixed now, and shown when the job has ended. Throws GraphError. */
export function createSnapshot({ tenant, url, body, now }: GraphRequest): Entity {
  const { data } = Wanted.safeParse(body);
  if (data === undefined) throw badRequest('displayName, description and resources have to be given.');
  // Microsoft documents the limit, not the words.
  if (tenant.snapshotJobs.length >= MAX_JOBS) {
    throw badRequest(`The tenant has exceeded its limit of ${MAX_JOBS} configuration snapshot jobs.`);
  }
  const { displayName, description, resources } = data;
  const job: SnapshotJob = {
    id: randomUUID(),
    snapshotId: randomUUID(),
    displayName,
    description,
    resources,
    createdAt: now,
    looks: 0,
    content: resources.flatMap((type) => contentOf(tenant, type.toLowerCase())),
  };
  tenant.snapshotJobs.push(job);
  return single(toJob(job, 'notStarted', tenant, url), JOBS, url);
}

/** Throws GraphError. */
export function snapshotJobs(request: GraphRequest): Entity {
  const { tenant, url } = request;
  return page(
    tenant.snapshotJobs.toReversed().map((job) => toJob(job, statusOf(job, request), tenant, url)),
    JOBS,
    url,
  );
}

/** Throws GraphError. */
export function snapshotJob(request: GraphRequest, id: string): Entity {
  const { tenant, url } = request;
  const job = tenant.snapshotJobs.find((one) => one.id === id);
  if (job === undefined) throw notFound(id);
  job.looks++;
  return single(toJob(job, statusOf(job, request), tenant, url), JOBS, url);
}

/** Throws GraphError. */
export function snapshot({ tenant, url }: GraphRequest, id: string): Entity {
  const job = tenant.snapshotJobs.find(({ snapshotId }) => snapshotId === id);
  if (job === undefined || job.looks < LOOKS_UNTIL_DONE || tenant.snapshotOutcome === 'failed') throw notFound(id);
  const resources =
    tenant.snapshotOutcome === 'partiallySuccessful'
      ? job.content.filter(({ resourceType }) => !resourceType.endsWith('mailboxpermission'))
      : job.content;
  return single(
    { id, displayName: job.displayName, description: job.description, parameters: [], resources },
    SNAPSHOTS,
    url,
  );
}

function statusOf({ looks }: SnapshotJob, { tenant, unknownEnumMembers }: GraphRequest): string {
  if (looks < LOOKS_UNTIL_DONE) return looks === 0 ? 'notStarted' : 'running';
  const { snapshotOutcome } = tenant;
  return snapshotOutcome === 'partiallySuccessful' && !unknownEnumMembers ? 'unknownFutureValue' : snapshotOutcome;
}

function toJob(job: SnapshotJob, status: string, { id: tenantId, snapshotOutcome }: Tenant, { origin }: URL) {
  const ended = job.looks >= LOOKS_UNTIL_DONE;
  const location = `${origin}/v1.0/${SNAPSHOTS.collection}('${job.snapshotId}')`;
  return {
    id: job.id,
    displayName: job.displayName,
    description: job.description,
    tenantId,
    status,
    resources: job.resources,
    createdDateTime: dateTime(job.createdAt),
    completedDateTime: ended ? dateTime(job.createdAt) : '0001-01-01T00:00:00Z',
    resourceLocation: ended && snapshotOutcome !== 'failed' ? location : '',
    errorDetails: ended ? ERRORS[snapshotOutcome] : [],
  };
}

const ERRORS: Readonly<Record<Tenant['snapshotOutcome'], readonly string[]>> = {
  succeeded: [],
  partiallySuccessful: ['microsoft.exchange.mailboxpermission: the operation has timed out.'],
  failed: ['Insufficient privileges to read microsoft.exchange.'],
};

function contentOf({ exchange }: Tenant, type: string): SnapshotResource[] {
  const mailboxes = [...exchange.mailboxes.values()];
  switch (type) {
    case 'microsoft.exchange.casmailboxsettings':
      return mailboxes.map((mailbox) => ({
        displayName: `EXOCASMailboxSettings-${mailbox.address}`,
        resourceType: type,
        properties: {
          Identity: mailbox.address,
          ImapEnabled: mailbox.imapEnabled,
          PopEnabled: mailbox.popEnabled,
          EwsEnabled: true,
        },
      }));
    case 'microsoft.exchange.mailboxpermission':
      return mailboxes.flatMap((mailbox) => permissionResources(mailbox, type));
    default:
      return [];
  }
}

function permissionResources(mailbox: Mailbox, resourceType: string): SnapshotResource[] {
  return permissionRows(mailbox).map(({ User, AccessRights, Deny, InheritanceType }) => ({
    displayName: `EXOMailboxPermission-${mailbox.address}`,
    resourceType,
    properties: { Identity: mailbox.address, User, AccessRights, Deny, InheritanceType, Ensure: 'Present' },
  }));
}

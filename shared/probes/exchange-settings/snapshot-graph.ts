import { GraphError } from '@microsoft/microsoft-graph-client';
import * as z from 'zod';
import { blind, seen, type Blind, type Reading } from '../../core/reading';
import type { Graph } from '../directory/graph';
import { explain, parse, type Question } from '../directory/question';
import { Content, keepWatched, RESOURCES } from './snapshot-rows';
import type { Snapshot, SnapshotJob } from './snapshot-state';

/** By it Mailbox Watch knows its own jobs. Graph takes 8 to 32 letters, digits and blanks. */
const DISPLAY_NAME = 'Mailbox Watch';
const ROOT = '/admin/configurationManagement';
/** Without it Graph hides words that are newer than its first version, such as `partiallySuccessful`. */
const PREFER = { Prefer: 'include-unknown-enum-members' };
const READ = 'ConfigurationMonitoring.Read.All';

const Job = z
  .object({
    id: z.string(),
    status: z.string(),
    createdDateTime: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
    resourceLocation: z.string().nullish(),
    errorDetails: z.array(z.string()).nullish(),
  })
  .transform(({ id, status, createdDateTime, resourceLocation, errorDetails }): SnapshotJob => {
    // Only the id is taken: the token goes to no other host.
    const [, snapshotId] = /configurationSnapshots(?:\('|\/)([\w-]+)/.exec(resourceLocation ?? '') ?? [];
    const errors = errorDetails ?? [];
    return { id, status, createdAt: createdDateTime, errors, ...(snapshotId !== undefined && { snapshotId }) };
  });

// Jobs of others may be anything.
const Jobs = z.object({ value: z.array(z.unknown()) });
const OwnJob = z.object({ displayName: z.literal(DISPLAY_NAME) });

/** The newest of Mailbox Watch's own jobs since then, if there is one. Never rejects. */
export async function findJob(graph: Graph, since: number): Promise<Reading<SnapshotJob | undefined>> {
  const question = {
    url: `${ROOT}/configurationSnapshotJobs?$orderby=createdDateTime%20desc`,
    what: 'the snapshot jobs of the tenant',
    permission: READ,
    headers: PREFER,
  };
  const list = await ask(graph, question, Jobs);
  if (list.outcome === 'blind') return list;
  const own = list.value.value.filter((job) => OwnJob.safeParse(job).success);
  const jobs = parse(z.array(Job), own, question);
  if (jobs.outcome === 'blind') return jobs;
  return seen(jobs.value.filter(({ createdAt }) => createdAt > since).sort((a, b) => b.createdAt - a.createdAt)[0]);
}

/** Asks for a snapshot. Never rejects. */
export function createJob(graph: Graph): Promise<Reading<SnapshotJob>> {
  const question = {
    url: `${ROOT}/configurationSnapshots/createSnapshot`,
    what: "a snapshot of Exchange's settings",
    permission: 'ConfigurationMonitoring.ReadWrite.All',
  };
  const body = {
    displayName: DISPLAY_NAME,
    description: 'IMAP switches and Full Access of the watched mailboxes',
    resources: Object.values(RESOURCES),
  };
  return ask(graph, question, Job, (url) => graph.post(url, body));
}

/** How a job stands. Never rejects. */
export function readJob(graph: Graph, jobId: string): Promise<Reading<SnapshotJob>> {
  const url = `${ROOT}/configurationSnapshotJobs('${encodeURIComponent(jobId)}')`;
  return ask(graph, { url, what: `the snapshot job ${jobId}`, permission: READ, headers: PREFER }, Job);
}

/** What a finished snapshot holds of these mailboxes (addresses, lower case). Never rejects. */
export async function readSnapshot(
  graph: Graph,
  snapshotId: string,
  addresses: readonly string[],
): Promise<Reading<Snapshot>> {
  const url = `${ROOT}/configurationSnapshots('${encodeURIComponent(snapshotId)}')`;
  const content = await ask(graph, { url, what: `the snapshot ${snapshotId}`, permission: READ }, Content);
  return content.outcome === 'blind' ? content : seen(keepWatched(content.value, addresses));
}

async function ask<T>(
  graph: Graph,
  question: Question,
  shape: z.ZodType<T>,
  send = (url: string) => graph.get(url, question.headers),
): Promise<Reading<T>> {
  try {
    return parse(shape, await send(question.url), question);
  } catch (error) {
    return overQuota(error) ?? explain(error, question, graph);
  }
}

/** The words are not documented; HTTP 429 is the ordinary throttling. */
function overQuota(error: unknown): Blind | undefined {
  if (!(error instanceof GraphError) || error.statusCode === 429) return undefined;
  if (!/quota|exceed|limit/i.test(`${error.code} ${error.message}`)) return undefined;
  return blind(
    'throttled',
    `Microsoft Graph takes no snapshot of this tenant now (HTTP ${error.statusCode}, ${error.code}): its quota is used up. A tenant has 20,000 resources a month and 12 snapshot jobs: delete jobs that nobody needs, or wait for the next month.`,
  );
}

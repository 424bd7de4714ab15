import type { ServiceHealth, ServiceHealthIssue } from '@microsoft/microsoft-graph-types';
import type { ServiceIssue } from '../tenant';
import { dateTime } from './date-time';
import { notFound } from './graph-error';
import { single, type Entity } from './odata';
import type { GraphRequest } from './request';

const HEALTH_OVERVIEWS = {
  collection: 'admin/serviceAnnouncement/healthOverviews',
  type: 'microsoft.graph.serviceHealth',
};
const SERVICE = 'Exchange Online';

/** What Microsoft tells of Exchange Online, with its issues where $expand asks for them. Throws GraphError. */
export function exchangeHealth({ tenant, url }: GraphRequest, service: string): Entity {
  if (service.toLowerCase() !== SERVICE.toLowerCase()) throw notFound(service);
  const { serviceIssues } = tenant;
  const isDegraded = serviceIssues.some(({ endsAt }) => endsAt === undefined);
  const health = {
    id: 'Exchange',
    service: SERVICE,
    status: isDegraded ? 'serviceDegradation' : 'serviceOperational',
    ...(url.searchParams.get('$expand') === 'issues' && { issues: serviceIssues.map(toIssue) }),
  } satisfies ServiceHealth;
  return single(health, HEALTH_OVERVIEWS, url);
}

function toIssue({ id, title, impact, startsAt, endsAt }: ServiceIssue) {
  const isResolved = endsAt !== undefined;
  return {
    id,
    title,
    classification: 'incident',
    details: [],
    endDateTime: isResolved ? dateTime(endsAt) : null,
    feature: 'Access to mail',
    featureGroup: 'E-Mail and calendar access',
    impactDescription: impact,
    isResolved,
    lastModifiedDateTime: dateTime(endsAt ?? startsAt),
    origin: 'microsoft',
    posts: [
      {
        createdDateTime: dateTime(startsAt),
        description: { contentType: 'html', content: `Title: ${title}` },
        postType: 'regular',
      },
    ],
    service: SERVICE,
    startDateTime: dateTime(startsAt),
    status: isResolved ? 'serviceRestored' : 'serviceDegradation',
  } satisfies ServiceHealthIssue;
}

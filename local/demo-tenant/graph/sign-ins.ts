import type { SignIn as GraphSignIn } from '@microsoft/microsoft-graph-types';
import { findApp, type SignIn } from '../tenant';
import { dateTime } from './date-time';
import { badRequest, noPremiumLicence } from './graph-error';
import { page, type Entity } from './odata';
import type { GraphRequest } from './request';

const SIGN_INS = { collection: 'auditLogs/signIns', type: 'microsoft.graph.signIn' };
const FILTER =
  /^signInEventTypes\/any\(t:t eq '(servicePrincipal|nonInteractiveUser)'\) and appId eq '([^']*)' and createdDateTime ge (\S+)$/;

/** The app whose sign-ins are asked for. */
export function appIdIn(url: URL): string | undefined {
  return FILTER.exec(url.searchParams.get('$filter') ?? '')?.[2];
}

/** The sign-in log of /beta, newest first; one kind a request (https://learn.microsoft.com/graph/api/signin-list). Throws GraphError. */
export function signIns({ tenant, url }: GraphRequest): Entity {
  if (!tenant.hasEntraP1) throw noPremiumLicence();
  const [, kind, appId, from = ''] = FILTER.exec(url.searchParams.get('$filter') ?? '') ?? [];
  if (kind === undefined) throw badRequest('Invalid filter clause');
  const since = Date.parse(from);
  const found = tenant.signIns.filter((one) => one.kind === kind && one.appId === appId && one.at >= since);
  return page(
    found.map((one) => toSignIn(one, findApp(tenant, one.appId)?.displayName)),
    SIGN_INS,
    url,
  );
}

function toSignIn({ id, kind, appId, upn, at, errorCode, failureReason, correlationId }: SignIn, appName = '') {
  return {
    id,
    createdDateTime: dateTime(at),
    appDisplayName: appName,
    appId,
    correlationId,
    isInteractive: false,
    ipAddress: '203.0.113.7',
    // Of a service principal these are empty.
    userDisplayName: '',
    userPrincipalName: upn ?? '',
    status: { errorCode, failureReason, additionalDetails: null },
    // Of /beta alone.
    ...{ signInEventTypes: [kind] },
  } satisfies GraphSignIn & { signInEventTypes: string[] };
}

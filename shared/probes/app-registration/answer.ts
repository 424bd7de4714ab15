import type { Application } from '@microsoft/microsoft-graph-types';
import * as z from 'zod';
import type { AppRegistration } from '../../core/evidence';
import { blind, seen, type Reading } from '../../core/reading';
import type { Shape } from '../directory/shape';
import { serverError } from '../server-error';
import { registeredCredentials } from './registered-credentials';

const application = {
  id: z.string(),
  displayName: z.string().nullish(),
  ...registeredCredentials,
} satisfies Shape<Application>;

/** The properties to ask Graph for. */
export const SELECTED = Object.keys(application);

/** An application as Graph describes it, in the terms of the evidence. */
const ApplicationAnswer = z
  .object(application)
  .transform(({ id, displayName, passwordCredentials, keyCredentials }): AppRegistration => ({
    found: true,
    objectId: id,
    displayName: displayName ?? '',
    passwords: passwordCredentials,
    keys: keyCredentials,
    owners: blind('not-attempted', 'The owners were not read.'),
    federatedCredentials: blind('not-attempted', 'The federated credentials were not read.'),
    credentialPolicy: blind('not-attempted', 'The app management policy was not read.'),
  }));

/** https://learn.microsoft.com/graph/errors */
const ErrorAnswer = z.object({ error: z.object({ code: z.string() }) });

/** What Graph's answer says. `body` is its JSON, undefined where it is none; `asked` begins the sentence where it says nothing. */
export function understand(status: number, body: unknown, asked: string): Reading<AppRegistration> {
  const { data, error } = ApplicationAnswer.safeParse(body);
  const code = ErrorAnswer.safeParse(body).data?.error.code;
  if (status === 200 && data !== undefined) return seen(data);
  if (status === 404 && code === 'Request_ResourceNotFound') return seen({ found: false });
  if (status === 429) {
    return blind('throttled', `${asked} was throttled (HTTP 429). Nothing to repair here: it is read again later.`);
  }
  if ((status === 401 || status === 403) && code !== undefined) {
    return blind(
      'denied',
      `${asked} was refused (HTTP ${status}, ${code}). Grant Mailbox Watch's own identity the application permission Application.Read.All on Microsoft Graph, with admin consent.`,
    );
  }
  if (status >= 500) return serverError(asked, `HTTP ${status}`);
  const path = error?.issues[0]?.path.join('.') ?? '';
  const wrong = status === 200 && path !== '' ? ` (see ${path})` : '';
  return blind(
    'malformed',
    `${asked} was answered with HTTP ${status} and no application that can be read${wrong}. See whether a proxy answers instead, or Microsoft has an outage: https://azure.status.microsoft`,
  );
}

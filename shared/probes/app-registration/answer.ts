import type {
  Application,
  KeyCredential as GraphKeyCredential,
  PasswordCredential as GraphPasswordCredential,
} from '@microsoft/microsoft-graph-types';
import * as z from 'zod';
import type { AppRegistration, KeyCredential, PasswordCredential } from '../../core/evidence';
import { blind, seen, type Reading } from '../../core/reading';

/** Names of Graph's properties, checked against Microsoft's own types. */
type Shape<T> = Partial<Record<keyof T, z.ZodType>>;

const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const credential = {
  keyId: z.string(),
  displayName: z.string().nullish(),
  startDateTime: moment.nullish(),
  // A credential without an end would never be seen to expire, so it is not let through.
  endDateTime: moment,
};
const passwordCredential = { ...credential, hint: z.string().nullish() } satisfies Shape<GraphPasswordCredential>;
const keyCredential = { ...credential, customKeyIdentifier: z.string().nullish() } satisfies Shape<GraphKeyCredential>;
const application = {
  id: z.string(),
  displayName: z.string().nullish(),
  passwordCredentials: z.array(z.object(passwordCredential)),
  keyCredentials: z.array(z.object(keyCredential)),
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
    passwords: passwordCredentials.map(toPassword),
    keys: keyCredentials.map(toKey),
    disabled: false,
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
  const path = error?.issues[0]?.path.join('.') ?? '';
  const wrong = status === 200 && path !== '' ? ` (see ${path})` : '';
  return blind(
    'malformed',
    `${asked} was answered with HTTP ${status} and no application that can be read${wrong}. See whether a proxy answers instead, or Microsoft has an outage: https://azure.status.microsoft`,
  );
}

type Parsed<T extends Readonly<Record<string, z.ZodType>>> = z.output<z.ZodObject<T>>;

function toPassword({ hint, ...rest }: Parsed<typeof passwordCredential>): PasswordCredential {
  return { ...common(rest), ...(typeof hint === 'string' && { hint }) };
}

function toKey({ customKeyIdentifier: thumbprint, ...rest }: Parsed<typeof keyCredential>): KeyCredential {
  return { ...common(rest), ...(typeof thumbprint === 'string' && { thumbprint }) };
}

function common({ keyId, displayName, startDateTime, endDateTime }: Parsed<typeof credential>) {
  return {
    keyId,
    endsAt: endDateTime,
    ...(typeof displayName === 'string' && { displayName }),
    ...(typeof startDateTime === 'number' && { startsAt: startDateTime }),
  };
}

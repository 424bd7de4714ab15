import type {
  KeyCredential as GraphKeyCredential,
  PasswordCredential as GraphPasswordCredential,
} from '@microsoft/microsoft-graph-types';
import * as z from 'zod';
import type { KeyCredential, PasswordCredential } from '../../core/evidence';
import type { Shape } from '../directory/shape';

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

/** Secrets and certificates as they stand on an app registration and on an enterprise application, in the terms of the evidence. */
export const registeredCredentials = {
  passwordCredentials: z.array(z.object(passwordCredential).transform(toPassword)),
  keyCredentials: z.array(z.object(keyCredential).transform(toKey)),
};

type Parsed<T extends Readonly<Record<string, z.ZodType>>> = z.output<z.ZodObject<T>>;

function toPassword({ hint, ...rest }: Parsed<typeof passwordCredential>): PasswordCredential {
  return { ...common(rest), ...(typeof hint === 'string' && { hint }) };
}

function toKey({ customKeyIdentifier, ...rest }: Parsed<typeof keyCredential>): KeyCredential {
  const thumbprint = thumbprintIn(customKeyIdentifier ?? '');
  return { ...common(rest), ...(thumbprint !== undefined && { thumbprint }) };
}

function common({ keyId, displayName, startDateTime, endDateTime }: Parsed<typeof credential>) {
  return {
    keyId,
    endsAt: endDateTime,
    ...(typeof displayName === 'string' && { displayName }),
    ...(typeof startDateTime === 'number' && { startsAt: startDateTime }),
  };
}

/**
 * Graph puts the thumbprint there unless whoever registered the certificate chose something else: mostly in hexadecimal digits, by
 * some tools as the base64 of its 20 bytes (https://learn.microsoft.com/graph/api/resources/keycredential). Upper case.
 */
function thumbprintIn(identifier: string): string | undefined {
  if (/^[\da-f]{40}$/i.test(identifier)) return identifier.toUpperCase();
  if (/^[\w+/-]{27}=$/.test(identifier)) return Buffer.from(identifier, 'base64').toString('hex').toUpperCase();
  return undefined;
}

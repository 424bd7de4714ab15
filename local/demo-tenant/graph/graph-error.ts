import { randomUUID } from 'node:crypto';
import type { HttpAnswer, HttpRequest } from '../loopback-http';

/** Thrown where Graph answers with an error instead of data. */
export class GraphError extends Error {
  override readonly name = 'GraphError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export function invalidToken(message: string): GraphError {
  return new GraphError(401, 'InvalidAuthenticationToken', message);
}

export function requestDenied(): GraphError {
  return new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
}

export function noPremiumLicence(): GraphError {
  return new GraphError(
    403,
    'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
    "Neither tenant is B2C or tenant doesn't have premium license",
  );
}

export function notFound(id: string): GraphError {
  const message = `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
  return new GraphError(404, 'Request_ResourceNotFound', message);
}

export function badRequest(message: string): GraphError {
  return new GraphError(400, 'BadRequest', message);
}

/** The error in Graph's envelope (https://learn.microsoft.com/graph/errors). */
export function errorAnswer({ status, code, message }: GraphError, { headers }: HttpRequest, now: number): HttpAnswer {
  const requestId = randomUUID();
  const sent = headers['client-request-id'];
  const ids = { 'request-id': requestId, 'client-request-id': typeof sent === 'string' ? sent : requestId };
  const innerError = { date: new Date(now).toISOString().slice(0, 19), ...ids };
  return { status, headers: ids, body: { error: { code, message, innerError } } };
}

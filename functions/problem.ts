import type { HttpResponseInit } from '@azure/functions';

/** An error answer after RFC 9457. */
export function problem(status: number, title: string, more: object = {}): HttpResponseInit {
  return {
    status,
    jsonBody: { title, status, ...more },
    headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', Vary: 'Accept' },
  };
}

import type { HttpFunction } from './app-functions';
import type { Answer, Endpoint, Request } from './http-server';
import type { InvocationResult, TriggerInput } from './invocation';
import type { HttpData, InvocationResponse } from './programming-model';

/** Answers with what the function returns; with a bare 500 when it fails, for the stack belongs in the log. */
export function functionEndpoint(
  fn: HttpFunction,
  invoke: (fn: HttpFunction, input: TriggerInput) => Promise<InvocationResult>,
): Endpoint {
  return {
    path: fn.path,
    methods: fn.methods,
    async answer(request) {
      const result = await invoke(fn, { data: { http: httpData(request) } });
      return result.succeeded ? answerOf(result.response) : { status: 500 };
    },
  };
}

function httpData({ method, url, headers, params, body }: Request): HttpData {
  const names = [...new Set(url.searchParams.keys())];
  const query = names.map((name) => [name, url.searchParams.getAll(name).join(',')] as const);
  return {
    method,
    url: url.href,
    nullableHeaders: nullable(headers),
    nullableQuery: nullable(Object.fromEntries(query)),
    nullableParams: nullable(params),
    ...(body.length > 0 && { body: { bytes: body } }),
  };
}

function nullable(texts: Readonly<Record<string, string>>): Record<string, { value: string }> {
  return Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, { value }]));
}

/** A function that returns nothing has answered "no content". */
function answerOf({ returnValue }: InvocationResponse): Answer {
  const http = returnValue?.http;
  if (http === undefined) return { status: 204 };
  const { statusCode = '200', headers = {}, body } = http;
  const content = body?.bytes ?? body?.string;
  return { status: Number(statusCode), headers, ...(content !== undefined && { body: content }) };
}

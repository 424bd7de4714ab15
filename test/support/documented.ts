import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpResponseInit } from '@azure/functions';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

interface Media {
  readonly schema: object;
}
interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export const OPENAPI = JSON.parse(readFileSync(join(__dirname, '../../openapi.json'), 'utf8')) as OpenApi;
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ $id: 'openapi', components: OPENAPI.components });

export interface Answer {
  readonly status: number;
  readonly contentType: string | null;
  readonly text: string;
}

/**
 * Fails where openapi.json does not know such an answer, or knows it otherwise. `path` is what stands behind /api, without a query.
 */
export function expectDocumented(method: string, path: string, { status, contentType, text }: Answer): void {
  const [template, item] =
    Object.entries(OPENAPI.paths).find(([one]) => templateOf(one).test(path.replace(/\/+$/, ''))) ?? [];
  const answer = item?.[method.toLowerCase()]?.responses[String(status)];
  const kind = `${method.toLowerCase()} ${template ?? path} ${status}`;
  if (answer === undefined) throw new Error(`openapi.json knows no answer ${kind}`);
  const type = contentType?.split(';')[0] ?? '';
  if (answer.content === undefined || text === '') {
    expect(answer.content === undefined ? text : '').toBe('');
    return;
  }
  const media = answer.content[type];
  if (media === undefined) throw new Error(`openapi.json knows no ${type} of ${kind}`);
  if (type.includes('json')) {
    const validate = ajv.compile(rebased(media.schema));
    const problems = validate(JSON.parse(text)) ? [] : (validate.errors ?? []);
    expect(problems.map(({ instancePath, message, params }) => ({ kind, instancePath, message, params }))).toEqual([]);
  }
}

function templateOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

/** The schema with its references pointing into the document. */
function rebased(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"openapi#/components')) as object;
}

/** What a function gave back, as it goes over the wire. */
export function documented(answer: HttpResponseInit | undefined): Answer {
  const { status = 200, headers, body } = answer ?? {};
  const jsonBody: unknown = answer?.jsonBody;
  const contentType = new Headers(headers).get('content-type');
  const text = typeof body === 'string' ? body : jsonBody === undefined ? '' : JSON.stringify(jsonBody);
  return { status, contentType: contentType ?? (jsonBody === undefined ? null : 'application/json'), text };
}

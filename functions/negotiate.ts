import { createHash } from 'node:crypto';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import Negotiator from 'negotiator';
import { problem } from './problem';

/** A form in which something can be had; `name` is what `?format=` calls it. */
export interface Format {
  readonly name: string;
  readonly mediaType: string;
}

export type Choice<F extends Format> =
  | { readonly format: F; readonly refusal?: undefined }
  | { readonly format?: undefined; readonly refusal: HttpResponseInit };

/** The form that the caller asks for: by `?format=`, else by Accept; the first one where both are silent. */
export function chooseFormat<F extends Format>(request: HttpRequest, formats: readonly F[]): Choice<F> {
  const named = request.query.get('format');
  const accepted = new Negotiator({ headers: { accept: request.headers.get('accept') ?? undefined } });
  const mediaType = accepted.mediaType(formats.map((format) => format.mediaType));
  const format = formats.find((one) => (named === null ? one.mediaType === mediaType : one.name === named));
  if (format !== undefined) return { format };
  const available = formats.map(({ name, mediaType: type }) => ({ format: name, mediaType: type }));
  return { refusal: problem(406, 'There is no such format of this', { available }) };
}

export interface Body {
  readonly status?: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the answer is made of, where the text changes without it, such as the time; default: the text. */
  readonly version?: readonly string[];
}

/** The answer, or 304 where the caller has it already. */
export function cacheable(
  request: HttpRequest,
  { status = 200, text, headers, version = [text] }: Body,
): HttpResponseInit {
  const hash = createHash('sha256');
  for (const part of version) hash.update(part);
  const etag = `"${hash.digest('base64url').slice(0, 27)}"`;
  const common = { ETag: etag, Vary: 'Accept', 'Cache-Control': 'private, no-cache' };
  const known = request.headers.get('if-none-match')?.split(',') ?? [];
  if (status === 200 && known.some((tag) => tag.trim() === etag || tag.trim() === '*')) {
    return { status: 304, headers: common };
  }
  return { status, body: text, headers: { ...headers, ...common } };
}

import { HttpRequest, InvocationContext, type HttpResponseInit } from '@azure/functions';
import { CATALOGUE } from '../../shared/checks';
import { documented, expectDocumented } from '../support/documented';

type Handler = (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>;
const { functions } = jest.requireActual<{ functions: ReadonlyMap<string, { readonly callback: Handler }> }>(
  '@azure/functions-core',
);

beforeAll(async () => {
  await import('../../functions/main');
});

interface Asked {
  readonly query?: Record<string, string>;
  readonly params?: Record<string, string>;
  readonly post?: string;
  readonly type?: string;
}

async function ask(name: string, { query = {}, params = {}, post, type = 'text/plain' }: Asked) {
  const request = new HttpRequest({
    method: post === undefined ? 'GET' : 'POST',
    url: `http://127.0.0.1/api/${name}`,
    query,
    params,
    headers: { 'content-type': type },
    ...(post !== undefined && { body: { string: post } }),
  });
  const context = new InvocationContext({ functionName: name, logHandler: () => undefined });
  const answer = await functions.get(name)?.callback(request, context);
  const text = typeof answer?.body === 'string' ? answer.body : '';
  const body: unknown = answer?.jsonBody ?? (/^[[{]/.test(text) ? JSON.parse(text) : undefined);
  const path = params['id'] === undefined ? `/${name}` : `/${name}/${params['id']}`;
  expectDocumented(request.method, path, documented(answer));
  return { code: answer?.status ?? 200, body, text };
}

const EXPIRED = 'AADSTS7000222: The provided client secret keys are expired.';

describe('explain', () => {
  it.each<[string, Asked]>([
    ['a GET', { query: { text: EXPIRED } }],
    ['a POST of text', { post: `one\ntwo ${EXPIRED}` }],
    ['a POST of JSON', { post: JSON.stringify({ text: EXPIRED, product: 'jira' }), type: 'application/json' }],
  ])('answers %s with the causes', async (_, asked) => {
    const { code, body } = await ask('explain', asked);
    expect(code).toBe(200);
    expect(body).toMatchObject({ causes: [{ id: 'client-secret-expired', confidence: 'confirmed' }] });
  });

  it.each<[string, Asked]>([
    ['no text', {}],
    ['a blank text', { query: { text: ' ' } }],
    ['broken JSON', { post: '{', type: 'application/json' }],
    ['JSON without a text', { post: '{"product":"jira"}', type: 'application/json' }],
    ['a product that is none', { query: { text: EXPIRED, product: 'outlook' } }],
  ])('says what it wants in place of %s', async (_, asked) => {
    const { code, body } = await ask('explain', asked);
    expect(code).toBe(400);
    expect(JSON.stringify(body)).toContain('Give the text');
  });
});

it('gives browsers pages, and the form its answer, without the secrets that were pasted', async () => {
  const asHtml = { query: { format: 'html' } };
  const form = new URLSearchParams({ text: `client_secret=abc8Q~${'d'.repeat(34)} ${EXPIRED}`, product: 'jira' });
  const answers = [
    await ask('explain', asHtml),
    await ask('explain', { ...asHtml, post: form.toString(), type: 'application/x-www-form-urlencoded' }),
    await ask('remediations', asHtml),
    await ask('remediations', { ...asHtml, params: { id: 'imap-disabled' } }),
  ].map(({ code, text }) => [code, text]);
  for (const [code, text] of answers) expect([code, String(text).slice(0, 15)]).toEqual([200, '<!doctype html>']);
  expect(answers[1]?.[1]).toContain('The client secret has expired');
  expect(answers[1]?.[1]).not.toContain('dddd');
  expect(answers[3]?.[1]).toContain('IMAP is switched off on the mailbox');
});

describe('remediations', () => {
  it('are every cause of the catalogue, once', async () => {
    const { body } = await ask('remediations', {});
    const ids = (body as { id: string }[]).map(({ id }) => id);
    expect(ids).toHaveLength(new Set(ids).size);
    expect(new Set(ids)).toEqual(new Set(CATALOGUE.flatMap(({ causes }) => causes.map(({ id }) => id))));
  });

  it('are found by their id', async () => {
    const { code, body } = await ask('remediations', { params: { id: 'imap-disabled' } });
    expect(code).toBe(200);
    expect(body).toMatchObject({ id: 'imap-disabled', checks: ['imap-enabled'], severity: 'critical' });
    expect(JSON.stringify(body)).toContain('Set-CASMailbox -Identity {mailbox} -ImapEnabled $true');
    expect((await ask('remediations', { params: { id: 'no-such-cause' } })).code).toBe(404);
  });
});

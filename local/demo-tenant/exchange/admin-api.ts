import * as z from 'zod';
import type { Counting } from '../counters';
import type { TokenSigner } from '../login/tokens';
import { jsonOf, type Answer, type HttpAnswer, type HttpRequest } from '../loopback-http';
import { findApp, type Tenant } from '../tenant';
import { CmdletError, errorAnswer, FORBIDDEN, invalidOperation, unauthorized } from './admin-error';
import type { Row } from './cmdlet-rows';
import { CMDLET_NAMES, runCmdlet } from './cmdlets';

export interface ExchangeAdminServiceOptions {
  readonly tenant: Tenant;
  readonly signer: TokenSigner;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly counting: Pick<Counting, 'exchangeRequests'>;
}

const AUDIENCE = 'https://outlook.office365.com';
/** Those of Entra ID's roles that Exchange reads for. Security Reader is none of them. */
const READING_ROLES = ['Global Reader', 'Exchange Administrator', 'Global Administrator'];
const MAX_PARTS = 10;

const Input = z.object({
  CmdletInput: z.object({ CmdletName: z.string(), Parameters: z.record(z.string(), z.unknown()) }),
});
const Part = z.object({ id: z.string(), method: z.literal('POST'), url: z.string(), body: z.unknown() });
const Batch = z.object({ requests: z.array(Part).min(1).max(MAX_PARTS) });

/**
 * Exchange's administration as its PowerShell module uses it, and as far as public recordings show it: InvokeCommand, $batch and
 * EXOModuleFile.
 */
export function createExchangeAdminService(options: ExchangeAdminServiceOptions): Answer {
  const { tenant, counting } = options;
  return async (request) => {
    counting.exchangeRequests++;
    const { version, action } = routeOf(request.url, tenant);
    const refusal = await refusalOf(request, action, options);
    if (refusal !== undefined) return refusal;
    switch (`${request.method} ${version} ${action}`) {
      case 'POST beta InvokeCommand':
        return invoke(tenant, request.url, jsonOf(request));
      case 'POST beta $batch':
        return answerBatch(tenant, request);
      case 'GET v1.0 EXOModuleFile':
        return { status: 200, body: { value: [{ exportedCmdlets: CMDLET_NAMES.join(',') }] } };
      case 'POST v1.0 InvokeCommand':
        return { status: 405, body: '' };
      default:
        return { status: 404, body: '' };
    }
  };
}

/** What stands after the tenant's id or domain in the path; nothing for another tenant. */
function routeOf({ pathname }: URL, { id, domains }: Tenant) {
  const [, version = '', name = '', action = ''] = /^\/adminapi\/([^/]+)\/([^/]+)\/(.+)$/i.exec(pathname) ?? [];
  const isKnown = [id, ...domains].includes(name.toLowerCase());
  return isKnown ? { version: version.toLowerCase(), action } : { version: '', action: '' };
}

/** Why Exchange does not even look at the request. */
async function refusalOf(
  request: HttpRequest,
  action: string,
  { tenant, signer, now }: ExchangeAdminServiceOptions,
): Promise<HttpAnswer | undefined> {
  const [, token = ''] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const verified = await signer.verify(token, now());
  const claims = verified.valid ? verified.claims : undefined;
  if (claims?.aud !== AUDIENCE || !claims.roles.includes('Exchange.ManageAsApp')) {
    return unauthorized(Input.safeParse(jsonOf(request)).data?.CmdletInput.CmdletName ?? action);
  }
  const { adminRetryAfter } = tenant.exchange;
  if (adminRetryAfter !== undefined) {
    return { status: 429, headers: { 'Retry-After': String(adminRetryAfter) }, body: '' };
  }
  const directoryRoles = findApp(tenant, claims.appid)?.directoryRoles ?? [];
  return directoryRoles.some((role) => READING_ROLES.includes(role)) ? undefined : FORBIDDEN;
}

function answerBatch(tenant: Tenant, request: HttpRequest): HttpAnswer {
  const { data } = Batch.safeParse(jsonOf(request));
  if (data === undefined) return errorAnswer(invalidOperation(`A batch holds one to ${MAX_PARTS} requests.`));
  const responses = data.requests.map((part) => {
    const asked = new URL(part.url, request.url);
    const isInvoke = routeOf(asked, tenant).action === 'InvokeCommand';
    return { id: part.id, ...(isInvoke ? invoke(tenant, asked, part.body) : { status: 404, body: '' }) };
  });
  // No order is promised: here the last comes first.
  return { status: 200, body: { responses: responses.reverse() } };
}

function invoke(tenant: Tenant, url: URL, body: unknown): HttpAnswer {
  const { data } = Input.safeParse(body);
  if (data === undefined) return errorAnswer(invalidOperation('CmdletInput has to hold a CmdletName and Parameters.'));
  const { CmdletName: name, Parameters: parameters } = data.CmdletInput;
  if (!CMDLET_NAMES.includes(name)) return FORBIDDEN;
  const selected = url.searchParams.get('$select')?.split(',');
  try {
    return {
      status: 200,
      body: {
        '@odata.context': `${url.origin}/adminapi/beta/${tenant.id}/$metadata#Collection(Exchange.GenericHashTable)`,
        'adminapi.warnings@odata.type': '#Collection(String)',
        '@adminapi.warnings': [],
        value: runCmdlet(tenant, { name, parameters }).map((row) => withTypes(row, selected)),
      },
    };
  } catch (error) {
    if (error instanceof CmdletError) return errorAnswer(error);
    throw error;
  }
}

/** The selected properties of a row, each with what Exchange tells of its type where it is no text and no switch. */
function withTypes(row: Row, selected: readonly string[] = Object.keys(row)): Readonly<Record<string, unknown>> {
  const properties = Object.entries(row).filter(([name]) => selected.includes(name));
  return Object.fromEntries(
    properties.flatMap(([name, value]): [string, unknown][] => {
      if (Array.isArray(value))
        return [
          [`${name}@odata.type`, '#Collection(String)'],
          [name, value],
        ];
      if (name !== 'Guid') return [[name, value]];
      return [
        [name, value],
        [`${name}@data.type`, 'System.Guid'],
        [`${name}@odata.type`, '#Guid'],
      ];
    }),
  );
}

import type { TokenCredential } from '@azure/identity';
import { seen } from '../../shared/core/reading';
import type { Integration } from '../../shared/core/subject';
import { createExchangeAdminApi, type ExchangeAdminApiOptions } from '../../shared/probes/exchange-settings/admin-api';
import { createAuthority } from '../support/certificates';
import { exampleIntegration } from '../support/contexts';
import { startScriptedHttpsServer, trust, type ScriptedHttpsServer } from '../support/scripted-https-server';

export const TENANT_ID = 'c0470500-0000-4000-8000-000000000001';
export const GUID = '4C48420F-FFF0-4CE7-85ED-C1F1A784E11B';
export const ADDRESS = 'support@contoso.com';
export const CLIENT_ID = '11111111-2222-4333-8444-555555555555';
export const READ_AT = Date.UTC(2026, 10, 25, 12);
export const API = `/adminapi/beta/${TENANT_ID}`;
/** A JWT, unsigned: the probe reads the tenant in it. */
export const BEARER = ['{"alg":"none"}', `{"tid":"${TENANT_ID}"}`, 'the-signature-of-the-token']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');

export const signedIn: TokenCredential = {
  getToken: async () => ({ token: BEARER, expiresOnTimestamp: Date.now() + 3_600_000 }),
};

/** What a cmdlet is answered with. */
export interface CmdletAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface Asked {
  readonly name: string;
  readonly parameters: unknown;
  /** Path and query, or a whole address. */
  readonly url: string;
}

export function rows(value: readonly unknown[], more: Readonly<Record<string, unknown>> = {}): CmdletAnswer {
  return { status: 200, body: { 'adminapi.warnings@odata.type': '#Collection(String)', value, ...more } };
}

/** An error in the envelope of the cmdlets, as recorded. */
export function cmdletError(status: number, type: string, message: string): CmdletAnswer {
  const innererror = { type: 'Microsoft.Exchange.Admin.OData.Core.ODataServiceException', stacktrace: '' };
  return {
    status,
    body: {
      error: {
        code: status === 404 ? 'NotFound' : 'BadRequest',
        message: 'Error executing cmdlet',
        details: [{ code: 'Context', target: '', message: `Ex6F9304|${type}|${message}` }],
        innererror: { ...innererror, message: 'Error executing cmdlet', internalexception: { message, type } },
      },
    },
  };
}

export const notFound = cmdletError(
  404,
  'Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException',
  "The operation couldn't be performed because object 'x' couldn't be found on 'DC1'.",
);

export const CAS_ROW = {
  'ImapEnabled@data.type': 'System.Boolean',
  ImapEnabled: true,
  PopEnabled: false,
  PrimarySmtpAddress: 'Support@contoso.com',
  'EmailAddresses@odata.type': '#Collection(String)',
  EmailAddresses: ['SMTP:Support@contoso.com', 'smtp:help@contoso.com'],
  Guid: '7c1d7f0e-1111-4222-8333-444455556666',
  'Guid@odata.type': '#Guid',
};

export function permission(user: string, changes: Readonly<Record<string, unknown>> = {}) {
  return {
    Identity: 'support',
    User: user,
    AccessRights: ['FullAccess'],
    'AccessRights@odata.type': '#Collection(String)',
    Deny: false,
    IsInherited: false,
    PrimarySmtpAddress: '',
    ...changes,
  };
}

/** What Exchange answers where all is well. */
const CONTOSO: Readonly<Record<string, CmdletAnswer>> = {
  'Get-CASMailbox': rows([CAS_ROW]),
  'Get-Mailbox': rows([
    {
      PrimarySmtpAddress: ADDRESS,
      EmailAddresses: [],
      RecipientTypeDetails: 'SharedMailbox',
      Name: 'Support',
      Guid: GUID,
    },
  ]),
  'Get-MailboxPermission': rows([
    permission('NT AUTHORITY\\SELF', { AccessRights: ['FullAccess, ReadPermission'] }),
    permission('Svc-Jira@contoso.com'),
  ]),
  'Get-ServicePrincipal': rows([
    {
      AppId: CLIENT_ID.toUpperCase(),
      ObjectId: 'E0000000-0000-4000-8000-000000000001',
      DisplayName: 'Contoso Helpdesk',
      Name: 'contoso helpdesk',
      Identity: 'helpdesk_1',
      Sid: 'S-1-5-21-1-2-3',
    },
  ]),
};

/** Exchange's administration on loopback: it answers cmdlet by cmdlet, in a batch or alone. */
export interface ExchangeServer extends ScriptedHttpsServer {
  /** Every cmdlet so far, in order. */
  readonly asked: Asked[];
  /** Answers of this test, by cmdlet, before those of CONTOSO; the count says how often it was asked for before. */
  cmdlets: Readonly<Record<string, CmdletAnswer | ((before: number) => CmdletAnswer)>>;
  /** What a $batch is answered with in place of its parts. */
  batch: CmdletAnswer | undefined;
  /** Leaves this part of a batch out. */
  forget: string | undefined;
  reset(): void;
}

interface Input {
  readonly CmdletInput: { readonly CmdletName: string; readonly Parameters: unknown };
}

export async function startExchangeServer(): Promise<ExchangeServer> {
  const authority = await createAuthority();
  const distrust = trust(authority.certificate);
  const server = await startScriptedHttpsServer(await authority.issue());
  const stop = server.close.bind(server);

  const run = (url: string, { CmdletInput: { CmdletName: name, Parameters } }: Input): CmdletAnswer => {
    const before = exchange.asked.filter((one) => one.name === name).length;
    exchange.asked.push({ name, parameters: Parameters, url });
    const answer = exchange.cmdlets[name] ?? CONTOSO[name] ?? { status: 403, body: '\0'.repeat(4000) };
    return typeof answer === 'function' ? answer(before) : answer;
  };

  const answer: ScriptedHttpsServer['answer'] = ({ path, body }) => {
    if (path === `${API}/$batch`) {
      if (exchange.batch !== undefined) return exchange.batch;
      const { requests } = JSON.parse(body) as { requests: { id: string; url: string; body: Input }[] };
      const responses = requests
        .filter((part) => part.body.CmdletInput.CmdletName !== exchange.forget)
        .map((part) => ({ id: part.id, ...run(part.url, part.body) }));
      return { body: { responses: responses.reverse() } };
    }
    if (path.startsWith(`${API}/InvokeCommand`)) return run(path, JSON.parse(body) as Input);
    return { status: 404 };
  };

  const exchange: ExchangeServer = Object.assign(server, {
    asked: [],
    cmdlets: {},
    batch: undefined,
    forget: undefined,
    reset: () => {
      server.requests.length = 0;
      exchange.asked.length = 0;
      exchange.cmdlets = {};
      exchange.batch = undefined;
      exchange.forget = undefined;
      exchange.answer = answer;
    },
    close: async () => {
      distrust();
      await stop();
    },
  });
  exchange.reset();
  return exchange;
}

export type Look = Partial<ExchangeAdminApiOptions> & { readonly integration?: Partial<Integration> };

/** The adapter before this server. No reading of it holds the token, or a NUL. */
export function adminApi(server: ExchangeServer, { integration: changes, ...options }: Look = {}) {
  const endpoint = server.origin;
  const integration = exampleIntegration({
    exchange: { endpoint, resource: 'https://outlook.office365.com' },
    ...changes,
  });
  const api = createExchangeAdminApi({
    credentialFor: () => signedIn,
    expandGroup: async () => seen([]),
    now: () => READ_AT,
    backOffMs: 1,
    ...options,
  });
  const safe = <T>(reading: T): T => {
    const text = JSON.stringify(reading);
    expect(text).not.toContain(BEARER);
    expect(text).not.toContain('\\u0000');
    return reading;
  };
  return {
    mailbox: async (address = ADDRESS) => safe(await api.mailbox(integration, address)),
    servicePrincipal: async () => safe(await api.servicePrincipal(integration)),
    allowedCmdlets: async () => safe(await api.allowedCmdlets(integration)),
  };
}

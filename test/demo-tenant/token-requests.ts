import type { DemoTenant } from '../../local/demo-tenant/demo-tenant';

export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Posts a form to the token endpoint; the process has to trust the tenant's authority. */
export async function askForToken(
  { endpoints }: DemoTenant,
  form: Readonly<Record<string, string>>,
  { tenant = 'contoso.onmicrosoft.com', headers = {} }: { tenant?: string; headers?: Record<string, string> } = {},
): Promise<TokenAnswer> {
  const response = await fetch(`${endpoints.login}/${tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers,
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as TokenAnswer['body'] };
}

/** The form of a request as the helpdesk of this integration makes it. */
export function formOf(demo: DemoTenant, integrationId: string): Record<string, string> {
  const { monitor } = demo.world;
  const integration = monitor.integrations.find(({ id }) => id === integrationId);
  if (integration === undefined) throw new Error(`No integration ${integrationId}`);
  const { clientId, credentialFile, authorisation } = integration;
  const client = { client_id: clientId, client_secret: monitor.secretFiles.get(credentialFile) ?? '' };
  return authorisation === undefined
    ? { ...client, grant_type: 'client_credentials', scope: 'https://outlook.office365.com/.default' }
    : {
        ...client,
        grant_type: 'refresh_token',
        refresh_token: monitor.secretFiles.get(authorisation.refreshTokenFile) ?? '',
        scope: 'https://outlook.office.com/IMAP.AccessAsUser.All offline_access',
      };
}

/** An access token as the helpdesk of this integration gets it; `changes` are to the form. */
export async function accessTokenOf(
  demo: DemoTenant,
  integrationId: string,
  changes: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { body } = await askForToken(demo, { ...formOf(demo, integrationId), ...changes });
  if (typeof body['access_token'] !== 'string') throw new Error(JSON.stringify(body));
  return body['access_token'];
}

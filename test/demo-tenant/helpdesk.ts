import { AuthenticationRequiredError, ClientCertificateCredential, ClientSecretCredential } from '@azure/identity';
import { AuthError, ConfidentialClientApplication } from '@azure/msal-node';
import { ImapFlow } from 'imapflow';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { connect } from 'node:tls';
import type { Integration, WatchedMailbox } from '../../shared/core/subject';
import { loadConfiguration } from '../../shared/settings/load';
import { createSecrets } from '../../shared/settings/secrets';

/** A helpdesk's view of a tenant: Microsoft's own token clients and imapflow, all as they come. */
export interface Helpdesk {
  /** `opened`, or the words of whoever refused. Reads configuration and secrets anew. */
  read(address: string): Promise<string>;
}

export function createHelpdesk(configurationPath: string): Helpdesk {
  const secrets = createSecrets({ environment: {}, folder: dirname(configurationPath) });

  return {
    async read(address) {
      const loaded = await loadConfiguration(configurationPath);
      if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
      for (const integration of loaded.settings.integrations) {
        const mailbox = integration.mailboxes.find((one) => one.address === address);
        if (mailbox !== undefined) return readMailbox(integration, mailbox);
      }
      throw new Error(`No integration reads ${address}`);
    },
  };

  async function readMailbox(integration: Integration, mailbox: WatchedMailbox): Promise<string> {
    const credential = await secrets.read(integration.credential.reference);
    const { refreshTokenReference } = mailbox;
    const refreshToken = refreshTokenReference && (await secrets.read(refreshTokenReference));
    try {
      const token = await (refreshToken === undefined
        ? applicationToken(integration, credential)
        : delegatedToken(integration, credential, refreshToken));
      return await openInbox(integration, mailbox.address, token);
    } catch (error) {
      if (error instanceof AuthenticationRequiredError || error instanceof AuthError) return error.message;
      throw error;
    }
  }
}

async function applicationToken(integration: Integration, proof: string): Promise<string> {
  const { tenant, clientId, loginAuthority, scopes } = integration;
  const options = {
    authorityHost: loginAuthority,
    disableInstanceDiscovery: true,
    retryOptions: { maxRetries: 0 },
  };
  const credential =
    integration.credential.kind === 'certificate'
      ? new ClientCertificateCredential(tenant, clientId, { certificate: proof }, options)
      : new ClientSecretCredential(tenant, clientId, proof, options);
  return (await credential.getToken([...scopes])).token;
}

async function delegatedToken(integration: Integration, clientSecret: string, refreshToken: string): Promise<string> {
  const { tenant, clientId, loginAuthority, scopes } = integration;
  const client = new ConfidentialClientApplication({
    auth: {
      clientId,
      clientSecret,
      authority: `${loginAuthority}/${tenant}`,
      knownAuthorities: [new URL(loginAuthority).host],
    },
  });
  const result = await client.acquireTokenByRefreshToken({ refreshToken, scopes: [...scopes] });
  return result?.accessToken ?? '';
}

function openInbox(integration: Integration, user: string, accessToken: string): Promise<string> {
  switch (integration.protocol) {
    case 'imap':
      return openOverImap(integration, user, accessToken);
    case 'pop':
      return openOverPop(integration, user, accessToken);
    case 'graph':
      return openOverGraph(integration, user, accessToken);
  }
}

async function openOverGraph({ graphEndpoint }: Integration, user: string, accessToken: string): Promise<string> {
  const response = await fetch(`${graphEndpoint}/v1.0/users/${user}/mailFolders/inbox`, {
    headers: { Authorization: `Bearer ${accessToken}` },
  });
  const body = (await response.json()) as { error?: { code: string; message: string } };
  return body.error === undefined ? 'opened' : `${body.error.code}: ${body.error.message}`;
}

/** As a helpdesk does it: AUTH XOAUTH2, the token in a line of its own, STAT. */
async function openOverPop({ mailServer }: Integration, user: string, accessToken: string): Promise<string> {
  const socket = connect({ ...mailServer, servername: mailServer.host });
  const lines = createInterface(socket)[Symbol.asyncIterator]();
  const hear = async () => String((await lines.next()).value);
  const ask = (line: string) => {
    socket.write(`${line}\r\n`);
    return hear();
  };
  try {
    await hear();
    await ask('AUTH XOAUTH2');
    const said = await ask(Buffer.from(`user=${user}\x01auth=Bearer ${accessToken}\x01\x01`).toString('base64'));
    if (!said.startsWith('+OK')) return said;
    const stat = await ask('STAT');
    await ask('QUIT');
    return stat.startsWith('+OK') ? 'opened' : stat;
  } finally {
    socket.destroy();
  }
}

async function openOverImap({ mailServer }: Integration, user: string, accessToken: string): Promise<string> {
  const client = new ImapFlow({
    ...mailServer,
    secure: true,
    auth: { user, accessToken },
    logger: false,
    // imapflow waits for half of it when it is throttled.
    socketTimeout: 200,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.mailboxOpen('INBOX', { readOnly: true });
    await client.logout();
    return 'opened';
  } catch (error) {
    return wordsOf(error);
  } finally {
    client.close();
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const words = ['responseText', 'response'].map((key): unknown => Reflect.get(error, key));
  return words.find((text) => typeof text === 'string') ?? error.message;
}

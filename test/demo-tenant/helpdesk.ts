import { AuthenticationRequiredError, ClientSecretCredential } from '@azure/identity';
import { AuthError, ConfidentialClientApplication } from '@azure/msal-node';
import { ImapFlow } from 'imapflow';
import { dirname } from 'node:path';
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
    const clientSecret = await secrets.read(integration.credential.reference);
    const { refreshTokenReference } = mailbox;
    const refreshToken = refreshTokenReference && (await secrets.read(refreshTokenReference));
    try {
      const token = await (refreshToken === undefined
        ? applicationToken(integration, clientSecret)
        : delegatedToken(integration, clientSecret, refreshToken));
      return await openInbox(integration, mailbox.address, token);
    } catch (error) {
      if (error instanceof AuthenticationRequiredError || error instanceof AuthError) return error.message;
      throw error;
    }
  }
}

async function applicationToken(integration: Integration, clientSecret: string): Promise<string> {
  const { tenant, clientId, loginAuthority, scopes } = integration;
  const credential = new ClientSecretCredential(tenant, clientId, clientSecret, {
    authorityHost: loginAuthority,
    disableInstanceDiscovery: true,
    retryOptions: { maxRetries: 0 },
  });
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

async function openInbox({ mailServer }: Integration, user: string, accessToken: string): Promise<string> {
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

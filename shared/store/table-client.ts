import { TableClient, type TableServiceClientOptions } from '@azure/data-tables';
import { ManagedIdentityCredential } from '@azure/identity';
import { StorageError } from './storage-error';

const TABLE = 'MailboxWatchSubjects';
const CONNECTION = 'AzureWebJobsStorage';
const RETRIES = { maxRetries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 3000 };

/**
 * The table in the storage account of the function app, from its settings: `AzureWebJobsStorage` with a connection string, or
 * `AzureWebJobsStorage__tableServiceUri` (and `__clientId` of a user-assigned identity). Connects to nothing yet.
 * Throws StorageError when the settings name no account.
 */
export function tableClientFor(environment: Readonly<Record<string, string | undefined>>): TableClient {
  const connection = environment[CONNECTION];
  const service = environment[`${CONNECTION}__tableServiceUri`];
  const clientId = environment[`${CONNECTION}__clientId`];
  if (connection) return fromConnectionString(connection);
  if (service) return fromIdentity(service, clientId);
  throw new StorageError(
    `Storage: none is set. Set ${CONNECTION} to a connection string (UseDevelopmentStorage=true for Azurite), or ${CONNECTION}__tableServiceUri for a managed identity.`,
  );
}

function fromConnectionString(connection: string): TableClient {
  // Without TLS an emulator on this machine is reached, nothing else.
  const isLocal = /TableEndpoint=http:\/\/(?:127\.0\.0\.1|localhost)[:/]/i.test(connection);
  const options: TableServiceClientOptions = { retryOptions: RETRIES, allowInsecureConnection: isLocal };
  try {
    return TableClient.fromConnectionString(connection, TABLE, options);
  } catch {
    // What the SDK says may quote the connection string.
    throw new StorageError(
      `Storage: ${CONNECTION} is no connection string. Copy one from the storage account, Security + networking > Access keys.`,
    );
  }
}

function fromIdentity(service: string, clientId: string | undefined): TableClient {
  if (!service.startsWith('https://') || !URL.canParse(service)) {
    throw new StorageError(
      `Storage: ${CONNECTION}__tableServiceUri is no https address; expected one such as https://ACCOUNT.table.core.windows.net.`,
    );
  }
  const credential = new ManagedIdentityCredential(clientId ? { clientId } : {});
  return new TableClient(service, TABLE, credential, { retryOptions: RETRIES });
}

import { RestError } from '@azure/data-tables';

/** The storage could not be used. The message says where, why and what to do; it holds no key and no connection string. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}

/** Azure's word for what went wrong, such as `TableNotFound`, or Node's, such as `ECONNREFUSED`. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof RestError)) return undefined;
  // A transaction's error carries the code itself, any other has it in Azure's answer.
  const answer = error.details as { readonly odataError?: { readonly code?: string } } | undefined;
  return error.code ?? answer?.odataError?.code;
}

/**
 * Says of an SDK's error what it means here. Only codes are taken from it: its message, request and response may hold more
 * than should be shown.
 */
export function explain(doing: string, table: string, error: unknown): StorageError {
  const said = [statusOf(error), codeOf(error) ?? (error instanceof Error ? error.name : typeof error)];
  const answer = said.filter((word) => word !== undefined).join(' ');
  return new StorageError(`Storage: ${doing} in ${table} failed (${answer}). ${adviceFor(error)}`);
}

function statusOf(error: unknown): number | undefined {
  return error instanceof RestError ? error.statusCode : undefined;
}

function adviceFor(error: unknown): string {
  const status = statusOf(error);
  if (error instanceof Error && /Credential|Authentication/.test(error.name)) {
    return 'There is no token for the managed identity: assign it to the function app, and check AzureWebJobsStorage__clientId.';
  }
  switch (status) {
    case undefined:
      return 'Nobody answered: check the address in AzureWebJobsStorage, the firewall of the storage account, and on your own machine that Azurite runs.';
    case 401:
    case 403:
      return 'The storage account refuses: check its key and firewall, or give the managed identity the role Storage Table Data Contributor.';
    case 404:
      return 'The table is gone; it is created again at the next attempt.';
    case 429:
    case 503:
      return 'The storage account is overloaded; the next run tries again.';
    default:
      return 'Look at the storage account in the Azure portal; the next run tries again.';
  }
}

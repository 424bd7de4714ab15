import { RestError } from '@azure/data-tables';
import { explain } from '../../shared/store/storage-error';

const KEY = 'never-shown';

function restError(statusCode: number, code: string): RestError {
  return new RestError(`AccountKey=${KEY}`, { statusCode, code });
}

function named(name: string): Error {
  return Object.assign(new Error(KEY), { name });
}

describe('a failure of the storage says what to do and shows nothing of the SDK but its codes', () => {
  it.each<[unknown, string, string]>([
    [
      new RestError(KEY, { code: 'ENOTFOUND' }),
      'ENOTFOUND',
      'Nobody answered: check the address in AzureWebJobsStorage',
    ],
    [named('AbortError'), 'AbortError', 'Nobody answered'],
    [named('CredentialUnavailableError'), 'CredentialUnavailableError', 'There is no token for the managed identity'],
    [named('AuthenticationError'), 'AuthenticationError', 'There is no token for the managed identity'],
    [restError(401, 'InvalidAuthenticationInfo'), '401 InvalidAuthenticationInfo', 'The storage account refuses'],
    [restError(403, 'AuthorizationFailure'), '403 AuthorizationFailure', 'The storage account refuses'],
    [restError(404, 'TableNotFound'), '404 TableNotFound', 'The table is gone'],
    [restError(429, 'TooManyRequests'), '429 TooManyRequests', 'The storage account is overloaded'],
    [restError(503, 'ServerBusy'), '503 ServerBusy', 'The storage account is overloaded'],
    [restError(500, 'InternalError'), '500 InternalError', 'Look at the storage account in the Azure portal'],
    ['a text', 'string', 'Nobody answered'],
  ])('%s', (error, answer, advice) => {
    const { message, cause } = explain('reading x', 'table y', error);
    expect(message).toContain(`Storage: reading x in table y failed (${answer}). ${advice}`);
    expect(message).not.toContain(KEY);
    expect(cause).toBeUndefined();
  });
});

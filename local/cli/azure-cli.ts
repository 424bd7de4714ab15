import { AzureCliCredential, type TokenCredential } from '@azure/identity';
import { SignInError } from '../../shared/core/ports';
import { blind } from '../../shared/core/reading';

/** Signs in as whoever is signed in to the Azure CLI on this machine. `getToken` rejects with SignInError. */
export function azureCli(tenantId: string): TokenCredential {
  const credential = new AzureCliCredential({ tenantId });
  return {
    getToken: async (scopes, options) => {
      try {
        return await credential.getToken(scopes, options);
      } catch {
        // What the CLI says may be long, and holds what it was asked with.
        throw new SignInError(
          blind(
            'denied',
            `Nobody is signed in to ${tenantId} with the Azure CLI on this machine: run az login --tenant ${tenantId}, or give monitor.signIn a client secret or a certificate.`,
          ),
        );
      }
    },
  };
}

import { SecretUnavailableError } from '../core/ports';
import { blind, type Blind } from '../core/reading';

/**
 * Why a look failed on an error that no answer explains: a secret that is not there, or a fault of ours. `doing` begins the
 * sentence, such as "Reading the secret". Of an unknown error only the name is told: nobody can say what is in its message.
 */
export function failedLook(error: unknown, doing: string): Blind {
  if (error instanceof SecretUnavailableError) return blind('not-configured', error.message);
  const name = error instanceof Error ? error.name : typeof error;
  return blind('crashed', `${doing} failed with ${name}. This is a fault of Mailbox Watch: please report it.`);
}

import { blind, type Blind } from '../core/reading';

/** HTTP 5xx: who was asked has trouble of its own. `asked` begins the sentence, `said` is what came back, such as `HTTP 503`. */
export function serverError(asked: string, said: string): Blind {
  return blind(
    'server-error',
    `${asked} found the service out of order (${said}). It is asked again later. See whether Microsoft has an outage, or a proxy answers instead: https://azure.status.microsoft`,
  );
}

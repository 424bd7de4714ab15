import { SignInError } from '../../core/ports';
import { blind, type Blind } from '../../core/reading';
import { failedLook } from '../failed-look';
import { textCleaner } from '../mail-session/clean-text';
import { networkErrorCode } from '../network-error';
import { serverError } from '../server-error';
import type { AdminSession } from './admin-session';
import { errorOf, type Answer } from './answer';
import type { Cmdlet } from './cmdlet';

/** What was asked of Exchange, in the words for the case that it cannot be read. */
export interface Question {
  /** Such as `the settings of support@contoso.com`. */
  readonly what: string;
  /** What Exchange has to allow. */
  readonly cmdlet: Cmdlet['name'] | 'EXOModuleFile';
}

/** https://github.com/microsoft/Microsoft365DSC/issues/6253 */
const WRONG_ROLE = /role assigned to application .{0,200} isn't supported in this scenario/is;
const CMDLET_DENIED = '.CmdletAccessDeniedException';

const GRANT_ROLE =
  "Give Mailbox Watch's own identity the Entra role Global Reader, or in Exchange a role group that allows this cmdlet. A new role may count after hours only.";
const GRANT_PERMISSION =
  "Grant Mailbox Watch's own identity the application permission Exchange.ManageAsApp on Office 365 Exchange Online, with admin consent.";

/** The beginning of every sentence of a look that failed. */
export function reading({ what, cmdlet }: Question, endpoint: string): string {
  return `Reading ${what} from ${endpoint} (${cmdlet})`;
}

/** Exchange answered, and not with what was asked for: why. */
export function explainAnswer(answer: Answer, question: Question, session: AdminSession): Blind {
  const { status, body } = answer;
  const error = errorOf(answer);
  const clean = textCleaner({ mailbox: question.what, bearer: session.bearer });
  const asked = reading(question, session.endpoint);
  const message = clean(error?.message ?? '');
  const said = message === '' ? `HTTP ${status}` : `HTTP ${status}: ${message}`;
  if (WRONG_ROLE.test(typeof body === 'string' ? body : message)) {
    return blind(
      'denied',
      `${asked} was refused (HTTP ${status}): Exchange takes no app whose role is none of its own kinds. ${GRANT_ROLE}`,
    );
  }
  if (error?.type.endsWith(CMDLET_DENIED)) return blind('denied', `${asked} was refused (${said}). ${GRANT_ROLE}`);
  switch (status) {
    case 401:
      return blind('denied', `${asked} was refused (${said}). ${GRANT_PERMISSION} Where it has that: ${GRANT_ROLE}`);
    case 403:
      return blind('denied', `${asked} was refused (${said}). ${GRANT_ROLE}`);
    case 404:
      return blind(
        'malformed',
        `${asked} was answered with ${said}. Check that endpoints.exchange names the administration of Exchange in this cloud.`,
      );
    case 429:
      return blind('throttled', `${asked} was throttled (${said}). Nothing to repair here: it is read again later.`);
    default:
      // A cmdlet that fails comes as HTTP 500 too, with the type of its error.
      if (status >= 500 && (error?.type ?? '') === '') return serverError(asked, said);
      return malformed(`${asked} was answered with ${said}, and not with what was asked for.`);
  }
}

/** What Exchange answered cannot be understood. `sentence` says what it was. */
export function malformed(sentence: string): Blind {
  return blind(
    'malformed',
    `${sentence} See whether a proxy answers instead, or Microsoft has an outage: https://azure.status.microsoft`,
  );
}

/** The look itself failed: why. `asked` begins the sentence. */
export function explainError(error: unknown, asked: string, signal: AbortSignal): Blind {
  if (signal.aborted) {
    return blind('timeout', `${asked} took too long. Check that nothing slows HTTPS to this host down.`);
  }
  if (error instanceof SignInError) return error.reading;
  const code = networkErrorCode(error);
  if (code === undefined) return failedLook(error, asked);
  return blind(
    'unreachable',
    `${asked} got no connection (${code}). Check name resolution, firewall, proxy and TLS inspection between Mailbox Watch and this host.`,
  );
}

import type { Mailbox } from '../tenant';
import { parseXOAuth2, type Admission, type XOAuth2 } from './admission';
import type { Dialogue, Reply } from './line-server';

export interface PopBackend {
  readonly admit: (login: XOAuth2) => Promise<Admission>;
  /** Hears of every command, by name. */
  readonly onCommand: (name: string) => void;
}

/** Base64 of a server's name in UTF-16LE, as Exchange shows it. */
const SERVER = Buffer.from('CONTOSO.DEMO', 'utf16le').toString('base64');
const CAPABILITIES = ['+OK', 'TOP', 'UIDL', 'SASL PLAIN XOAUTH2', 'USER', '.'];
/** The one refusal, whatever the reason. Of a mailbox whose POP is off no transcript is public: the same is assumed. */
const REFUSED = '-ERR Authentication failure: unknown user name or bad password.';
const INVALID = '-ERR Command is not valid in this state.';
const MESSAGE_SIZE = 3072;

/** Exchange Online's side of one POP connection, after public transcripts. */
export function startPopDialogue({ admit, onCommand }: PopBackend): Dialogue {
  let mailbox: Mailbox | undefined;
  let awaitsToken = false;

  async function logIn(sasl: string): Promise<Reply> {
    const login = parseXOAuth2(sasl);
    const admission = login === undefined ? undefined : await admit(login);
    if (admission?.outcome === 'throttled') {
      return { lines: [`-ERR Request is throttled. Suggested Backoff Time: ${admission.backoffMs} milliseconds`] };
    }
    if (admission?.outcome !== 'admitted' || admission.mailbox === undefined) return { lines: [REFUSED] };
    ({ mailbox } = admission);
    return { lines: ['+OK User successfully authenticated.'] };
  }

  function command(name: string, argument: string): Reply {
    switch (name) {
      case 'CAPA':
        return { lines: CAPABILITIES };
      case 'AUTH':
        // Exchange refuses a token that comes in the same line.
        awaitsToken = mailbox === undefined && /^XOAUTH2$/i.test(argument);
        return { lines: [awaitsToken ? '+ ' : '-ERR Protocol error. 14'] };
      case 'STAT':
        return {
          lines: [mailbox === undefined ? INVALID : `+OK ${mailbox.messages} ${mailbox.messages * MESSAGE_SIZE}`],
        };
      case 'QUIT':
        return { lines: ['+OK Microsoft Exchange Server POP3 server signing off.'], closes: true };
      default:
        return { lines: ['-ERR Protocol error. 14'] };
    }
  }

  return {
    greeting: `+OK The Microsoft Exchange POP3 service is ready. [${SERVER}]`,
    async answer(line) {
      if (awaitsToken) {
        awaitsToken = false;
        return line === '*' ? { lines: ['-ERR Authentication was cancelled.'] } : logIn(line);
      }
      const [, name = '', argument = ''] = /^([a-z]+)(?: (.*))?$/i.exec(line) ?? [];
      onCommand(name.toUpperCase());
      return command(name.toUpperCase(), argument);
    },
  };
}

import type { ImapWire } from '../tenant';
import { parseXOAuth2, type Admission, type XOAuth2 } from './admission';
import type { Dialogue, Reply } from './line-server';
import { MAILBOX_COMMANDS, type OpenMailbox } from './mailbox-commands';

export interface ImapBackend {
  readonly wire: ImapWire;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly admit: (login: XOAuth2) => Promise<Admission>;
  /** Hears of every command, by name. */
  readonly onCommand: (name: string) => void;
  readonly onLogin: () => void;
}

/** Base64 of a server's name in UTF-16LE, as Exchange shows it. */
const SERVER = Buffer.from('CONTOSO.DEMO', 'utf16le').toString('base64');

const GREETINGS: Readonly<Record<ImapWire['dialect'], string>> = {
  classic: `* OK The Microsoft Exchange IMAP4 service is ready. [${SERVER}]`,
  newest: `* OK The Microsoft Exchange IMAP4 service is ready. (BACKENDAUTHENTICATE) [${SERVER}]`,
};
const LOGIN_CAPABILITIES: Readonly<Record<ImapWire['dialect'], string>> = {
  classic: 'AUTH=PLAIN AUTH=XOAUTH2',
  newest: 'AUTH=XOAUTH2 LOGINDISABLED',
};

const NOT_CONNECTED = 'BAD User is authenticated but not connected.';
const COMMAND_ERROR = 'BAD Command Error. 12';
const ARGUMENT_ERROR = 'BAD Command Argument Error. 12';
const INVALID_STATE = 'BAD Command received in Invalid state.';
const AUTHENTICATE_FAILED = 'NO AUTHENTICATE failed.';
/** What is no IMAP; then the server has enough. */
const MAX_ERRORS = 10;
export const TOO_MANY_ERRORS = '* BYE Protocol error. Connection is closed. 10';

type Session = Extract<Admission, { outcome: 'admitted' }>;

/** Exchange Online's side of one IMAP connection, after public transcripts. */
export function startDialogue(backend: ImapBackend): Dialogue {
  const { wire } = backend;
  let session: Session | undefined;
  let open: OpenMailbox | undefined;
  /** Answers the next line in place of the commands. */
  let continuation: ((line: string) => Promise<Reply>) | undefined;
  let refusals = 0;
  let errors = 0;

  async function authenticate(tag: string, sasl: string): Promise<Reply> {
    const login = parseXOAuth2(sasl);
    const admission = login === undefined ? undefined : await backend.admit(login);
    switch (admission?.outcome) {
      case undefined:
        return { lines: [`${tag} ${AUTHENTICATE_FAILED}`] };
      case 'refused':
        return { lines: [`${tag} ${AUTHENTICATE_FAILED}${wire.logonDeniedTail ? logonDenied(login?.user) : ''}`] };
      case 'throttled':
        return {
          lines: [`${tag} BAD Request is throttled. Suggested Backoff Time: ${admission.backoffMs} milliseconds`],
        };
      case 'admitted':
        session = admission;
        if (admission.mailbox !== undefined) open = { mailbox: admission.mailbox, selected: false };
        backend.onLogin();
        return { lines: [`${tag} OK AUTHENTICATE completed.`] };
    }
  }

  async function beginAuthenticate(tag: string, argument: string): Promise<Reply> {
    const [, sasl] = /^XOAUTH2(?: (\S+))?$/i.exec(argument) ?? [];
    if (session !== undefined) return { lines: [`${tag} ${INVALID_STATE}`] };
    if (!/^XOAUTH2( |$)/i.test(argument)) return { lines: [`${tag} ${AUTHENTICATE_FAILED}`] };
    if (sasl !== undefined) return authenticate(tag, sasl);
    continuation = (line) =>
      line === '*' ? Promise.resolve({ lines: [`${tag} ${ARGUMENT_ERROR}`] }) : authenticate(tag, line);
    return { lines: ['+ '] };
  }

  function capability(tag: string): Reply {
    const logins = LOGIN_CAPABILITIES[wire.dialect];
    const [moves, rules] =
      session === undefined
        ? ['', '']
        : ['MOVE ', 'CLIENTACCESSRULES CLIENTNETWORKPRESENCELOCATION BACKENDAUTHENTICATE '];
    return {
      lines: [
        `* CAPABILITY IMAP4 IMAP4rev1 ${logins} SASL-IR UIDPLUS ${moves}ID UNSELECT ${rules}CHILDREN IDLE NAMESPACE LITERAL+`,
        `${tag} OK CAPABILITY completed.`,
      ],
    };
  }

  function refuseMailbox(tag: string): Reply {
    refusals++;
    const line = `${tag} ${NOT_CONNECTED}`;
    return refusals < 2 ? { lines: [line] } : { lines: [line, '* BYE Connection closed. 14'], closes: true };
  }

  function idle(tag: string): Reply {
    continuation = (line) =>
      Promise.resolve({ lines: [`${tag} ${/^DONE$/i.test(line) ? 'OK IDLE completed.' : ARGUMENT_ERROR}`] });
    return { lines: ['+ IDLE accepted, awaiting DONE command.'] };
  }

  async function command(tag: string, name: string, argument: string): Promise<Reply> {
    switch (name) {
      case 'CAPABILITY':
        return capability(tag);
      case 'ID':
        return {
          lines: ['* ID ("name" "Microsoft.Exchange.Imap4.Imap4Server" "version" "15.20")', `${tag} OK ID completed`],
        };
      case 'LOGOUT':
        return {
          lines: ['* BYE Microsoft Exchange Server IMAP4 server signing off.', `${tag} OK LOGOUT completed.`],
          closes: true,
        };
      case 'AUTHENTICATE':
        return beginAuthenticate(tag, argument);
      case 'LOGIN':
        return { lines: [`${tag} NO LOGIN failed.`] };
    }
    const answerMailbox = MAILBOX_COMMANDS[name];
    if (answerMailbox === undefined && name !== 'IDLE') return nonsense(`${tag} ${COMMAND_ERROR}`);
    if (session === undefined) return { lines: [`${tag} ${INVALID_STATE}`] };
    if (open === undefined) return refuseMailbox(tag);
    if (answerMailbox === undefined) return idle(tag);
    return { lines: answerMailbox(open, argument).map((line) => (line.startsWith('* ') ? line : `${tag} ${line}`)) };
  }

  function nonsense(line: string): Reply {
    errors++;
    return errors < MAX_ERRORS ? { lines: [line] } : { lines: [line, TOO_MANY_ERRORS], closes: true };
  }

  return {
    greeting: GREETINGS[wire.dialect],
    async answer(line) {
      if (session !== undefined && backend.now() >= session.tokenEndsAt) {
        return { lines: ['* BYE Session invalidated - AccessTokenExpired'], closes: true };
      }
      if (continuation !== undefined) {
        const answerContinuation = continuation;
        continuation = undefined;
        return answerContinuation(line);
      }
      const [, tag, name, argument = ''] = /^([^\s*+]+) ([a-z]+)(?: (.*))?$/i.exec(line) ?? [];
      if (tag === undefined || name === undefined) return nonsense(`* ${COMMAND_ERROR}`);
      backend.onCommand(name.toUpperCase());
      return command(tag, name.toUpperCase(), argument);
    },
  };
}

function logonDenied(user = ''): string {
  return ` Error="AuthFailed:LogonDenied-None-OAuthLog:AuthExc_Auth Failed. [${SERVER}] User:${user}"`;
}

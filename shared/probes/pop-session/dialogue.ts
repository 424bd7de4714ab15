import type { TLSSocket } from 'node:tls';
import type { PopStepName } from '../../core/evidence';
import { refusal } from '../mail-session/failure';
import type { Failure, StepTrace } from '../mail-session/step-trace';
import { readLines } from './lines';

/** More lines than any server's CAPA has. */
const MAX_CAPABILITIES = 64;

/** Ends a dialogue that did not go well. */
export class PopError extends Error {
  override readonly name = 'PopError';

  constructor(readonly failure: Failure) {
    super(failure.text);
  }
}

export interface Dialogue {
  /**
   * Opens the mailbox (`STAT`) and leaves it as it is. `token` is the answer to AUTH XOAUTH2. Rejects with PopError or with
   * the connection's error.
   */
  readonly run: (token: string) => Promise<void>;
  /** Says QUIT where the dialogue was broken off; no answer is awaited. */
  readonly leave: () => void;
}

/** Speaks POP (RFC 1939, RFC 2449, RFC 5034) by hand, since no package speaks XOAUTH2. Never sends RETR or DELE. */
export function startDialogue(socket: TLSSocket, trace: StepTrace<PopStepName>): Dialogue {
  const lines = readLines(socket, (rest) => {
    trace.hear(rest);
  });
  let greeted = false;

  async function hear(): Promise<string> {
    const { value: line } = await lines.next();
    if (line === undefined) throw new PopError({ kind: 'closed', text: 'The server closed the connection.' });
    trace.hear(line);
    return line;
  }

  function ask(command: string, awaited = command): Promise<string> {
    trace.waitFor(awaited);
    socket.write(`${command}\r\n`);
    return hear();
  }

  async function checkCapabilities(): Promise<void> {
    const answer = await ask('CAPA');
    // A server need not know CAPA (RFC 2449): AUTH will show.
    if (isRefusal(answer)) return;
    mustBeOk(answer);
    const offered: string[] = [];
    for (let line = await hear(); line !== '.'; line = await hear()) {
      if (offered.push(line) > MAX_CAPABILITIES) {
        throw new PopError({ kind: 'protocol', text: `The answer to CAPA has more than ${MAX_CAPABILITIES} lines.` });
      }
    }
    const all = offered.join(', ');
    trace.say(all);
    if (offered.some((line) => /^SASL .*\bXOAUTH2\b/i.test(line))) return;
    throw new PopError({ kind: 'protocol', text: `The server does not offer SASL XOAUTH2. It offers: ${all}` });
  }

  /** In two lines: Exchange refuses a token that comes with AUTH. */
  async function authenticate(token: string): Promise<void> {
    const prompt = await ask('AUTH XOAUTH2');
    if (!isPrompt(prompt)) throw failureOfAnswer(prompt);
    let answer = await ask(token, 'the answer to the token');
    if (isPrompt(answer)) {
      // Google's and Dovecot's refusal: the reason in base64, then -ERR to an empty line.
      const challenge = Buffer.from(answer.slice(2), 'base64').toString('utf8').trim();
      answer = await ask('', 'the answer to the token');
      trace.say(`${answer} Challenge: ${challenge}`);
    }
    mustBeOk(answer);
  }

  return {
    run: async (token) => {
      mustBeOk(await hear());
      greeted = true;
      trace.reach('capability');
      await checkCapabilities();
      trace.reach('authenticate');
      await authenticate(token);
      trace.reach('stat');
      const stat = await ask('STAT');
      if (!/^\+OK \d+ \d+/.test(stat)) throw failureOfAnswer(stat);
      trace.reach('quit');
      mustBeOk(await ask('QUIT'));
      trace.done();
    },
    leave: () => {
      if (greeted && trace.step() !== 'quit' && socket.writable) socket.write('QUIT\r\n');
    },
  };
}

function mustBeOk(answer: string): void {
  if (!/^\+OK\b/.test(answer)) throw failureOfAnswer(answer);
}

function isRefusal(answer: string): boolean {
  return /^-ERR\b/.test(answer);
}

/** The server waits for more; `+OK` is none. */
function isPrompt(answer: string): boolean {
  return /^\+( |$)/.test(answer);
}

function failureOfAnswer(answer: string): PopError {
  return new PopError(isRefusal(answer) ? refusal('no', answer) : { kind: 'protocol', text: answer });
}

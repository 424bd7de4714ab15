import { refusalOf } from '../mail-session/failure';
import type { Failure, StepTrace } from '../mail-session/step-trace';

/** Longest part of a line that is kept, in bytes: enough for the status, the code and the words. */
const MAX_LINE = 8192;

/** Reads what both sides say and moves the trace along. It decides on the server's words, as they came. */
export interface Dialogue {
  /** A command line as imapflow logs it, its token masked: `3 AUTHENTICATE XOAUTH2 "(* value hidden *)"`. */
  readonly sent: (line: string) => void;
  /** Bytes from the server. */
  readonly received: (chunk: Buffer) => void;
  /** The NO or BAD to the last command, where that need not end the login by itself: LIST, say. */
  readonly toleratedRefusal: () => Failure | undefined;
}

export function followDialogue(trace: StepTrace): Dialogue {
  let tag = '';
  let command = '';
  let capabilities = 'nothing';
  let challenge = '';
  let messages = 'unknown';
  let tolerated: Failure | undefined;

  function greeted(line: string) {
    const words = line.replace(/^\* /, '');
    trace.say(words);
    if (/^\* OK\b/i.test(line)) {
      trace.reach('capability');
      readCode(line);
    } else {
      // PREAUTH as well: a session without AUTHENTICATE proves nothing about the token.
      trace.fail(refusalOf(words) ?? { kind: 'protocol', text: line });
    }
  }

  /** With a CAPABILITY code, imapflow may send no CAPABILITY. */
  function readCode(line: string) {
    const offered = /^\* OK \[(CAPABILITY [^\]]*)\]/i.exec(line)?.[1];
    if (offered !== undefined && trace.step() === 'capability') offers(offered);
  }

  function offers(offered: string) {
    trace.say(offered);
    if (/\bAUTH=XOAUTH2\b/i.test(offered)) return;
    trace.fail({ kind: 'protocol', text: `The server does not offer AUTH=XOAUTH2. It offers: ${offered}` });
  }

  function accepted(answer: string) {
    const step = trace.step();
    if (command === 'CAPABILITY' && step === 'capability') offers(capabilities);
    if (command === 'AUTHENTICATE') {
      trace.say(answer);
      trace.reach('examine');
    }
    if (command === 'EXAMINE') {
      trace.say(`${answer} Messages: ${messages}`);
      trace.reach('logout');
    }
    if (command === 'LOGOUT') trace.done();
  }

  function refused(refusal: Failure) {
    if (isDecisive(command, refusal)) {
      trace.say(challenge === '' ? refusal.text : `${refusal.text} Challenge: ${challenge}`);
      trace.fail(refusal);
    } else tolerated = refusal;
  }

  function untagged(line: string) {
    if (/^\* CAPABILITY /i.test(line)) capabilities = line.slice(2);
    readCode(line);
    messages = /^\* (\d+) EXISTS\b/i.exec(line)?.[1] ?? messages;
    const bye = /^\* BYE\b/i.test(line) ? refusalOf(line.slice(2)) : undefined;
    if (bye === undefined) return;
    trace.say(bye.text);
    if (command === 'LOGOUT') trace.done();
    else trace.fail(bye);
  }

  function heard(line: string) {
    trace.hear(line);
    if (trace.step() === 'greeting') greeted(line);
    else if (line.startsWith('* ')) untagged(line);
    else if (line.startsWith('+ ') && command === 'AUTHENTICATE') challenge = decodeBase64(line.slice(2));
    else if (line.startsWith(`${tag} `)) {
      const answer = line.slice(tag.length + 1);
      const refusal = refusalOf(answer);
      if (refusal !== undefined) refused(refusal);
      else if (/^OK\b/i.test(answer)) accepted(answer);
    }
  }

  return {
    sent(line) {
      // What has no tag continues the command before it.
      const [, nextTag, nextCommand] = /^([0-9A-F]+) ([A-Z]+)\b/.exec(line) ?? [];
      if (nextTag === undefined || nextCommand === undefined) return;
      tag = nextTag;
      command = nextCommand;
      tolerated = undefined;
      if (command === 'AUTHENTICATE') trace.reach('authenticate');
      trace.waitFor(command);
    },
    received: splitLines(heard, (rest) => {
      trace.hear(rest);
    }),
    toleratedRefusal: () => tolerated,
  };
}

/** imapflow lives with a NO or BAD to ID, NAMESPACE, LSUB and a second CAPABILITY, and may try LIST another way. */
function isDecisive(command: string, { kind, text }: Failure): boolean {
  return (
    kind === 'bye' ||
    ['AUTHENTICATE', 'EXAMINE', 'LOGOUT'].includes(command) ||
    // After the first of these Exchange refuses every mailbox command; imapflow would wait out the back-off.
    /authenticated but not connected|request is throttled|suggested backoff time/i.test(text)
  );
}

/** Calls back with each line, without its end, and with the begun line that a chunk leaves. */
function splitLines(onLine: (line: string) => void, onRest: (rest: string) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const bytes = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf('\n'); end !== -1; end = bytes.indexOf('\n', start)) {
      onLine(bytes.toString('utf8', start, Math.min(end, start + MAX_LINE)).trimEnd());
      start = end + 1;
    }
    rest = bytes.subarray(start, start + MAX_LINE);
    if (rest.length > 0) onRest(rest.toString('utf8'));
  };
}

function decodeBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8').trim();
}

import type { Evidence, GraphMailAnswer, MailSession, TokenAnswer } from './evidence';
import { valueOf } from './reading';

/**
 * What the evidence holds that no known cause explains, a sentence each: the raw words that a person needs to go on.
 * Empty when everything was blind; the blind readings have their own sentences.
 */
export function whatWasSeen(evidence: Evidence, needs: readonly string[]): string[] {
  if (!('accessToken' in evidence)) return [];
  const sentences = {
    accessToken: ofToken(valueOf(evidence.accessToken)),
    imapSession: ofSession(valueOf(evidence.imapSession)),
    popSession: ofSession(valueOf(evidence.popSession)),
    graphMail: ofGraph(valueOf(evidence.graphMail)),
  };
  return Object.entries(sentences).flatMap(([name, said]) =>
    said !== undefined && needs.includes(name) ? [said] : [],
  );
}

function ofToken(answer: TokenAnswer | undefined): string | undefined {
  if (answer === undefined || answer.issued) return undefined;
  return `Entra ID refused the token: ${answer.error}, ${answer.description}`;
}

function ofSession(session: MailSession<string> | undefined): string | undefined {
  if (session?.failure === undefined) return undefined;
  const { host, port, failure } = session;
  return `The session with ${host}:${port} stopped at ${failure.step}: ${failure.text}`;
}

function ofGraph(answer: GraphMailAnswer | undefined): string | undefined {
  if (answer === undefined || answer.opened) return undefined;
  return `Microsoft Graph refused the mailbox: HTTP ${answer.status}, ${answer.code}: ${answer.message}`;
}

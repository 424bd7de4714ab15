import type { Evidence } from './evidence';

/**
 * What the evidence holds that no known cause explains, a sentence each: the raw words that a person needs to go on.
 * Empty when everything was blind; the blind readings have their own sentences.
 */
export function whatWasSeen(evidence: Evidence, needs: readonly string[]): string[] {
  const sentences: string[] = [];
  if ('accessToken' in evidence && needs.includes('accessToken') && evidence.accessToken.outcome === 'seen') {
    const answer = evidence.accessToken.value;
    if (!answer.issued) sentences.push(`Entra ID refused the token: ${answer.error}, ${answer.description}`);
  }
  if ('imapSession' in evidence && needs.includes('imapSession') && evidence.imapSession.outcome === 'seen') {
    const { failure, host, port } = evidence.imapSession.value;
    if (failure !== undefined)
      sentences.push(`The session with ${host}:${port} stopped at ${failure.step}: ${failure.text}`);
  }
  return sentences;
}

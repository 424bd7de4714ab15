import type { Evidence, GraphMailAnswer, HelpdeskSignIns, MailSession, TokenAnswer } from './evidence';
import type { LastRuns, MonitorEvidence } from './monitor-evidence';
import { valueOf } from './reading';

/**
 * What the evidence holds that no known cause explains, a sentence each: the raw words that a person needs to go on.
 * Empty when everything was blind; the blind readings have their own sentences.
 */
export function whatWasSeen(evidence: Evidence, needs: readonly string[]): string[] {
  if ('ownToken' in evidence) return told(ofMonitor(evidence), needs);
  if ('helpdeskSignIns' in evidence) return told({ helpdeskSignIns: ofLog(valueOf(evidence.helpdeskSignIns)) }, needs);
  if (!('accessToken' in evidence)) return [];
  const sentences = {
    accessToken: ofToken(valueOf(evidence.accessToken)),
    imapSession: ofSession(valueOf(evidence.imapSession)),
    popSession: ofSession(valueOf(evidence.popSession)),
    graphMail: ofGraph(valueOf(evidence.graphMail)),
  };
  return told(sentences, needs);
}

function told(sentences: Readonly<Record<string, string | undefined>>, needs: readonly string[]): string[] {
  return Object.entries(sentences).flatMap(([name, said]) =>
    said !== undefined && needs.includes(name) ? [said] : [],
  );
}

function ofMonitor({ ownToken, lastRuns, vaultSecrets, refreshTokens }: MonitorEvidence) {
  const token = valueOf(ownToken);
  const runs = valueOf(lastRuns);
  const undated = [...(valueOf(vaultSecrets) ?? []), ...(valueOf(refreshTokens) ?? [])].find(
    ({ writtenAt }) => writtenAt.outcome === 'blind',
  )?.writtenAt;
  const whyUndated = undated?.outcome === 'blind' ? undated.detail : undefined;
  return {
    ownToken:
      token?.issued === true && token.claims === undefined
        ? 'The token of Mailbox Watch is no JWT, so it does not tell its permissions.'
        : undefined,
    lastRuns: runs && ofRuns(runs),
    vaultSecrets: whyUndated,
    refreshTokens: whyUndated,
  };
}

function ofRuns({ mailboxes, applications }: LastRuns): string | undefined {
  if (mailboxes.at === undefined)
    return 'No mailbox has been checked yet: the first run is under way, or waits for its turn.';
  if (applications.at === undefined) return 'No application has been checked yet: the first run waits for its turn.';
  return undefined;
}

function ofToken(answer: TokenAnswer | undefined): string | undefined {
  if (answer === undefined || answer.issued) return undefined;
  return `Entra ID refused the token: ${answer.error}, ${answer.description}`;
}

function ofLog(log: HelpdeskSignIns | undefined): string | undefined {
  if (log === undefined) return undefined;
  const [user, refusal] =
    Object.entries(log.newest)
      .map(([name, { helpdesk }]) => [name, helpdesk] as const)
      .find(([, last]) => last !== undefined && last.errorCode !== 0) ?? [];
  if (refusal === undefined)
    return 'The sign-in log does not reach back far enough to tell whether the helpdesk signs in.';
  const { errorCode, said = '' } = refusal;
  return `Entra ID refused the helpdesk${user === '' ? '' : `, which signs in as ${user}`} (AADSTS${errorCode}: ${said}). Mailbox Watch has not signed in since, which will tell whether it is refused as well.`;
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

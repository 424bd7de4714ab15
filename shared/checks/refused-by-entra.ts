import type { Match } from '../core/check';
import type { MailboxEvidence, TokenRefused } from '../core/evidence';
import { valueOf } from '../core/reading';

/** What Entra ID said where it gave no token. */
function refusalOf(evidence: MailboxEvidence): TokenRefused | undefined {
  const answer = valueOf(evidence.accessToken);
  return answer?.issued === false ? answer : undefined;
}

/** Matches when the token endpoint gave one of these AADSTS numbers: Entra ID itself names the cause. */
export function refusedWith(...numbers: readonly number[]) {
  return (evidence: MailboxEvidence): Match | undefined => {
    const refusal = refusalOf(evidence);
    const number = refusal?.aadsts.find((code) => numbers.includes(code));
    if (refusal === undefined || number === undefined) return undefined;
    return { confidence: 'confirmed', facts: { aadsts: `AADSTS${number}`, entraSays: refusal.description } };
  };
}

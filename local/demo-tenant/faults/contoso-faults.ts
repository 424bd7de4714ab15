import type { World } from '../world';
import { consentWithdrawn, noAdminConsent, secretEnds, secretIdPasted, wrongScope, wrongUser } from './entra-faults';
import { imapOff, noFullAccess, throttled, wrongObjectId } from './exchange-faults';
import type { Fault } from './fault';

/** What is wrong at Contoso when the demo starts. `now`: milliseconds since 1970. */
export function contosoFaults(contoso: World, now: () => number): Fault[] {
  return [
    imapOff(contoso, 'hr@contoso.com'),
    noFullAccess(contoso, 'facilities@contoso.com', 'svc-jira@contoso.com'),
    wrongUser(contoso, 'jsm-service-desk', 'legal@contoso.com', 'anna.admin@contoso.com', now),
    secretEnds(contoso, 'jira-projects', -3, now),
    wrongScope(contoso, 'jira-marketing', 'https://graph.microsoft.com/IMAP.AccessAsUser.All'),
    secretEnds(contoso, 'liveagent-sales', 6, now),
    imapOff(contoso, 'billing@contoso.com'),
    noFullAccess(contoso, 'returns@contoso.com', 'Contoso LiveAgent Sales'),
    throttled(contoso, 'press@contoso.com', 92_415),
    secretIdPasted(contoso, 'liveagent-service'),
    noAdminConsent(contoso, 'liveagent-events'),
    consentWithdrawn(contoso, 'liveagent-academy'),
    wrongObjectId(contoso, 'liveagent-partner'),
  ];
}

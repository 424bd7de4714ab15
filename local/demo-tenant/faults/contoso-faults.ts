import type { World } from '../world';
import { delegateDisabled, enterpriseApplicationDisabled } from './account-faults';
import {
  certificateReplaced,
  consentWithdrawn,
  helpdeskForgotten,
  noAdminConsent,
  secretEnds,
  secretIdPasted,
  wrongScope,
  wrongUser,
} from './entra-faults';
import { noFullAccess, protocolOff, throttled, unlicensed, wrongObjectId } from './exchange-faults';
import type { Fault } from './fault';
import { incident } from './incident';
import { exchangeAdminDenied, monitorPermissionMissing } from './monitor-faults';

/** What is wrong at Contoso when the demo starts, and what can go wrong later. `now`: milliseconds since 1970. */
export function contosoFaults(contoso: World, now: () => number): Fault[] {
  return [
    protocolOff(contoso, 'hr@contoso.com', 'IMAP', now),
    noFullAccess(contoso, 'facilities@contoso.com', 'svc-jira@contoso.com', now),
    wrongUser(contoso, 'jsm-service-desk', 'legal@contoso.com', 'anna.admin@contoso.com', now),
    secretEnds(contoso, 'jira-projects', -3, now),
    wrongScope(contoso, 'jira-marketing', 'https://graph.microsoft.com/IMAP.AccessAsUser.All'),
    secretEnds(contoso, 'liveagent-sales', 6, now),
    protocolOff(contoso, 'billing@contoso.com', 'IMAP', now),
    noFullAccess(contoso, 'returns@contoso.com', 'Contoso LiveAgent Sales', now),
    // Exchange names minutes; here a repair is to be seen soon.
    throttled(contoso, 'press@contoso.com', 12_415),
    secretIdPasted(contoso, 'liveagent-service'),
    noAdminConsent(contoso, 'liveagent-events'),
    consentWithdrawn(contoso, 'liveagent-academy'),
    wrongObjectId(contoso, 'liveagent-partner'),
    protocolOff(contoso, 'jobs@contoso.com', 'POP', now),
    unlicensed(contoso, 'alumni@contoso.com'),
    noAdminConsent(contoso, 'survey-desk'),
    certificateReplaced(contoso, 'travel-desk'),
    helpdeskForgotten(contoso, 'customer-mail', now),
    enterpriseApplicationDisabled(contoso, 'liveagent-sales'),
    delegateDisabled(contoso, 'svc-jira@contoso.com'),
    incident(contoso, now),
    monitorPermissionMissing(contoso, 'Application.Read.All'),
    exchangeAdminDenied(contoso),
  ];
}

import type { ExchangeReading, ExchangeSettings } from '../../core/ports';
import { blind, type Blind, type Reading } from '../../core/reading';
import type { ExchangeEvidence } from '../../core/subject';

const NOT_ASKED = blind(
  'not-configured',
  'Exchange itself is not asked (exchangeEvidence: none), so it cannot decide between IMAP and Full Access.',
);

const NONE: ExchangeSettings = {
  mailbox: () => Promise.resolve({ casMailbox: NOT_ASKED, mailboxPermissions: NOT_ASKED }),
  servicePrincipal: () => Promise.resolve(NOT_ASKED),
};

/** The way to Exchange's settings that the configuration chooses. */
export function chooseExchange(
  evidence: ExchangeEvidence,
  adminApi: ExchangeSettings,
  snapshot: ExchangeSettings,
): ExchangeSettings {
  switch (evidence) {
    case 'none':
      return NONE;
    case 'admin-api':
      return adminApi;
    case 'graph-snapshot':
      return snapshot;
    case 'auto':
      return firstOf(adminApi, snapshot);
  }
}

/** The administration API; where that is not permitted, what the last snapshot says. */
function firstOf(adminApi: ExchangeSettings, snapshot: ExchangeSettings): ExchangeSettings {
  return {
    async mailbox(integration, address) {
      const now = await adminApi.mailbox(integration, address);
      if (!isShut(now.casMailbox) && !isShut(now.mailboxPermissions)) return now;
      const before = await snapshot.mailbox(integration, address);
      return {
        casMailbox: better(now.casMailbox, before.casMailbox),
        mailboxPermissions: better(now.mailboxPermissions, before.mailboxPermissions),
        ...(now.appAuthorization !== undefined && { appAuthorization: now.appAuthorization }),
      } satisfies ExchangeReading;
    },
    servicePrincipal: (integration) => adminApi.servicePrincipal(integration),
  };
}

/** True where asking again would be answered the same until somebody grants something. */
function isShut(reading: Reading<unknown>): reading is Blind {
  return reading.outcome === 'blind' && (reading.reason === 'denied' || reading.reason === 'not-configured');
}

/** What the administration API would need is told where neither has seen anything. */
function better<T>(now: Reading<T>, before: Reading<T>): Reading<T> {
  return isShut(now) && before.outcome === 'seen' ? before : now;
}

import { badgen } from 'badgen';
import { STATUSES, type Status } from '../core/status';
import type { Overview } from '../core/report';

/** What https://shields.io/badges/endpoint-badge reads. */
export interface Badge {
  readonly schemaVersion: 1;
  readonly label: string;
  readonly message: string;
  readonly color: string;
  /** Shields shows an error of the thing, not of the endpoint. */
  readonly isError: boolean;
  /** Seconds that shields keeps it, 300 at least. */
  readonly cacheSeconds: number;
}

const LABEL = 'helpdesk mail';
/** Colour never speaks alone: the words say the same. */
const LOOK: Readonly<Record<Status, { readonly color: string; readonly word: string }>> = {
  critical: { color: '#b3261e', word: 'broken' },
  warning: { color: '#b26a00', word: 'at risk' },
  unclear: { color: '#5b5fc7', word: 'unclear' },
  info: { color: '#1a7f37', word: 'all well' },
  healthy: { color: '#1a7f37', word: 'all well' },
};

/** The worst status and how many have it; no name of anything. Pure. */
export function badgeOf({ status, counts }: Pick<Overview, 'status' | 'counts'>): Badge {
  const { color, word } = LOOK[status];
  const bad = STATUSES.slice(0, 3).filter((one) => counts[one] > 0);
  // Mailbox Watch itself counts in the status, and in no count.
  const words = bad.map((one) => `${counts[one]} ${LOOK[one].word}`).join(', ');
  const message = words === '' || !bad.includes(status) ? [word, words].filter((one) => one !== '').join(', ') : words;
  return { schemaVersion: 1, label: LABEL, message, color, isError: status === 'critical', cacheSeconds: 300 };
}

/** The badge as SVG, readable by itself: its title says what it shows. */
export function badgeSvg({ label, message, color }: Badge): string {
  return badgen({ label, status: message, color: color.slice(1), style: 'flat' });
}

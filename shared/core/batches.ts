import type { Integration } from './subject';

/** Mailboxes of one integration that are checked together: the message on the queue. */
export interface MailboxBatch {
  readonly integrationId: string;
  readonly mailboxes: readonly string[];
  /** When the timer planned it, milliseconds since 1970. */
  readonly plannedAt: number;
}

/**
 * Mailboxes a batch. Each opens one connection to the same mail server, side by side; with host.json's four batches at a time an
 * instance holds 40 at most, well under the 128 SNAT ports that Azure gives an instance per destination.
 */
const BATCH_SIZE = 10;

/** Cuts the fleet into batches. A batch holds one integration only, so that its mailboxes share a token. */
export function planBatches(
  integrations: readonly Integration[],
  plannedAt: number,
  size = BATCH_SIZE,
): MailboxBatch[] {
  return integrations.flatMap(({ id, mailboxes }) =>
    slices(
      mailboxes.map(({ address }) => address),
      size,
    ).map((slice) => ({ integrationId: id, mailboxes: slice, plannedAt })),
  );
}

/** The items in rows of `size`, the last one shorter. */
export function slices<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

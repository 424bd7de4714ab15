import * as z from 'zod';
import { fullAccessNames } from './permission-rows';
import type { Snapshot, SnapshotRow } from './snapshot-state';

/** What a snapshot is asked to hold. */
export const RESOURCES = {
  settings: 'microsoft.exchange.casmailboxsettings',
  permissions: 'microsoft.exchange.mailboxpermission',
} as const;

/** A finished snapshot. Its resources are looked at one by one: one that is odd costs its own mailbox only. */
export const Content = z.object({ resources: z.array(z.unknown()) });

const Resource = z.object({
  resourceType: z.string().toLowerCase(),
  properties: z.looseObject({ Identity: z.string().toLowerCase() }),
});
// Nothing has a default: a switch that is not told is not off, and not on.
const Settings = z
  .object({ ImapEnabled: z.boolean(), PopEnabled: z.boolean() })
  .transform(({ ImapEnabled, PopEnabled }) => ({ imapEnabled: ImapEnabled, popEnabled: PopEnabled }));
const Permissions = z.array(
  z
    .object({ User: z.string(), AccessRights: z.array(z.string()), Deny: z.boolean() })
    // A snapshot does not tell inherited rows; Exchange Online has them for system accounts only.
    .transform((row) => ({ ...row, IsInherited: false })),
);

/**
 * Keeps of a snapshot what concerns these mailboxes (addresses, lower case). It names a mailbox by its user principal name, or by a
 * name of Exchange's own: those are not found.
 */
export function keepWatched({ resources }: z.output<typeof Content>, addresses: readonly string[]): Snapshot {
  const watched = new Set(addresses);
  const known = resources.flatMap((resource) => {
    const { data } = Resource.safeParse(resource);
    return data !== undefined && watched.has(data.properties.Identity) ? [data] : [];
  });
  const rows = [...watched].flatMap((address) => {
    const about = known.filter(({ properties }) => properties.Identity === address);
    return about.length === 0 ? [] : [[address, toRow(about)] as const];
  });
  return { rows: Object.fromEntries(rows), resources: resources.length };
}

function toRow(resources: readonly z.output<typeof Resource>[]): SnapshotRow {
  const of = (type: string) =>
    resources.filter(({ resourceType }) => resourceType === type).map(({ properties }) => properties);
  const settings = Settings.safeParse(of(RESOURCES.settings)[0]);
  const permissions = Permissions.safeParse(of(RESOURCES.permissions));
  return {
    ...(settings.success && { settings: settings.data }),
    // Every mailbox has a row for its owner: without one the list was not seen, and is not empty.
    ...(permissions.success && permissions.data.length > 0 && { permissions: fullAccessNames(permissions.data) }),
  };
}

import type { MailFolder } from '@microsoft/microsoft-graph-types';
import { hasFullAccess } from '../exchange/admission';
import { GraphError } from './graph-error';
import { single, type Entity } from './odata';
import type { GraphRequest } from './request';

const MAIL_FOLDERS = { collection: 'mailFolders', type: 'microsoft.graph.mailFolder' };

/** The inbox folder of a mailbox, for an app with the role, or a delegate to whom the mailbox is open. Throws GraphError. */
export function inbox({ tenant, url, delegate }: GraphRequest, address: string): Entity {
  const mailbox = tenant.exchange.mailboxes.get(address.toLowerCase());
  if (mailbox === undefined)
    throw new GraphError(404, 'ErrorInvalidUser', `The requested user '${address}' is invalid.`);
  if (!mailbox.licensed) {
    throw new GraphError(
      404,
      'MailboxNotEnabledForRESTAPI',
      'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
    );
  }
  const isOpen =
    delegate === undefined || delegate.upn === mailbox.address || hasFullAccess(tenant, mailbox, delegate.upn);
  if (!isOpen) throw new GraphError(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
  const folder = {
    id: Buffer.from(`inbox of ${mailbox.address}`).toString('base64url'),
    displayName: 'Inbox',
    parentFolderId: Buffer.from(`root of ${mailbox.address}`).toString('base64url'),
    childFolderCount: 0,
    unreadItemCount: 0,
    totalItemCount: mailbox.messages,
    isHidden: false,
  } satisfies MailFolder;
  return single(folder, MAIL_FOLDERS, url);
}

export function accessDenied(): GraphError {
  return new GraphError(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
}

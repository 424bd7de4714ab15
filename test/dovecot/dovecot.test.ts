import { createSecureContext } from 'node:tls';
import type { ImapSession } from '../../shared/core/evidence';
import { valueOf } from '../../shared/core/reading';
import { createImapProbe } from '../../shared/probes/imap-session';
import { createAuthority } from '../support/certificates';
import { describeWith } from '../support/debian';
import { DOVECOT, startDovecot, type Dovecot } from './dovecot-server';
import { startIntrospectionEndpoint, type IntrospectionEndpoint } from './introspection-endpoint';

const SUPPORT = 'support@contoso.com';
const SALES = 'sales@contoso.com';
const SHARED = 'shared-invoices@contoso.com';
const CLOSED = 'closed@contoso.com';

/** Dovecot opens only the mailbox that a token names; that one token opens a shared mailbox is left to Exchange. */
const OWNERS = new Map([
  ['token-of-support', SUPPORT],
  ['token-of-sales', SALES],
  ['token-for-shared-invoices', SHARED],
  ['token-of-closed', CLOSED],
]);

const UNAUTHORIZED = '{"status":"401","schemes":"bearer","scope":"mail"}';

describeWith(DOVECOT, 'dovecot-imapd', 'the login to a real server', () => {
  let introspection: IntrospectionEndpoint | undefined;
  let dovecot: Dovecot | undefined;
  let logIn: (mailbox: string, bearer: string) => Promise<ImapSession | undefined>;

  beforeAll(async () => {
    const authority = await createAuthority();
    introspection = await startIntrospectionEndpoint(OWNERS);
    dovecot = await startDovecot({
      identity: await authority.issue(),
      introspectionUrl: introspection.url,
      closedMailboxes: [CLOSED],
    });
    const { port } = dovecot;
    const probe = createImapProbe({ secureContext: createSecureContext({ ca: authority.certificate }) });
    logIn = async (mailbox, bearer) => valueOf(await probe({ host: 'localhost', port, mailbox, bearer }));
  });

  afterAll(async () => {
    await dovecot?.stop();
    await introspection?.close();
  });

  it.each([
    [SUPPORT, 'token-of-support'],
    [SALES, 'token-of-sales'],
    [SHARED, 'token-for-shared-invoices'],
  ])('opens %s', async (mailbox, bearer) => {
    const session = await logIn(mailbox, bearer);

    expect(session?.failure).toBeUndefined();
    expect(session?.steps.map(({ outcome }) => outcome)).toEqual(Array(8).fill('ok'));
    expect(session?.steps.find(({ name }) => name === 'examine')?.said).toMatch(
      /^OK \[READ-ONLY\] Examine completed .* Messages: 0$/,
    );
  });

  it.each([
    ['a token that has run out', SUPPORT, 'token-of-last-week'],
    ['a token of somebody else', SALES, 'token-of-support'],
  ])('is refused with %s', async (_, mailbox, bearer) => {
    const session = await logIn(mailbox, bearer);

    expect(session?.failure).toEqual({
      step: 'authenticate',
      kind: 'no',
      code: 'AUTHENTICATIONFAILED',
      text: 'NO [AUTHENTICATIONFAILED] Authentication failed.',
    });
    expect(session?.steps.find(({ name }) => name === 'authenticate')?.said).toBe(
      `NO [AUTHENTICATIONFAILED] Authentication failed. Challenge: ${UNAUTHORIZED}`,
    );
  });

  it('is refused a mailbox that it may not read', async () => {
    const session = await logIn(CLOSED, 'token-of-closed');

    expect(session?.failure).toMatchObject({ step: 'examine', kind: 'no', code: 'NOPERM' });
    expect(session?.failure?.text).toMatch(/^NO \[NOPERM\] Permission denied/);
  });
});

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ServerIdentity } from '../support/certificates';

/** Of the Debian package dovecot-imapd. */
export const DOVECOT = '/usr/sbin/dovecot';
/** Longest time to start, in milliseconds; it takes about 100. */
const START_LIMIT = 10_000;
/** Whom mail belongs to when root starts Dovecot, which then refuses to read mail as root. */
const NOBODY = 65_534;

export interface Dovecot {
  readonly port: number;
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
}

interface DovecotOptions {
  readonly identity: ServerIdentity;
  /** Where Dovecot asks about tokens. */
  readonly introspectionUrl: string;
  /** Mailboxes whose INBOX may be listed but not opened. */
  readonly closedMailboxes: readonly string[];
}

/**
 * Starts Dovecot 2.3 as an ordinary process on a free port of 127.0.0.1: IMAP over TLS, XOAUTH2 only. All it reads and
 * writes is in one new folder under the temporary one. Throws when it is not installed or does not start.
 */
export async function startDovecot(options: DovecotOptions): Promise<Dovecot> {
  const folder = mkdtempSync(join(tmpdir(), 'dovecot-'));
  const port = await freePort();
  writeFiles(folder, port, options);
  const child = spawn(DOVECOT, ['-F', '-c', join(folder, 'dovecot.conf')], { stdio: ['ignore', 'ignore', 'inherit'] });
  const stop = async () => {
    if (child.exitCode === null && child.kill()) await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  };
  if (await listens(child, port)) return { port, stop };
  const log = join(folder, 'log');
  const reason = existsSync(log) ? readFileSync(log, 'utf8') : 'it has written why to the standard error output';
  await stop();
  throw new Error(`Dovecot does not start: ${reason}`);
}

async function listens(child: ChildProcess, port: number): Promise<boolean> {
  const giveUpAt = Date.now() + START_LIMIT;
  while (child.exitCode === null && Date.now() < giveUpAt) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return true;
    } catch {
      // Not yet, and Dovecot tells nobody when.
      await wait(10);
    } finally {
      socket.destroy();
    }
  }
  return false;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function writeFiles(folder: string, port: number, { identity, introspectionUrl, closedMailboxes }: DovecotOptions) {
  const { uid, gid, username } = userInfo();
  const owner = uid === 0 ? { uid: NOBODY, gid: NOBODY } : { uid, gid };
  const write = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
  };
  const mailFolder = (...names: string[]) => {
    const path = join(folder, 'mail', ...names);
    mkdirSync(path);
    chownSync(path, owner.uid, owner.gid);
  };
  // What root starts runs as others.
  chmodSync(folder, 0o755);
  mailFolder();
  for (const mailbox of closedMailboxes) {
    mailFolder(mailbox);
    write(`mail/${mailbox}/dovecot-acl`, 'owner l\n');
  }
  write('cert.pem', identity.cert);
  write('key.pem', identity.key);
  write(
    'oauth2.conf',
    `introspection_mode = post
introspection_url = ${introspectionUrl}
force_introspection = yes
active_attribute = active
active_value = true
username_attribute = username
`,
  );
  // Who is not root cannot start processes of other accounts.
  const account = `default_internal_user = ${username}\ndefault_internal_group =\ndefault_login_user = ${username}\n`;
  write('dovecot.conf', `${configuration(folder, port, owner)}${uid === 0 ? '' : account}`);
}

function configuration(folder: string, port: number, owner: { readonly uid: number; readonly gid: number }): string {
  return `
protocols = imap
listen = 127.0.0.1
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
ssl = required
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
auth_mechanisms = xoauth2
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:~
mail_plugins = acl
plugin {
  acl = vfile
}
passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = ${folder}/oauth2.conf
}
userdb {
  driver = static
  args = uid=${owner.uid} gid=${owner.gid} home=${folder}/mail/%u
}
service imap-login {
  chroot =
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = ${port}
    ssl = yes
  }
}
service anvil {
  chroot =
  # Without this a refused login makes the next ones wait, up to 15 s.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
`;
}

import type { Mailbox } from '../tenant';

/** A mailbox that a session has opened. */
export interface OpenMailbox {
  readonly mailbox: Mailbox;
  /** Whether a folder is selected. */
  selected: boolean;
}

/** Lines without a `*` get the command's tag. */
type Lines = readonly string[];

const FOLDERS = ['INBOX', 'Archive', 'Deleted Items', 'Drafts', 'Junk Email', 'Sent Items'];
const FLAGS = '\\Seen \\Answered \\Flagged \\Deleted \\Draft $MDNSent';
const UID_VALIDITY = 14;

/** Commands that need a mailbox, by name. */
export const MAILBOX_COMMANDS: Readonly<Record<string, (open: OpenMailbox, argument: string) => Lines>> = {
  NAMESPACE: () => ['* NAMESPACE (("" "/")) NIL NIL', 'OK NAMESPACE completed.'],
  NOOP: () => ['OK NOOP completed.'],
  CHECK: () => ['OK CHECK completed.'],
  LIST: (_, argument) => listing('LIST', argument),
  LSUB: (_, argument) => listing('LSUB', argument),
  STATUS: (open, argument) => status(open, argument),
  EXAMINE: (open, argument) => select(open, argument, '', 'OK [READ-ONLY] EXAMINE completed.'),
  SELECT: (open, argument) => select(open, argument, FLAGS, 'OK [READ-WRITE] SELECT completed.'),
  CLOSE: (open) => unselect(open, 'CLOSE'),
  UNSELECT: (open) => unselect(open, 'UNSELECT'),
  EXPUNGE: ({ selected }) => [selected ? 'OK EXPUNGE completed.' : 'BAD Command received in Invalid state.'],
};

function listing(command: string, argument: string): Lines {
  const pattern = unquote(/^(?:""|\S+) (.+)$/.exec(argument)?.[1] ?? '');
  if (pattern === '') return [`* ${command} (\\Noselect \\HasChildren) "/" ""`, `OK ${command} completed.`];
  const literally = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/[*%]/g, '.*');
  const matching = FOLDERS.filter((folder) => new RegExp(`^${literally}$`, 'i').test(folder));
  return [
    ...matching.map((folder) => `* ${command} (\\HasNoChildren) "/" ${quote(folder)}`),
    `OK ${command} completed.`,
  ];
}

function select(open: OpenMailbox, argument: string, permanentFlags: string, completed: string): Lines {
  const folder = unquote(argument);
  const known = knownFolder(folder);
  if (known === undefined) return [`NO ${folder} doesn't exist.`];
  open.selected = true;
  const exists = messagesIn(known, open);
  return [
    `* ${exists} EXISTS`,
    '* 0 RECENT',
    `* FLAGS (${FLAGS})`,
    `* OK [PERMANENTFLAGS (${permanentFlags})] Permanent flags`,
    `* OK [UIDVALIDITY ${UID_VALIDITY}] UIDVALIDITY value`,
    `* OK [UIDNEXT ${exists + 1}] The next unique identifier value`,
    completed,
  ];
}

function unselect(open: OpenMailbox, command: string): Lines {
  if (!open.selected) return ['BAD Command received in Invalid state.'];
  open.selected = false;
  return [`OK ${command} completed.`];
}

function status(open: OpenMailbox, argument: string): Lines {
  const [, name = '', items = ''] = /^(.+) \(([^)]*)\)$/.exec(argument) ?? [];
  const folder = knownFolder(unquote(name));
  if (folder === undefined) return [`NO ${unquote(name)} doesn't exist.`];
  const messages = messagesIn(folder, open);
  const values: Readonly<Record<string, number>> = {
    MESSAGES: messages,
    RECENT: 0,
    UIDNEXT: messages + 1,
    UIDVALIDITY: UID_VALIDITY,
    UNSEEN: 0,
  };
  const told = items.split(' ').flatMap((item) => {
    const value = values[item.toUpperCase()];
    return value === undefined ? [] : [`${item.toUpperCase()} ${value}`];
  });
  return [`* STATUS ${quote(folder)} (${told.join(' ')})`, 'OK STATUS completed.'];
}

function knownFolder(name: string): string | undefined {
  return FOLDERS.find((folder) => folder.toLowerCase() === name.toLowerCase());
}

function messagesIn(folder: string, { mailbox }: OpenMailbox): number {
  return folder === 'INBOX' ? mailbox.messages : 0;
}

function unquote(text: string): string {
  return text.replace(/^"(.*)"$/, '$1');
}

function quote(folder: string): string {
  return folder.includes(' ') ? `"${folder}"` : folder;
}

import { text as readAll } from 'node:stream/consumers';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { FLOWS, PRODUCTS } from '../../shared/core/subject';
import { version } from '../../package.json';
import { check, type CheckOptions } from './commands/check';
import { init, print, schema, validate } from './commands/config';
import { discover, type DiscoverOptions } from './commands/discover';
import { doctor, type DoctorOptions } from './commands/doctor';
import { explain, type ExplainOptions } from './commands/explain';
import { record } from './commands/record';
import { remediation, type RemediationOptions } from './commands/remediation';
import { signIn, type SignInOptions } from './commands/sign-in';
import { addSilence, endSilence, listSilences, type SilenceOptions } from './commands/silence';
import { setup, type SetupOptions } from './commands/setup';
import { alerts, status, testChannel, type SourceOptions } from './commands/status';
import { STATUS_FORMATS, type StatusFormat } from './formats/status';
import type { SampleValues } from './sample-configuration';
import { CommandError, EXIT_CODES, USAGE, type Outcome } from './outcome';
import type { ConfigurationOptions } from './open-configuration';

const EXITS = `
Exit codes: 0 in order, 1 warning, 2 critical, 3 unknown (it could not be seen, or the command could not do its work),
64 the command was given wrongly (3 with --output nagios). Results go to standard output, progress and complaints to standard error.
NO_COLOR=1 or --no-color writes without colours.`;

type GlobalOptions = ConfigurationOptions & { readonly quiet?: boolean };

/** Runs a command line (without node and script) and gives the exit code. Writes to standard output and error; never rejects. */
export async function run(argv: readonly string[]): Promise<number> {
  let outcome: Outcome = { text: '', code: EXIT_CODES.ok };
  const program = commandLine((result) => {
    outcome = result;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    return failed(error, argv);
  }
  if (outcome.text !== '') process.stdout.write(`${outcome.text}\n`);
  return outcome.code;
}

function failed(error: unknown, argv: readonly string[]): number {
  const asPlugin = /(?:^| )(?:-o|--output)[ =]?nagios(?: |$)/.test(argv.join(' '));
  // Help and version are no mistakes; of these commander has told the rest itself.
  if (error instanceof CommanderError)
    return error.exitCode === 0 ? EXIT_CODES.ok : asPlugin ? EXIT_CODES.unknown : USAGE;
  const message = error instanceof Error ? error.message : String(error);
  if (asPlugin) process.stdout.write(`MAILBOXES UNKNOWN - ${message.split('\n')[0] ?? ''}\n`);
  process.stderr.write(`${message}\n`);
  return error instanceof CommandError && !asPlugin ? error.code : EXIT_CODES.unknown;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function outputOption(formats: readonly string[]): Option {
  return new Option('-o, --output <format>', 'how the result is written').choices(formats).default(formats[0]);
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It is a number of seconds, such as 120.');
  return value;
}

function port(text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 0 && value < 65_536)) {
    throw new InvalidArgumentError('It is a port such as 8400.');
  }
  return value;
}

function commandLine(done: (outcome: Outcome) => void): Command {
  const program = new Command('mailbox-watch')
    .description(
      'Tells why a helpdesk stopped reading its Microsoft 365 mailbox, and how to repair it. It only reads: mail stays unread, settings stay as they are.',
    )
    .version(version)
    .option('-c, --config <file>', 'the configuration (default: MAILBOX_WATCH_CONFIG, or mailbox-watch.yaml here)')
    .option('--demo', 'use the demo tenant that `npm start` runs in this folder')
    .option('-q, --quiet', 'show no progress')
    .option('--no-color', 'write without colours')
    .on('option:no-color', () => {
      process.env['NO_COLOR'] = '1';
    })
    .showSuggestionAfterError()
    .showHelpAfterError('Run it with --help to see what there is.')
    .exitOverride()
    .addHelpText('after', EXITS);
  const globals = () => program.opts<GlobalOptions>();

  program
    .command('check')
    .summary('check everything once, or one integration or mailbox')
    .description(
      'Signs in as the helpdesk does, opens each mailbox with EXAMINE, reads Exchange and Entra ID, and gives a verdict for each. It needs the configuration and its secrets on this machine, remembers nothing and alerts nobody.',
    )
    .addArgument(new Argument('[target]', 'integration or integration/mailbox'))
    .addOption(outputOption(STATUS_FORMATS))
    .option('-a, --all-checks', 'show each check, not only the worst of each mailbox')
    .option('--timeout <seconds>', 'what is not checked by then stays unclear', seconds, 300)
    .addHelpText(
      'after',
      '\nFor example:\n  mailbox-watch check\n  mailbox-watch check service-desk/support@contoso.com\n  mailbox-watch check --output junit > mailboxes.xml',
    )
    .action(async (target: string | undefined, own: { output: StatusFormat; timeout: number; allChecks?: boolean }) => {
      const { allChecks, ...options } = own;
      const all: CheckOptions = { ...globals(), ...options, ...(allChecks !== undefined && { everyCheck: allChecks }) };
      done(await check(target, all, say));
    });

  program
    .command('doctor')
    .summary('examine the set-up of Mailbox Watch itself')
    .description(
      'Looks at this machine, the configuration, every host that is spoken to, every secret, and at what Mailbox Watch may read: sign-in, each permission, Exchange, Key Vault, its clock. Of what is missing it says how to grant it.',
    )
    .addOption(outputOption(['pretty', 'json']))
    .action(async (own: Pick<DoctorOptions, 'output'>) => {
      done(await doctor({ ...globals(), ...own }));
    });

  const source = (command: Command) =>
    command.option(
      '--url <address>',
      'where Mailbox Watch runs (default: MAILBOX_WATCH_URL; else its storage is read); MAILBOX_WATCH_KEY holds a function key',
    );

  source(program.command('status'))
    .summary('show what the running Mailbox Watch last found')
    .description('Shows what was last found. Looks at no mailbox.')
    .addArgument(new Argument('[integration]', 'one integration, or mailbox-watch for itself'))
    .addOption(outputOption(STATUS_FORMATS))
    .action(async (id: string | undefined, own: SourceOptions & { output: StatusFormat }) => {
      done(await status(id, { ...globals(), ...own }));
    });

  program
    .command('explain')
    .summary('name the causes of what a helpdesk has logged')
    .description(
      'Reads an error text from the arguments or from standard input and names its causes with their remedies. Looks at nothing but the text.',
    )
    .argument('[text...]', 'what was logged')
    .addOption(new Option('--product <product>', 'the helpdesk').choices(PRODUCTS))
    .addOption(new Option('--flow <flow>', 'how it signs in').choices(FLOWS))
    .addOption(outputOption(['pretty', 'json']))
    .addHelpText(
      'after',
      '\nFor example:\n  mailbox-watch explain "A3 BAD User is authenticated but not connected."\n  mailbox-watch explain --product jira < atlassian-jira-incoming-mail.log',
    )
    .action(async (words: string[], options: ExplainOptions) => {
      const text = words.length > 0 || process.stdin.isTTY ? words.join(' ') : await readAll(process.stdin);
      done(explain(text, options));
    });

  program
    .command('remediation')
    .summary('show the remedy of a cause, or list all causes')
    .argument('[id]', 'the cause, such as imap-disabled')
    .option('--for <target>', 'fill in the values of this integration or integration/mailbox')
    .addOption(outputOption(['pretty', 'json']))
    .action(async (id: string | undefined, own: RemediationOptions) => {
      done(await remediation(id, { ...globals(), ...own }));
    });

  const alertCommands = program.command('alerts').summary('show what is open and how the channels are; test a channel');
  source(alertCommands.command('list', { isDefault: true }))
    .description('Shows which alerts are open, since when, and how the channels are.')
    .addOption(outputOption(['pretty', 'json']))
    .action(async (own: SourceOptions & { output: 'pretty' | 'json' }) => {
      done(await alerts({ ...globals(), ...own }));
    });
  source(alertCommands.command('test'))
    .description('Sends a test notice to a channel of the configuration.')
    .argument('<channel>', 'its id')
    .action(async (channel: string, own: SourceOptions) => {
      done(await testChannel(channel, { ...globals(), ...own }));
    });

  const silences = program.command('silence').summary('hold notices back for a while, list that, end it');
  source(silences.command('add'))
    .description('Holds notices back until a moment. What is still broken then is told of at the next check.')
    .option('--integration <id>', 'of this integration')
    .option('--mailbox <address>', 'of this mailbox')
    .option('--cause <id>', 'of this cause')
    .option('--for <duration>', 'how long, such as 30m, 2h or 3d')
    .option('--until <moment>', 'until when, such as 2026-11-25T18:00:00Z')
    .requiredOption('--reason <text>', 'why, for whoever comes across it')
    .option('--author <name>', 'by whom (default: your account on this machine)')
    .action(async (own: SilenceOptions) => {
      done(await addSilence({ ...globals(), ...own }));
    });
  source(silences.command('list', { isDefault: true }))
    .description('Lists what is silenced, until when, why and by whom.')
    .action(async (own: SourceOptions) => {
      done(await listSilences({ ...globals(), ...own }));
    });
  source(silences.command('end'))
    .description('Ends a silence before its time.')
    .argument('<id>', 'its id')
    .action(async (id: string, own: SourceOptions) => {
      done(await endSilence(id, { ...globals(), ...own }));
    });

  const config = program.command('config').summary('make, validate and print the configuration');
  config
    .command('init')
    .description('Writes a commented configuration to begin with; a file that exists is left alone.')
    .option('--tenant <tenant>', 'GUID or verified domain')
    .option('--client-id <id>', 'application (client) ID of the app registration')
    .addOption(new Option('--product <product>', 'the helpdesk').choices(PRODUCTS))
    .addOption(new Option('--flow <flow>', 'how it signs in').choices(FLOWS))
    .option('--delegate <upn>', 'the user who authorised the connection')
    .option('--mailbox <address...>', 'the mailboxes that are read')
    .action((own: SampleValues) => {
      done(init({ ...globals(), ...own }));
    });
  config
    .command('validate')
    .description(
      'Says everything that is wrong with the configuration, with the lines in question. What may be a secret is hidden.',
    )
    .action(async () => {
      done(await validate(globals()));
    });
  config
    .command('print')
    .description('Prints the configuration with every default filled in. Secrets stand in it as references only.')
    .action(async () => {
      done(await print(globals()));
    });
  config
    .command('schema')
    .description(
      'Prints the JSON Schema (draft-07) for editors: mailbox-watch config schema > mailbox-watch.schema.json',
    )
    .action(() => {
      done(schema());
    });

  program
    .command('discover')
    .summary('find the apps that may read mail, and propose configuration')
    .description(
      'Asks Entra ID which apps hold a permission for IMAP, POP or mail over Microsoft Graph, and prints lines for the configuration for those that are not watched. It needs Application.Read.All and Directory.Read.All, or the Azure CLI with --tenant where there is no configuration yet.',
    )
    .option('--tenant <tenant>', 'GUID or verified domain, where there is no configuration yet')
    .addOption(outputOption(['pretty', 'json']))
    .action(async (own: DiscoverOptions) => {
      done(await discover({ ...globals(), ...own }));
    });

  program
    .command('sign-in')
    .summary('let the delegate authorise a connection for Mailbox Watch')
    .description(
      'Lets the delegate sign in once, in a browser on this machine, and keeps the refresh token where refreshToken names it: a file that only its owner can read, or Key Vault. The helpdesk keeps its own token. The app registration needs the redirect URI http://localhost.',
    )
    .argument('<target>', 'integration or integration/mailbox')
    .option('--port <number>', 'where the browser comes back to (default: any that is free)', port, 0)
    .option('--device-code', 'sign in with a code on another device; many tenants block that')
    .action(async (target: string, own: SignInOptions) => {
      done(await signIn(target, { ...globals(), ...own }, say));
    });

  program
    .command('setup')
    .summary('print the script that grants Mailbox Watch what it needs')
    .description(
      'Prints a PowerShell script that grants the identity of Mailbox Watch exactly what this configuration needs: application permissions of Graph, an Exchange role of four cmdlets that only read. It can be run again; -WhatIf changes nothing, -Remove takes everything back.',
    )
    .requiredOption(
      '--object-id <id>',
      "object ID of Mailbox Watch's enterprise application (a managed identity's principal ID)",
    )
    .option('--client-id <id>', 'its application (client) ID (default: that of monitor.signIn)')
    .option('--tenant <tenant>', 'which tenant, where the configuration has several')
    .action(async (own: SetupOptions) => {
      done(await setup({ ...globals(), ...own }, say));
    });

  program
    .command('record')
    .summary('record what is seen of a mailbox, without names, as a test case')
    .description(
      'Looks at one mailbox and prints what was seen with stand-ins for every name, address, id and code: to report a verdict that was wrong. Read it before you share it.',
    )
    .argument('<target>', 'integration/mailbox')
    .action(async (target: string) => {
      done(await record(target, globals()));
    });

  return program;
}

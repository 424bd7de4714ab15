import type { CredentialKind, Flow, Product, Protocol } from '../../shared/core/subject';

/** What the tenant hands to Mailbox Watch: its configuration, and the files with secrets that the configuration refers to. */
export interface MonitorSetup {
  /** Mailbox Watch's own app registration. */
  readonly clientId: string;
  readonly credentialFile: string;
  readonly integrations: readonly MonitoredIntegration[];
  /** Contents by file name. */
  readonly secretFiles: Map<string, string>;
}

/** A helpdesk connection in the terms of mailbox-watch.yaml; files are named without their `file:`. */
export interface MonitoredIntegration {
  readonly id: string;
  readonly name: string;
  readonly product: Product;
  readonly clientId: string;
  readonly credentialKind: CredentialKind;
  readonly credentialFile: string;
  readonly flow: Flow;
  readonly protocol: Protocol;
  /** Default: what the flow needs. */
  scopes?: readonly string[] | undefined;
  /** Of the delegated flow. */
  readonly authorisation?: Authorisation;
  readonly mailboxes: readonly MonitoredMailbox[];
}

export interface Authorisation {
  /** UPN. */
  readonly delegate: string;
  readonly refreshTokenFile: string;
}

export interface MonitoredMailbox {
  readonly address: string;
  /** Where the mailbox was authorised by itself. */
  readonly authorisation?: Authorisation;
}

/** Every authorisation of the integration: its own, and those of single mailboxes. */
export function authorisationsOf({ authorisation, mailboxes }: MonitoredIntegration): Authorisation[] {
  return [authorisation, ...mailboxes.map((mailbox) => mailbox.authorisation)].filter((one) => one !== undefined);
}

import { createAdminService } from './admin-service';
import { build } from './blueprint';
import { DAY } from '../../shared/core/time';
import { createAppCertificate, createLoopbackIdentity } from './certificate-authority';
import { configurationText, type Endpoints } from './configuration';
import { CONTOSO, manyMailboxes } from './contoso';
import { startCounting, type DemoCounters } from './counters';
import { createExchangeAdminService } from './exchange/admin-api';
import { serveImap } from './exchange/imap-server';
import { servePop } from './exchange/pop-server';
import { contosoFaults } from './faults/contoso-faults';
import type { Fault } from './faults/fault';
import { openFolder } from './folder';
import { createGraphService } from './graph/graph-service';
import { createLoginService } from './login/login-service';
import { fillSignInLog, helpdesksSignIn } from './login/sign-in-log';
import { createTokenSigner } from './login/tokens';
import { serveHttp, type LoopbackServer } from './loopback-http';
import { watchSecrets } from './secrets-in-use';
import type { World } from './world';

export type { DemoCounters } from './counters';

export interface DemoTenantOptions {
  /** An empty folder of its own, for the configuration, the secrets and the certificate; the caller removes it. */
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Milliseconds before each turn of the mail servers, as if the network took them. */
  readonly turnDelayMs?: number;
  /** Instead of Contoso with its faults: one healthy integration with so many mailboxes. */
  readonly mailboxes?: number;
  /** Of the admin address; default: any that is free. */
  readonly adminPort?: number;
}

/** A small Microsoft 365 on 127.0.0.1: token endpoint, Graph, Exchange's administration, IMAP and POP, and an admin address to change its state. */
export interface DemoTenant {
  /** mailbox-watch.yaml for this tenant. */
  readonly configurationPath: string;
  /** PEM of the authority to trust, as for NODE_EXTRA_CA_CERTS. */
  readonly caCertificatePath: string;
  readonly endpoints: Endpoints;
  /** Such as `http://127.0.0.1:41234`; no slash at the end. */
  readonly adminUrl: string;
  /** The data that every answer is made of. */
  readonly world: World;
  readonly faults: readonly Omit<Fault, 'repair' | 'break'>[];
  /** Repairs a fault and writes what Mailbox Watch is to know of it. Nothing happens where it is repaired. Rejects on an unknown id. */
  repair(id: string): Promise<void>;
  breakAgain(id: string): Promise<void>;
  counters(): DemoCounters;
  /** Every client secret and refresh token ever issued and the latest access tokens, to look for leaks. */
  secretsInUse(): string[];
  /** Ends every connection at once, then the servers. */
  close(): Promise<void>;
}

const CONFIGURATION = 'mailbox-watch.yaml';
const CA_CERTIFICATE = 'ca.pem';

/** Starts Contoso with everything broken that is not marked as repaired at the start. Rejects where `adminPort` is taken. */
export async function startDemoTenant(options: DemoTenantOptions): Promise<DemoTenant> {
  const { now = Date.now, turnDelayMs = 0, mailboxes, adminPort } = options;
  const [identity, signer, certificate] = await Promise.all([
    createLoopbackIdentity(),
    createTokenSigner(),
    createAppCertificate(now() - 30 * DAY, now() + 300 * DAY),
  ]);
  const world = build(mailboxes === undefined ? CONTOSO : manyMailboxes(mailboxes), certificate, now());
  const { tenant, monitor } = world;
  const faults = mailboxes === undefined ? contosoFaults(world, now) : [];
  const counting = startCounting();
  const secrets = watchSecrets(
    tenant,
    certificate.pem.split('PRIVATE KEY-----')[1]?.trim().split('\n').slice(1, 3) ?? [],
  );
  for (const fault of faults) if (fault.startsRepaired !== true) fault.break();
  await fillSignInLog(world, now());

  const [login, graph, exchange, imap, pop] = await Promise.all([
    serveHttp(
      createLoginService({
        tenant,
        signer,
        now,
        onIssued: secrets.issued,
        onTokenRequest: () => counting.tokenRequests++,
      }),
      identity,
    ),
    serveHttp(
      createGraphService({
        tenant,
        signer,
        now,
        counting,
        helpdesksSignIn: (clientId) => helpdesksSignIn(world, clientId, now()),
      }),
      identity,
    ),
    serveHttp(createExchangeAdminService({ tenant, signer, now, counting }), identity),
    serveImap({ tenant, signer, identity, now, counting, turnDelayMs }),
    servePop({ tenant, signer, identity, now, counting, turnDelayMs }),
  ]);
  // Whoever is told of another Graph than Microsoft's asks for tokens for that one.
  tenant.resources.graph.identifiers.push(graph.origin);
  const endpoints = {
    login: login.origin,
    graph: graph.origin,
    exchange: exchange.origin,
    imap: { host: 'localhost', port: imap.port },
    pop: { host: 'localhost', port: pop.port },
  };

  const folder = openFolder(options.folder);
  const publish = () => {
    secrets.look();
    return folder.publish([
      [CA_CERTIFICATE, identity.authority],
      [CONFIGURATION, configurationText(tenant, monitor, endpoints)],
      ...monitor.secretFiles,
    ]);
  };
  const change = async (id: string, action: 'repair' | 'break') => {
    const fault = faults.find((one) => one.id === id);
    if (fault === undefined)
      throw new Error(`There is no fault ${id}; there are: ${faults.map((one) => one.id).join(', ')}`);
    if (fault.isBroken() === (action === 'break')) return;
    fault[action]();
    await publish();
  };
  const repair = (id: string) => change(id, 'repair');
  const breakAgain = (id: string) => change(id, 'break');
  const counters = () => structuredClone(counting);
  const services = [login, graph, exchange, imap, pop];
  const adminService = createAdminService({ faults, counters, repair, breakAgain });
  const admin = await serveHttp(adminService, undefined, adminPort).catch(async (error: unknown) => {
    await closeAll(services);
    throw error;
  });
  await publish();

  return {
    configurationPath: folder.path(CONFIGURATION),
    caCertificatePath: folder.path(CA_CERTIFICATE),
    endpoints,
    adminUrl: admin.origin,
    world,
    faults,
    repair,
    breakAgain,
    counters,
    secretsInUse: secrets.all,
    close: () => closeAll([...services, admin]),
  };
}

async function closeAll(servers: readonly Pick<LoopbackServer, 'close'>[]): Promise<void> {
  await Promise.all(servers.map((server) => server.close()));
}

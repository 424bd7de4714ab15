import {
  startScriptedHttpsServer,
  type ScriptedAnswer,
  type ScriptedHttpsServer,
} from '../support/scripted-https-server';
import type { ServerIdentity } from '../support/certificates';

export const TENANT = '99999999-8888-4777-8666-555555555555';
export const BEARER = 'eyJ-the-token-of-the-monitor';

interface StoredVersion {
  readonly value: string;
  readonly contentType?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Times are seconds since 1970. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

type Request = ScriptedHttpsServer['requests'][number];

/** A key vault on loopback that speaks the REST dialect of Azure. */
export interface ScriptedVault extends ScriptedHttpsServer {
  /** Newest last, by the secret's name. */
  readonly versions: Map<string, StoredVersion[]>;
  /** Adds a version, written at this time (milliseconds since 1970). */
  write(name: string, value: string, writtenAt: number): void;
  /** What a vault that works answers. */
  readonly works: (request: Request) => ScriptedAnswer;
}

/** `now`: milliseconds since 1970. */
export async function startScriptedVault(identity: ServerIdentity, now: () => number): Promise<ScriptedVault> {
  const versions: ScriptedVault['versions'] = new Map();

  const add = (name: string, version: Omit<StoredVersion, 'attributes'>, attributes: object, writtenAt: number) => {
    const created = Math.floor(writtenAt / 1000);
    const stored = { ...version, attributes: { enabled: true, ...attributes, created, updated: created + 86_400 } };
    versions.set(name, [...(versions.get(name) ?? []), stored]);
  };

  const works = ({ method, path, headers, body }: Request): ScriptedAnswer => {
    if (headers.authorization !== `Bearer ${BEARER}`) return challenge();
    const name = /^\/secrets\/([\dA-Za-z-]+)\/?\?api(?:-|%2D)version=/.exec(path)?.[1] ?? '';
    if (method === 'PUT') {
      const { attributes, ...version } = JSON.parse(body) as StoredVersion;
      add(name, version, attributes, now());
    }
    const stored = versions.get(name) ?? [];
    const newest = stored.at(-1);
    const id = `https://helpdesk.vault.azure.net/secrets/${name}/${stored.length}`;
    return newest === undefined ? refusal(404, 'SecretNotFound') : { body: { id, ...newest } };
  };

  const server = await startScriptedHttpsServer(identity, works);
  return Object.assign(server, {
    versions,
    works,
    write: (name: string, value: string, writtenAt: number) => {
      add(name, { value }, {}, writtenAt);
    },
  });
}

/** How a vault asks for a token. */
export function challenge(resource = 'https://vault.azure.net'): ScriptedAnswer {
  const header = `Bearer authorization="https://login.microsoftonline.com/${TENANT}", resource="${resource}"`;
  return {
    status: 401,
    headers: { 'WWW-Authenticate': header },
    body: { error: { code: 'Unauthorized', message: 'AKV10000: Request is missing a Bearer or PoP token.' } },
  };
}

/** How a vault refuses; its messages tell more than should be shown. */
export function refusal(status: number, code: string, innerCode?: string) {
  const innererror = innerCode === undefined ? undefined : { code: innerCode };
  return { status, body: { error: { code, message: 'never-shown', innererror } } };
}

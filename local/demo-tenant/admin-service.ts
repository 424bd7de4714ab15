import type { DemoCounters } from './counters';
import type { Fault } from './faults/fault';
import type { Answer, HttpAnswer } from './loopback-http';

export interface AdminServiceOptions {
  readonly faults: readonly Fault[];
  readonly counters: () => DemoCounters;
  readonly repair: (id: string) => Promise<void>;
  readonly breakAgain: (id: string) => Promise<void>;
}

/** What a person turns the demo's faults with, mostly by curl. */
export function createAdminService(options: AdminServiceOptions): Answer {
  const { faults, counters } = options;
  return async ({ method, url }) => {
    switch (`${method} ${url.pathname}`) {
      case 'GET /':
        return { status: 200, body: page(faults, url.origin) };
      case 'GET /faults':
        return { status: 200, body: faults.map((fault) => toJson(fault, url.origin)) };
      case 'GET /counters':
        return { status: 200, body: counters() };
    }
    const [, encoded = '', action = ''] = /^\/faults\/([^/]+)\/(repair|break)$/.exec(url.pathname) ?? [];
    if (method !== 'POST' || action === '') return notFound(url.origin);
    const fault = faults.find(({ id }) => id === decodeURIComponent(encoded));
    if (fault === undefined) return notFound(url.origin);
    await (action === 'repair' ? options.repair : options.breakAgain)(fault.id);
    return { status: 200, body: toJson(fault, url.origin) };
  };
}

function toJson(fault: Fault, origin: string) {
  const { id, says, remedy } = fault;
  return { id, says, remedy, state: stateOf(fault), change: changeOf(fault, origin) };
}

function page(faults: readonly Fault[], origin: string): string {
  const broken = faults.filter((fault) => fault.isBroken()).length;
  return [
    `Contoso, a small Microsoft 365 on this machine: ${faults.length} faults, ${broken} of them broken now.`,
    '',
    ...faults.flatMap((fault) => [
      `${stateOf(fault).toUpperCase()}  ${fault.id}`,
      `  ${fault.says}`,
      `  To repair it, an administrator would: ${fault.remedy}`,
      `  Here: ${changeOf(fault, origin)}`,
      '',
    ]),
    `The same as JSON: ${origin}/faults   How often was asked for what: ${origin}/counters`,
    '',
  ].join('\n');
}

function stateOf(fault: Fault): 'broken' | 'repaired' {
  return fault.isBroken() ? 'broken' : 'repaired';
}

/** The command line that changes the fault's state. */
function changeOf(fault: Fault, origin: string): string {
  return `curl -X POST '${origin}/faults/${fault.id}/${fault.isBroken() ? 'repair' : 'break'}'`;
}

function notFound(origin: string): HttpAnswer {
  return { status: 404, body: `There is nothing here. ${origin}/ lists the faults and how to change them.\n` };
}
